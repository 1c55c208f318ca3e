//! Grants: what a function may do with a resource, as the synth phase's ports.
//!
//! Each grant knows the environment variable that leads the function to the resource and the IAM statements it needs. The
//! actions are those of [`shared::capability`] and no others; only a bucket with a key of its own adds the key's.

use cfn::intrinsics::sub;
use cfn::{Statement, Value};
use shared::capability::{self, Capability};

use crate::Name;

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

    fn bucket_arn(&self) -> Value<String> {
        sub(format!("arn:${{AWS::Partition}}:s3:::{}", self.bucket))
    }

    fn object_arns(&self) -> Value<String> {
        let (bucket, prefix) = (&self.bucket, &self.prefix);
        sub(format!("arn:${{AWS::Partition}}:s3:::{bucket}/{prefix}*"))
    }

    /// The statement on the bucket's key, through S3 only.
    fn key_statement(&self, action: &str) -> Option<Statement> {
        let key = self.key.clone()?;
        let through_s3 = sub("s3.${AWS::Region}.${AWS::URLSuffix}");
        let statement = Statement::allow().action(action).resource(key);
        Some(statement.condition("StringEquals", "kms:ViaService", through_s3))
    }

    /// What is wrong with the prefix, if anything.
    fn problem(&self) -> Option<String> {
        let prefix = &self.prefix;
        let wrong = prefix.starts_with('/')
            || prefix.contains(['*', '?', '$', '{', '}'])
            || !(prefix.is_empty() || prefix.ends_with('/'));
        wrong.then(|| {
            format!("`{prefix}` is no prefix for a grant: it ends with `/`, does not begin with it and has no wildcards, for example `processed/`")
        })
    }
}

/// What the wiring of a function asks of a grant.
pub(crate) trait Grant {
    /// The value of the port's environment variable.
    fn environment(&self) -> Value<String>;

    /// The IAM statements, each with what its name adds to that of the port.
    fn statements(&self) -> Vec<(&'static str, Statement)>;

    /// What is wrong with the grant, if anything.
    fn problem(&self) -> Option<String>;

    /// The IAM statements, named after the port.
    fn statements_of(&self, port: &Name) -> Vec<Statement> {
        let named = |(suffix, statement): (&str, Statement)| statement.sid(port.logical_id(suffix));
        self.statements().into_iter().map(named).collect()
    }
}

fn of(capability: Capability) -> Statement {
    Statement::allow().actions(capability.actions.iter().copied())
}

macro_rules! object_grants {
    ($($(#[$doc:meta])* $grant:ident: $statement:expr, $key_action:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $grant(pub(crate) Objects);

        impl Grant for $grant {
            fn environment(&self) -> Value<String> {
                self.0.location()
            }

            fn statements(&self) -> Vec<(&'static str, Statement)> {
                let statement: fn(&Objects) -> Statement = $statement;
                let key_action: Option<&str> = $key_action;
                let key = key_action.and_then(|action| self.0.key_statement(action));
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
    ReadGrant: |objects| of(capability::READ_OBJECTS).resource(objects.object_arns()), Some("kms:Decrypt");
    /// Keys of a bucket may be listed.
    ListGrant: list_statement, None;
    /// Objects of a bucket may be written.
    WriteGrant: |objects| of(capability::WRITE_OBJECTS).resource(objects.object_arns()), Some("kms:GenerateDataKey");
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

/// One model may be invoked.
#[derive(Clone, Debug)]
pub struct ModelGrant {
    pub(crate) id: Value<String>,
    pub(crate) resources: Vec<ModelResource>,
}

/// A resource of a [`ModelGrant`].
#[derive(Clone, Debug)]
pub(crate) struct ModelResource {
    pub(crate) arn: Value<String>,
    pub(crate) only_through: Option<Value<String>>,
}

impl Grant for ModelGrant {
    fn environment(&self) -> Value<String> {
        self.id.clone()
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        self.resources
            .iter()
            .map(ModelResource::statement)
            .collect()
    }

    fn problem(&self) -> Option<String> {
        None
    }
}

impl ModelResource {
    fn statement(&self) -> (&'static str, Statement) {
        let statement = of(capability::INVOKE_MODEL).resource(self.arn.clone());
        match &self.only_through {
            Some(profile) => {
                let key = "bedrock:InferenceProfileArn";
                ("Behind", statement.condition("StringEquals", key, profile))
            }
            None => ("", statement),
        }
    }
}

/// Messages may be sent to a queue.
#[derive(Clone, Debug)]
pub struct SendGrant {
    pub(crate) url: Value<String>,
    pub(crate) arn: Value<String>,
}

impl Grant for SendGrant {
    fn environment(&self) -> Value<String> {
        self.url.clone()
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        vec![("", of(capability::SEND_MESSAGES).resource(self.arn.clone()))]
    }

    fn problem(&self) -> Option<String> {
        None
    }
}
