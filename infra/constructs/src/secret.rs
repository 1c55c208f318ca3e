//! Secrets that the operator may name.

use cfn::{Condition, Parameter, ParameterRef, Test};

use crate::grants::ReadSecretGrant;
use crate::{Name, Stack};

/// A parameter that holds the ARN of a secret of Secrets Manager, or nothing. The secret is the operator's: its value never
/// passes through a template.
///
/// ```
/// use constructs::{SecretParameter, Stack};
///
/// let mut stack = Stack::new("example", "Reads datasets that need a token, if there is one");
/// let token = SecretParameter::new("HubToken", "Token for the Hugging Face Hub", &mut stack);
/// let hub_token = token.read();
/// ```
#[derive(Clone, Debug)]
pub struct SecretParameter {
    arn: ParameterRef<String>,
    given: Condition,
}

impl SecretParameter {
    /// Declares the parameter `<name>SecretArn`; empty for no secret. A secret with a key of KMS other than `aws/secretsmanager`
    /// needs a key policy that lets the function's role decrypt.
    #[track_caller]
    pub fn new(name: impl Into<Name>, description: &str, stack: &mut Stack) -> Self {
        let name = name.into();
        stack.check_name(&name);
        let parameter = Parameter::<String>::new()
            .description(format!(
                "{description}: ARN of a secret of Secrets Manager whose text it is; empty for none"
            ))
            .default_value("")
            .allowed_pattern("^(arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+)?$");
        let id = name.logical_id("SecretArn");
        let arn = stack.template.parameter(id.clone(), parameter);
        let none = Test::equals(&arn, "");
        let given = stack.template.condition(format!("Has{id}"), none.negate());
        Self { arn, given }
    }

    /// The secret may be read, if there is one.
    pub fn read(&self) -> ReadSecretGrant {
        ReadSecretGrant {
            arn: self.arn.clone(),
            given: self.given.clone(),
        }
    }
}
