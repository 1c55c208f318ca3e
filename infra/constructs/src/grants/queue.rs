//! The grant on a queue.

use cfn::{Statement, Value};
use shared::capability;

use super::{Grant, of};

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
