//! Grants on the objects of a bucket.

use cfn::intrinsics::sub;
use cfn::{Statement, Value};
use shared::capability;

use super::{Grant, of};

/// Objects of a bucket, all of them or those below a prefix.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    /// The bucket's name as text for `Fn::Sub`.
    pub(crate) bucket: String,
    pub(crate) prefix: String,
    pub(crate) key: Option<Value<String>>,
}

impl Objects {
    fn location(&self) -> Value<String> {
        sub(format!("s3://{}/{}", self.bucket, self.prefix))
    }

    pub(crate) fn bucket_arn(&self) -> Value<String> {
        sub(format!("arn:${{AWS::Partition}}:s3:::{}", self.bucket))
    }

    pub(crate) fn object_arns(&self) -> Value<String> {
        let (bucket, prefix) = (&self.bucket, &self.prefix);
        sub(format!("arn:${{AWS::Partition}}:s3:::{bucket}/{prefix}*"))
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

    /// What is wrong with the prefix, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let prefix = &self.prefix;
        let wrong = prefix.starts_with('/')
            || prefix.contains(['*', '?', '$', '{', '}'])
            || !(prefix.is_empty() || prefix.ends_with('/'));
        wrong.then(|| {
            format!("`{prefix}` is no prefix for a grant: it ends with `/`, does not begin with it and has no wildcards, for example `processed/`")
        })
    }
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
    ReadGrant: |objects| of(capability::READ_OBJECTS).resource(objects.object_arns()), Some(&READ_WITH_KEY);
    /// Keys of a bucket may be listed.
    ListGrant: list_statement, None;
    /// Objects of a bucket may be written.
    WriteGrant: |objects| of(capability::WRITE_OBJECTS).resource(objects.object_arns()), Some(&WRITE_WITH_KEY);
    /// Objects of a bucket may be deleted.
    DeleteGrant: |objects| of(capability::DELETE_OBJECTS).resource(objects.object_arns()), None;
}

fn list_statement(objects: &Objects) -> Statement {
    let statement = of(capability::LIST_OBJECTS).resource(objects.bucket_arn());
    if objects.prefix.is_empty() {
        return statement;
    }
    statement.condition("StringLike", "s3:prefix", format!("{}*", objects.prefix))
}
