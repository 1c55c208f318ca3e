//! The grant on a secret.

use cfn::intrinsics::if_;
use cfn::{Condition, ParameterRef, Statement, Value};
use shared::capability;

use super::{Grant, of};

/// What the environment variable holds when the operator names no secret.
const NONE: &str = "none";

/// A secret may be read, if the operator names one.
#[derive(Clone, Debug)]
pub struct ReadSecretGrant {
    pub(crate) arn: ParameterRef<String>,
    /// Holds when there is one.
    pub(crate) given: Condition,
}

impl Grant for ReadSecretGrant {
    fn environment(&self) -> Value<String> {
        if_::<String>(&self.given, &self.arn, NONE)
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        let statement = of(capability::READ_SECRET).resource(&self.arn);
        vec![("", statement.only_if(&self.given))]
    }

    fn problem(&self) -> Option<String> {
        None
    }
}
