//! Grants on the objects of a bucket.

use cfn::intrinsics::sub;
use cfn::{Statement, Value};
use shared::capability;

use super::{Grant, of};

/// Objects of a bucket, all of them or those below some prefixes.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    /// The bucket's name as text for `Fn::Sub`.
    pub(crate) bucket: String,
    /// The empty one stands for all objects.
    pub(crate) prefixes: Vec<String>,
    pub(crate) key: Option<Value<String>>,
}

impl Objects {
    fn location(&self) -> Value<String> {
        sub(format!("s3://{}/{}", self.bucket, self.prefixes.join(",")))
    }

    pub(crate) fn bucket_arn(&self) -> Value<String> {
        sub(format!("arn:${{AWS::Partition}}:s3:::{}", self.bucket))
    }

    pub(crate) fn object_arns(&self) -> impl Iterator<Item = Value<String>> {
        self.prefixes.iter().map(|prefix| {
            let bucket = &self.bucket;
            sub(format!("arn:${{AWS::Partition}}:s3:::{bucket}/{prefix}*"))
        })
    }

    /// Narrows a statement to the bucket, and to listings below the prefixes.
    pub(crate) fn listed(&self, statement: Statement) -> Statement {
        const KEY: &str = "s3:prefix";
        let statement = statement.resource(self.bucket_arn());
        let patterns = self.prefixes.iter().map(|prefix| format!("{prefix}*"));
        let patterns: Vec<_> = patterns.collect();
        match patterns.as_slice() {
            [all] if all == "*" => statement,
            [one] => statement.condition("StringLike", KEY, one),
            _ => statement.condition_any("StringLike", KEY, patterns),
        }
    }

    /// The statement on the bucket's key, through S3 only.
    pub(crate) fn key_statement(&self, actions: &[&str]) -> Option<Statement> {
        let key = self.key.clone()?;
        let through_s3 = sub("s3.${AWS::Region}.${AWS::URLSuffix}");
        let statement = Statement::allow()
            .actions(actions.iter().copied())
            .resource(key);
        Some(statement.condition("StringEquals", "kms:ViaService", through_s3))
    }

    /// What is wrong with the prefixes, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.prefixes.is_empty() {
            let problem =
                "no prefix of the bucket is named: name at least one, for example `inputs/`";
            return Some(problem.to_owned());
        }
        let mut prefixes = self.prefixes.iter();
        let malformed = prefixes.find(|prefix| is_malformed(prefix)).map(|prefix| {
            format!("`{prefix}` is no prefix for a grant: it ends with `/`, does not begin with it and has neither wildcards nor commas, for example `processed/`")
        });
        malformed.or_else(|| self.needless())
    }

    /// A prefix that another one grants already.
    fn needless(&self) -> Option<String> {
        let prefixes = &self.prefixes;
        let wider = |place: usize| {
            let others = prefixes.iter().enumerate();
            let mut others = others.filter(|(other, _)| *other != place);
            let found = others.find(|(_, other)| prefixes[place].starts_with(other.as_str()));
            found.map(|(_, other)| other)
        };
        (0..prefixes.len()).find_map(|place| {
            let (prefix, wider) = (&prefixes[place], wider(place)?);
            Some(format!(
                "`{prefix}` is below `{wider}`, which is granted: leave it out"
            ))
        })
    }
}

/// Commas stand between prefixes in the variable of a port.
fn is_malformed(prefix: &str) -> bool {
    prefix.starts_with('/')
        || prefix.contains(['*', '?', '$', '{', '}', ','])
        || !(prefix.is_empty() || prefix.ends_with('/'))
}

/// What reading an encrypted object takes of the key.
pub(super) const READ_WITH_KEY: [&str; 1] = ["kms:Decrypt"];
/// What writing an encrypted object takes of the key. An upload in parts reads its parts again. Source: Amazon S3 User Guide,
/// "Protecting data using server-side encryption with AWS KMS keys", multipart uploads.
const WRITE_WITH_KEY: [&str; 2] = ["kms:GenerateDataKey", "kms:Decrypt"];

macro_rules! object_grants {
    ($($(#[$doc:meta])* $grant:ident: $statement:expr, $key_actions:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $grant(pub(crate) Objects);

        impl Grant for $grant {
            fn environment(&self) -> Value<String> {
                self.0.location()
            }

            fn statements(&self) -> Vec<(&'static str, Statement)> {
                let statement: fn(&Objects) -> Statement = $statement;
                let key_actions: Option<&[&str]> = $key_actions;
                let key = key_actions.and_then(|actions| self.0.key_statement(actions));
                let key = key.map(|statement| ("Key", statement));
                std::iter::once(("", statement(&self.0))).chain(key).collect()
            }

            fn problem(&self) -> Option<String> {
                self.0.problem()
            }
        }
    )*};
}

object_grants! {
    /// Objects of a bucket may be read.
    ReadGrant: |objects| of(capability::READ_OBJECTS).resources(objects.object_arns()), Some(&READ_WITH_KEY);
    /// Keys of a bucket may be listed.
    ListGrant: |objects| objects.listed(of(capability::LIST_OBJECTS)), None;
    /// Objects of a bucket may be written.
    WriteGrant: |objects| of(capability::WRITE_OBJECTS).resources(objects.object_arns()), Some(&WRITE_WITH_KEY);
    /// Objects of a bucket may be deleted.
    DeleteGrant: |objects| of(capability::DELETE_OBJECTS).resources(objects.object_arns()), None;
}
