//! ARNs that follow a fixed form, in whatever partition the stack is deployed.

use crate::iam::ManagedPolicy;
use crate::identity::Arn;
use crate::intrinsics::sub;
use crate::value::Value;

/// A policy that AWS manages, such as `service-role/AWSLambdaBasicExecutionRole`.
pub fn aws_managed_policy(path: &str) -> Value<Arn<ManagedPolicy>> {
    sub(format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}"))
        .assume_arn()
        .of()
}
