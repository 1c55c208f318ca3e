//! Any action of a service, through its SDK.

use cfn::IntoValue;
use serde_json::Value as Json;

use crate::permission::Permission;
use crate::{Expr, Task};

/// Calls any action of a service through its SDK: `aws_sdk("rekognition:startLabelDetection", "*", arguments)`. The answer is
/// declared to be an `R`.
///
/// The role is allowed the action of the same name on the resource; the few actions that are called otherwise in IAM are known.
#[track_caller]
pub fn aws_sdk<'s, R>(
    action: &str,
    resource: impl IntoValue<String>,
    arguments: Expr<'s, Json>,
) -> Task<'s, R> {
    let mut task = Task::new(arguments.scope(), &format!("aws-sdk:{action}"), arguments);
    if let Some(allowed) = iam_action(action) {
        task.permissions = vec![Permission::on(&allowed, resource.into_value())];
    } else {
        let message = format!(
            "`{action}` is no action of an SDK: write service and action, for example `rekognition:startLabelDetection`"
        );
        task.problem(message);
    }
    task
}

/// SDK services that IAM knows under another prefix.
const PREFIXES: [(&str, &str); 10] = [
    ("bedrockruntime", "bedrock"),
    ("bedrockagent", "bedrock"),
    ("bedrockagentruntime", "bedrock"),
    ("cloudwatchlogs", "logs"),
    ("eventbridge", "events"),
    ("opensearchserverless", "aoss"),
    ("sagemakerfeaturestoreruntime", "sagemaker"),
    ("sagemakerruntime", "sagemaker"),
    ("sesv2", "ses"),
    ("sfn", "states"),
];

/// SDK actions that IAM knows under another name.
const ACTIONS: [(&str, &str); 9] = [
    ("bedrockruntime:converse", "bedrock:InvokeModel"),
    ("lambda:invoke", "lambda:InvokeFunction"),
    ("s3:copyObject", "s3:PutObject"),
    ("s3:createMultipartUpload", "s3:PutObject"),
    ("s3:deleteObjects", "s3:DeleteObject"),
    ("s3:headBucket", "s3:ListBucket"),
    ("s3:headObject", "s3:GetObject"),
    ("s3:listObjects", "s3:ListBucket"),
    ("s3:listObjectsV2", "s3:ListBucket"),
];

fn iam_action(action: &str) -> Option<String> {
    if let Some((_, known)) = ACTIONS.iter().find(|(sdk, _)| *sdk == action) {
        return Some((*known).to_owned());
    }
    let (service, name) = action.split_once(':')?;
    let prefix = PREFIXES.iter().find(|(sdk, _)| *sdk == service);
    let prefix = prefix.map_or(service, |(_, iam)| *iam);
    let first = name.chars().next().filter(char::is_ascii_lowercase)?;
    let rest = &name[first.len_utf8()..];
    Some(format!("{prefix}:{}{rest}", first.to_ascii_uppercase()))
}
