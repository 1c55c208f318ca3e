//! The integrations of Step Functions, one row each: what a state calls, and what its role must allow for that.
//!
//! Actions and managed rules are those of the AWS Step Functions Developer Guide, "IAM policies for integrated services".

mod http;
mod machine;
mod sdk;

use std::marker::PhantomData;
use std::time::Duration;

use cfn::IntoValue;
use cfn::intrinsics::sub;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shared::Fields;

pub use http::{Connection, HttpRequest, Method, http};
pub use machine::{Runnable, Started, run_machine, start_machine, start_machine_and_wait};
pub use sdk::aws_sdk;

use crate::permission::{Permission, Target};
use crate::{Expr, Scope, Task, TaskToken};

/// An optimised integration. `P` is [`WithToken`] where it can be waited for by a task token, beside what its row says.
#[derive(Clone, Copy, Debug)]
pub struct Integration<P = WithoutToken> {
    /// What comes behind `arn:<partition>:states:::`.
    resource: &'static str,
    /// What is done to the resource that the call is about.
    actions: &'static [&'static str],
    /// What is done to resources that nobody can name beforehand.
    unscoped: &'static [&'static str],
    /// The rule by which EventBridge tells Step Functions that a job is done.
    rule: Option<&'static str>,
    patterns: PhantomData<P>,
}

/// Knows nothing of task tokens.
#[derive(Clone, Copy, Debug)]
pub struct WithoutToken;

/// Supports `.waitForTaskToken`, too.
#[derive(Clone, Copy, Debug)]
pub struct WithToken;

/// That an integration supports `.waitForTaskToken`.
#[diagnostic::on_unimplemented(
    message = "this integration cannot be waited for by a task token",
    label = "Step Functions has no `.waitForTaskToken` for it",
    note = "hand the token on by a function, a queue, a topic or an event, or `perform` this without one"
)]
pub trait HandsTokenOn {}

impl HandsTokenOn for WithToken {}

const fn integration<P>(
    resource: &'static str,
    actions: &'static [&'static str],
) -> Integration<P> {
    Integration {
        resource,
        actions,
        unscoped: &[],
        rule: None,
        patterns: PhantomData,
    }
}

macro_rules! integrations {
    ($($(#[$doc:meta])* $name:ident: $patterns:ident = $row:expr;)*) => {$(
        $(#[$doc])*
        pub const $name: Integration<$patterns> = $row;
    )*};
}
integrations! {
    /// Publishes to a topic; arguments `TopicArn`, `Message` ...
    SNS_PUBLISH: WithToken = integration("sns:publish", &["sns:Publish"]);
    /// Sends to a queue; arguments `QueueUrl`, `MessageBody` ...
    SQS_SEND_MESSAGE: WithToken = integration("sqs:sendMessage", &["sqs:SendMessage"]);
    /// Reads an item of a table.
    DYNAMODB_GET_ITEM: WithoutToken = integration("dynamodb:getItem", &["dynamodb:GetItem"]);
    /// Writes an item of a table.
    DYNAMODB_PUT_ITEM: WithoutToken = integration("dynamodb:putItem", &["dynamodb:PutItem"]);
    /// Changes an item of a table.
    DYNAMODB_UPDATE_ITEM: WithoutToken = integration("dynamodb:updateItem", &["dynamodb:UpdateItem"]);
    /// Deletes an item of a table.
    DYNAMODB_DELETE_ITEM: WithoutToken = integration("dynamodb:deleteItem", &["dynamodb:DeleteItem"]);
    /// Puts events on a bus; the step fails when one of them is refused.
    EVENTS_PUT_EVENTS: WithToken = integration("events:putEvents", &["events:PutEvents"]);
    /// Invokes a foundation model; the resource is the model's or profile's ARN.
    BEDROCK_INVOKE_MODEL: WithToken = integration("bedrock:invokeModel", &["bedrock:InvokeModel"]);
    /// Starts a task on ECS; the resource is the task definition's ARN. The roles that the task runs with are allowed beside, by
    /// [`Task::pass_role`].
    ECS_START_TASK: WithToken = integration("ecs:runTask", &["ecs:RunTask"]);
    /// Runs a task on ECS to its end; otherwise as [`ECS_START_TASK`].
    ECS_RUN_TASK: WithoutToken = Integration {
        unscoped: &["ecs:StopTask", "ecs:DescribeTasks"],
        rule: Some("StepFunctionsGetEventsForECSTaskRule"),
        ..integration("ecs:runTask.sync", &["ecs:RunTask"])
    };
    /// Runs a Glue job to its end; the resource is the job's ARN.
    GLUE_RUN_JOB: WithoutToken = integration(
        "glue:startJobRun.sync",
        &["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"],
    );
    /// Runs a query to its end; the resource is the workgroup's ARN. What the query reads and writes is allowed beside, by
    /// [`Task::allow`].
    ATHENA_RUN_QUERY: WithoutToken = integration(
        "athena:startQueryExecution.sync",
        &[
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            "athena:GetQueryExecution",
        ],
    );
    /// Reads what a query found; the resource is the workgroup's ARN.
    ATHENA_GET_RESULTS: WithoutToken = integration("athena:getQueryResults", &["athena:GetQueryResults"]);
    /// Runs a transform job to its end; the resource is the ARN of the jobs that may be made.
    SAGEMAKER_TRANSFORM: WithoutToken = Integration {
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
    SAGEMAKER_TRAIN: WithoutToken = Integration {
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
    RUN_MACHINE: WithoutToken = Integration {
        rule: Some("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
        ..integration("states:startExecution.sync:2", &["states:StartExecution"])
    };
    /// Starts another state machine and does not wait for it.
    START_MACHINE: WithToken = integration("states:startExecution", &["states:StartExecution"]);
}

/// What SNS and SQS answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct Sent {
    /// The message's id.
    pub message_id: String,
}

/// Calls an integration about one resource, named by its ARN. The answer is declared to be an `R`.
#[track_caller]
pub fn perform<R>(
    integration: Integration<impl Sized>,
    resource: impl IntoValue<String>,
    arguments: Expr<'_, Json>,
) -> Task<'_, R> {
    let mut task = Task::new(arguments.scope(), integration.resource, arguments);
    task.permissions = integration.permissions(resource);
    task
}

/// Calls an integration that hands a task token on, and waits until someone answers an `R` under that token.
///
/// What the service itself answers is not looked at. A token that nobody answers would hold the execution for a year, so there
/// is a timeout; [`Task::heartbeat`] notices earlier that nobody works on it.
#[track_caller]
pub fn perform_and_wait<'s, R>(
    integration: Integration<impl HandsTokenOn>,
    resource: impl IntoValue<String>,
    timeout: Duration,
    arguments: impl FnOnce(Scope<'s>, Expr<'s, TaskToken>) -> Expr<'s, Json>,
    scope: Scope<'s>,
) -> Task<'s, R> {
    let arguments = arguments(scope, scope.context("Task.Token"));
    let pattern = format!("{}.waitForTaskToken", integration.resource);
    let mut task = Task::new(scope, &pattern, arguments).timeout(timeout);
    task.permissions = integration.permissions(resource);
    task
}

impl<P> Integration<P> {
    fn permissions(self, resource: impl IntoValue<String>) -> Vec<Permission> {
        let on = Target::Arn(resource.into_value());
        let own = Permission::new(self.actions.iter().copied(), [on]);
        let all = Target::Arn("*".into_value());
        let unscoped = Permission::new(self.unscoped.iter().copied(), [all]);
        let unscoped = Some(unscoped).filter(|unscoped| !unscoped.actions.is_empty());
        let rule = self.rule.map(|rule| {
            let rule = format!(
                "arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{rule}"
            );
            let actions = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];
            Permission::new(actions, [Target::Arn(sub(rule))])
        });
        std::iter::once(own).chain(unscoped).chain(rule).collect()
    }
}
