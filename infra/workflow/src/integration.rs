//! The integrations of Step Functions, one row each: what a state calls, and what its role must allow for that.
//!
//! Actions and managed rules are those of the AWS Step Functions Developer Guide, "IAM policies for integrated services".

use cfn::intrinsics::sub;
use cfn::{IntoValue, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shared::Fields;

use crate::permission::{Permission, Target};
use crate::{Expr, Task};

/// An optimised integration.
#[derive(Clone, Copy, Debug)]
pub struct Integration {
    /// What comes behind `arn:<partition>:states:::`.
    resource: &'static str,
    /// What is done to the resource that the call is about.
    actions: &'static [&'static str],
    /// What is done to resources that nobody can name beforehand.
    unscoped: &'static [&'static str],
    /// The rule by which EventBridge tells Step Functions that a job is done.
    rule: Option<&'static str>,
}

const fn integration(resource: &'static str, actions: &'static [&'static str]) -> Integration {
    Integration {
        resource,
        actions,
        unscoped: &[],
        rule: None,
    }
}

macro_rules! integrations {
    ($($(#[$doc:meta])* $name:ident = $row:expr;)*) => {$(
        $(#[$doc])*
        pub const $name: Integration = $row;
    )*};
}
integrations! {
    /// Publishes to a topic; arguments `TopicArn`, `Message` ...
    SNS_PUBLISH = integration("sns:publish", &["sns:Publish"]);
    /// Sends to a queue; arguments `QueueUrl`, `MessageBody` ...
    SQS_SEND_MESSAGE = integration("sqs:sendMessage", &["sqs:SendMessage"]);
    /// Reads an item of a table.
    DYNAMODB_GET_ITEM = integration("dynamodb:getItem", &["dynamodb:GetItem"]);
    /// Writes an item of a table.
    DYNAMODB_PUT_ITEM = integration("dynamodb:putItem", &["dynamodb:PutItem"]);
    /// Changes an item of a table.
    DYNAMODB_UPDATE_ITEM = integration("dynamodb:updateItem", &["dynamodb:UpdateItem"]);
    /// Deletes an item of a table.
    DYNAMODB_DELETE_ITEM = integration("dynamodb:deleteItem", &["dynamodb:DeleteItem"]);
    /// Puts events on a bus; the step fails when one of them is refused.
    EVENTS_PUT_EVENTS = integration("events:putEvents", &["events:PutEvents"]);
    /// Invokes a foundation model; the resource is the model's or profile's ARN.
    BEDROCK_INVOKE_MODEL = integration("bedrock:invokeModel", &["bedrock:InvokeModel"]);
    /// Runs a Glue job to its end; the resource is the job's ARN.
    GLUE_RUN_JOB = integration(
        "glue:startJobRun.sync",
        &["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"],
    );
    /// Runs a query to its end; the resource is the workgroup's ARN. What the query reads and writes is allowed beside, by
    /// [`Task::allow`].
    ATHENA_RUN_QUERY = integration(
        "athena:startQueryExecution.sync",
        &[
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            "athena:GetQueryExecution",
        ],
    );
    /// Reads what a query found; the resource is the workgroup's ARN.
    ATHENA_GET_RESULTS = integration("athena:getQueryResults", &["athena:GetQueryResults"]);
    /// Runs a transform job to its end; the resource is the ARN of the jobs that may be made.
    SAGEMAKER_TRANSFORM = Integration {
        unscoped: &["sagemaker:ListTags"],
        rule: Some("StepFunctionsGetEventsForSageMakerTransformJobsRule"),
        ..integration(
            "sagemaker:createTransformJob.sync",
            &[
                "sagemaker:CreateTransformJob",
                "sagemaker:DescribeTransformJob",
                "sagemaker:StopTransformJob",
            ],
        )
    };
    /// Runs a training job to its end; the resource is the ARN of the jobs that may be made. The role that the job runs with is
    /// allowed beside, by [`Task::pass_role`].
    SAGEMAKER_TRAIN = Integration {
        unscoped: &["sagemaker:ListTags"],
        rule: Some("StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
        ..integration(
            "sagemaker:createTrainingJob.sync",
            &[
                "sagemaker:CreateTrainingJob",
                "sagemaker:DescribeTrainingJob",
                "sagemaker:StopTrainingJob",
            ],
        )
    };
    /// Runs another state machine to its end.
    RUN_MACHINE = Integration {
        rule: Some("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
        ..integration("states:startExecution.sync:2", &["states:StartExecution"])
    };
    /// Starts another state machine and does not wait for it.
    START_MACHINE = integration("states:startExecution", &["states:StartExecution"]);
}

/// What SNS and SQS answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct Sent {
    /// The message's id.
    pub message_id: String,
}

/// What `states:startExecution` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct Started {
    /// The execution's ARN.
    pub execution_arn: String,
}

/// A state machine that another one can run.
pub trait Runnable {
    /// What it takes.
    type Input;
    /// What it answers.
    type Output;

    /// What definitions call it: its logical id.
    fn placeholder(&self) -> String;

    /// Its ARN.
    fn arn(&self) -> Value<String>;

    /// The ARN of its executions: `...:execution:name:*`.
    fn executions(&self) -> Value<String>;
}

/// Calls an integration about one resource, named by its ARN. The answer is declared to be an `R`.
#[track_caller]
pub fn perform<R>(
    integration: Integration,
    resource: impl IntoValue<String>,
    arguments: Expr<'_, Json>,
) -> Task<'_, R> {
    let mut task = Task::new(arguments.scope(), integration.resource, arguments);
    let on = Target::Arn(resource.into_value());
    task.permissions
        .push(Permission::new(integration.actions.iter().copied(), [on]));
    if !integration.unscoped.is_empty() {
        let all = Target::Arn("*".into_value());
        task.permissions
            .push(Permission::new(integration.unscoped.iter().copied(), [all]));
    }
    if let Some(rule) = integration.rule {
        let rule = format!(
            "arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{rule}"
        );
        let actions = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];
        task.permissions
            .push(Permission::new(actions, [Target::Arn(sub(rule))]));
    }
    task
}

/// Runs another machine to its end and takes what it answers.
#[track_caller]
pub fn run_machine<'s, M: Runnable>(machine: &M, input: Expr<'s, M::Input>) -> Task<'s, M::Output> {
    let arguments = machine_arguments(machine, input);
    let mut task = perform(RUN_MACHINE, machine.arn(), arguments);
    task.call.result = ".Output";
    let actions = ["states:DescribeExecution", "states:StopExecution"];
    let executions = Target::Arn(machine.executions());
    task.permissions
        .push(Permission::new(actions, [executions]));
    task
}

/// Starts another machine and goes on.
#[track_caller]
pub fn start_machine<'s, M: Runnable>(machine: &M, input: Expr<'s, M::Input>) -> Task<'s, Started> {
    let arguments = machine_arguments(machine, input);
    perform(START_MACHINE, machine.arn(), arguments)
}

fn machine_arguments<'s, M: Runnable>(machine: &M, input: Expr<'s, M::Input>) -> Expr<'s, Json> {
    let scope = input.scope();
    let arn = scope.deployed(&machine.placeholder(), machine.arn());
    scope.members([
        ("StateMachineArn", arn.untyped()),
        ("Input", input.untyped()),
    ])
}

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
