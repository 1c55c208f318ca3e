//! What a `Task` calls.

use asl::definition::Integration;

use super::fields::Fields;
use super::{Flow, Template};

/// A task.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) resource: String,
    pub(crate) target: Target,
    /// It goes on when somebody hands its token back.
    pub(crate) waits_for_token: bool,
    /// A job whose end the service waits for.
    pub(crate) is_job: bool,
    pub(crate) timeout: Option<Template>,
    pub(crate) heartbeat: Option<Template>,
}

/// Who answers.
#[derive(Debug)]
pub(crate) enum Target {
    /// A Lambda function by `lambda:invoke`; its name, unless it is computed.
    Invoke(Option<String>),
    /// A Lambda function by its own ARN.
    Function(String),
    /// Another machine whose end is waited for; its name, unless it is computed.
    Execution {
        machine: Option<String>,
        /// `.sync:2`: the output comes as JSON; with `.sync`, as text.
        parsed: bool,
    },
    /// Any other service: a mock answers for it.
    Service,
}

impl Task {
    pub(super) fn compile(integration: Integration<'_>, fields: &Fields<'_>, flow: &Flow) -> Self {
        let service = integration.service();
        let pattern = service.and_then(|(_, pattern)| pattern);
        let literal = |field| {
            let arguments = flow.arguments_template()?;
            arguments.literal_field(field).map(str::to_owned)
        };
        let target = match service {
            Some(("lambda:invoke", _)) => Target::Invoke(literal("FunctionName")),
            Some(("states:startExecution", Some("sync" | "sync:2"))) => Target::Execution {
                machine: literal("StateMachineArn"),
                parsed: pattern == Some("sync:2"),
            },
            Some(_) => Target::Service,
            None if integration.resource.contains(":activity:") => Target::Service,
            None => Target::Function(integration.resource.to_owned()),
        };
        if let Some(kind) = flow
            .arguments_template()
            .and_then(|a| a.literal_field("InvocationType"))
            && matches!(target, Target::Invoke(_))
            && kind != "RequestResponse"
        {
            fields.refuse(
                "Arguments",
                format!("the invocation type `{kind}` is not rehearsed; give the task a mock and leave the type out"),
            );
        }
        Self {
            resource: integration.resource.to_owned(),
            target,
            waits_for_token: pattern == Some("waitForTaskToken"),
            is_job: pattern.is_some_and(|pattern| pattern.starts_with("sync")),
            timeout: fields.scalar("TimeoutSeconds"),
            heartbeat: fields.scalar("HeartbeatSeconds"),
        }
    }
}
