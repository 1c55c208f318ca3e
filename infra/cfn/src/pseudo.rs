//! Pseudo parameters: what CloudFormation knows about the stack.

use crate::intrinsics::reference;
use crate::value::{Expression, IntoValue, List, Value};

/// The partition, such as `aws` or `aws-cn`.
pub fn partition() -> Value<String> {
    reference("AWS::Partition").into_value()
}

/// The region.
pub fn region() -> Value<String> {
    reference("AWS::Region").into_value()
}

/// The account's twelve digits.
pub fn account_id() -> Value<String> {
    reference("AWS::AccountId").into_value()
}

/// The stack's name.
pub fn stack_name() -> Value<String> {
    reference("AWS::StackName").into_value()
}

/// The stack's ARN.
pub fn stack_id() -> Value<String> {
    reference("AWS::StackId").into_value()
}

/// The domain of the partition's services, such as `amazonaws.com`.
pub fn url_suffix() -> Value<String> {
    reference("AWS::URLSuffix").into_value()
}

/// The topics that are told about the stack's events.
pub fn notification_arns() -> Value<List<String>> {
    reference("AWS::NotificationARNs").into_value()
}

/// In a branch of `Fn::If`: as if the property were not set.
pub fn no_value() -> Expression {
    reference("AWS::NoValue")
}
