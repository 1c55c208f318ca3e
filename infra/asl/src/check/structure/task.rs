//! What a `Task` calls, and how it waits for it.

use jsonata::suggestion;
use serde_json::Value;

use super::integrations::{self, Patterns};
use super::text::{has_placeholder, is_placeholder, looks_like_expression};
use crate::Pointer;
use crate::check::MachineType;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Integration, Kind, State};

pub(super) fn check(state: &State<'_>, machine_type: MachineType, findings: &mut Findings) {
    let Kind::Task(integration) = state.kind else {
        return;
    };
    let resource = integration.resource;
    if resource.is_empty() || looks_like_expression(resource) {
        return;
    }
    let here = state.pointer.member("Resource");
    match integration.service() {
        Some((action, pattern)) => {
            service(action, pattern, &here, findings);
            if pattern == Some("waitForTaskToken") {
                token(state, findings);
            }
            if let Some(pattern) = pattern.filter(|_| machine_type == MachineType::Express) {
                express(&format!("`.{pattern}`"), &here, findings);
            }
        }
        None => arn(integration, machine_type, &here, findings),
    }
    heartbeat(state, findings);
}

fn express(what: &str, here: &Pointer, findings: &mut Findings) {
    findings.error(
        here,
        code::EXPRESS,
        format!("an Express workflow does not wait: {what} needs a Standard one"),
        "make the workflow Standard, or start the job without waiting for it",
    );
}

fn service(action: &str, pattern: Option<&str>, here: &Pointer, findings: &mut Findings) {
    if has_placeholder(action) {
        return;
    }
    let sdk = action.strip_prefix("aws-sdk:");
    let patterns = match sdk {
        Some(action) => sdk_action(action, here, findings),
        None => optimised(action, here, findings),
    };
    let Some(patterns) = patterns else {
        return;
    };
    let supported = match pattern {
        None => true,
        Some("waitForTaskToken") => patterns.callback,
        Some("sync:2") => action == "states:startExecution",
        Some(_) => patterns.job,
    };
    if let Some(pattern) = pattern.filter(|_| !supported) {
        findings.error(
            here,
            code::PATTERN,
            format!("`{action}` does not support `.{pattern}`"),
            instead(patterns, sdk.is_some()),
        );
    }
}

fn instead(patterns: Patterns, sdk: bool) -> &'static str {
    match patterns {
        Patterns {
            job: true,
            callback: true,
        } => "use `.sync`, `.waitForTaskToken` or neither",
        Patterns { job: true, .. } => "use `.sync`, or no pattern to go on at once",
        _ if sdk => {
            "poll for the end with a Wait and a Choice state, use the optimised integration of the service if there is one, or `.waitForTaskToken`"
        }
        Patterns { callback: true, .. } => {
            "use `.waitForTaskToken`, or no pattern to go on at once"
        }
        _ => "remove the pattern: the service answers at once",
    }
}

fn optimised(action: &str, here: &Pointer, findings: &mut Findings) -> Option<Patterns> {
    let patterns = integrations::patterns(action);
    if patterns.is_none() {
        let help = suggestion::similar_or(action, integrations::actions(), || {
            format!("other actions are called through the SDK: `arn:aws:states:::aws-sdk:{action}`")
        });
        let message = format!("there is no optimised integration `{action}`");
        findings.error(here, code::INTEGRATION, message, help);
    }
    patterns
}

/// `aws-sdk:s3:getObject`: the service as the Java SDK calls it, and the action with a small first letter.
fn sdk_action(action: &str, here: &Pointer, findings: &mut Findings) -> Option<Patterns> {
    let Some((service, name)) = action.split_once(':') else {
        findings.error(
            here,
            code::INTEGRATION,
            format!("`aws-sdk:{action}` names no action"),
            "write `aws-sdk:service:action`, such as `aws-sdk:s3:getObject`",
        );
        return None;
    };
    let problem = sdk_service_problem(service).or_else(|| sdk_action_problem(name));
    if let Some((message, help)) = problem {
        findings.error(here, code::INTEGRATION, message, help);
        return None;
    }
    Some(integrations::SDK)
}

fn sdk_service_problem(service: &str) -> Option<(String, String)> {
    let right = match integrations::sdk_name(service) {
        Some(right) => right.to_owned(),
        None => service
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect(),
    };
    (right != service).then(|| {
        (
            format!("SDK integrations do not call a service `{service}`"),
            format!("did you mean `{right}`?"),
        )
    })
}

fn sdk_action_problem(name: &str) -> Option<(String, String)> {
    if let Some((action, pattern)) = name.split_once('.') {
        return Some((
            format!("`.{pattern}` is no integration pattern"),
            format!("write `{action}`, or `{action}.waitForTaskToken`"),
        ));
    }
    let first = name.chars().next().filter(char::is_ascii_uppercase)?;
    let right = format!("{}{}", first.to_ascii_lowercase(), &name[1..]);
    Some((
        format!("`{name}` begins with a capital letter"),
        format!("actions are in camel case: did you mean `{right}`?"),
    ))
}

/// A function or an activity by its own ARN.
fn arn(
    integration: Integration<'_>,
    machine_type: MachineType,
    here: &Pointer,
    findings: &mut Findings,
) {
    let resource = integration.resource;
    if resource.starts_with("${") {
        return;
    }
    let parts: Vec<_> = resource.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, "lambda", _, _, function] if function.starts_with("function:") => {}
        ["arn", _, "states", _, _, activity] if activity.starts_with("activity:") => {
            if machine_type == MachineType::Express {
                express("an activity", here, findings);
            }
        }
        ["arn", _, service, ..] if has_placeholder(service) => {}
        ["arn", ..] => findings.error(
            here,
            code::INTEGRATION,
            format!("a task cannot call `{resource}`"),
            "use an integration `arn:aws:states:::service:action`, or the ARN of a Lambda function or an activity",
        ),
        _ => findings.error(
            here,
            code::INTEGRATION,
            format!("`{resource}` is no ARN"),
            arn_help(resource),
        ),
    }
}

fn arn_help(resource: &str) -> String {
    let action = resource.trim_start_matches(':');
    let name = action.split_once('.').map_or(action, |(name, _)| name);
    if integrations::patterns(name).is_some() || name.starts_with("aws-sdk:") {
        return format!("did you mean `arn:aws:states:::{action}`?");
    }
    "write an integration such as `arn:aws:states:::lambda:invoke`, or the ARN of a Lambda function or an activity".to_owned()
}

/// Nobody can answer without the token.
fn token(state: &State<'_>, findings: &mut Findings) {
    let arguments = ["Arguments", "Parameters"]
        .iter()
        .find_map(|field| state.body.get(*field));
    let handed_on = match arguments {
        // Only what is put in its place can say.
        Some(Value::String(text)) if is_placeholder(text) => true,
        Some(arguments) => hands_token_on(arguments),
        // The input goes to the service as it is; the token is not part of it.
        None => false,
    };
    if !handed_on {
        findings.error(
            &state.pointer,
            code::TOKEN,
            "waits for a task token that it hands to nobody",
            "put it in the arguments: `{% $states.context.Task.Token %}` in JSONata, `\"token.$\": \"$$.Task.Token\"` in JSONPath",
        );
    }
}

fn hands_token_on(value: &Value) -> bool {
    match value {
        Value::String(text) => mentions_token(text),
        Value::Array(items) => items.iter().any(hands_token_on),
        Value::Object(body) => body.values().any(hands_token_on),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `$$.Task.Token`, `$states.context.Task.Token`, or something that has it inside.
fn mentions_token(text: &str) -> bool {
    let whole = [
        "$$",
        "$states",
        "$states.context",
        "$$.Task",
        "$states.context.Task",
    ];
    text.contains("Task.Token")
        || whole.iter().any(|part| {
            text.match_indices(part).any(|(at, part)| {
                let rest = &text[at + part.len()..];
                !rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '.' | '_'))
            })
        })
}

fn heartbeat(state: &State<'_>, findings: &mut Findings) {
    let seconds = |field: &str| state.body.get(field).and_then(Value::as_u64);
    if let (Some(heartbeat), Some(timeout)) =
        (seconds("HeartbeatSeconds"), seconds("TimeoutSeconds"))
        && heartbeat >= timeout
    {
        findings.error(
            &state.pointer.member("HeartbeatSeconds"),
            code::VALUE,
            format!("`HeartbeatSeconds` is {heartbeat}, and `TimeoutSeconds` {timeout}"),
            "let `HeartbeatSeconds` be smaller than `TimeoutSeconds`",
        );
    }
}
