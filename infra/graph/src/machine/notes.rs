//! What is written into a state's node beside its name.

use asl::definition::{Integration, Kind, MapState, ProcessorMode, Retrier, State};
use serde_json::{Map, Value};

use super::condition::expression;
use crate::words::{duration, first_and_more, shortened, without_holes};

const MOST_LETTERS: usize = 60;

/// The arguments that say whom a task calls, in the order of preference.
const TARGETS: &[&str] = &[
    "FunctionName",
    "StateMachineArn",
    "ModelId",
    "QueueUrl",
    "TopicArn",
    "TableName",
    "EndpointName",
    "JobName",
    "JobDefinition",
    "TaskDefinition",
    "WorkGroup",
    "Bucket",
    "DatabaseName",
    "Name",
];

pub(super) fn of(state: &State<'_>) -> Vec<String> {
    let mut notes = match &state.kind {
        Kind::Task(integration) => task(*integration, state),
        Kind::Pass => vec!["pass".to_owned()],
        Kind::Wait => vec![wait(state)],
        Kind::Succeed => vec!["succeed".to_owned()],
        Kind::Fail => fail(state),
        Kind::Map(map) => each(map, state),
        Kind::Parallel(_) => vec!["parallel".to_owned()],
        Kind::Choice { .. } => Vec::new(),
        Kind::Unknown(kind) => vec![format!("unknown type {}", kind.unwrap_or("(none)"))],
    };
    notes.extend(state.retry.iter().map(retry));
    notes
}

fn task(integration: Integration<'_>, state: &State<'_>) -> Vec<String> {
    let direct = direct(integration.resource);
    let (calls, pattern) = integration.service().unwrap_or((&direct, None));
    let calls = calls.trim_start_matches("aws-sdk:");
    let mut notes = vec![match pattern {
        Some(pattern) => format!("{calls} ({pattern})"),
        None => calls.to_owned(),
    }];
    notes.extend(target(state));
    let limits = [
        ("TimeoutSeconds", "timeout"),
        ("HeartbeatSeconds", "heartbeat"),
    ];
    for (field, word) in limits {
        if let Some(seconds) = state.body.get(field).and_then(Value::as_u64) {
            notes.push(format!("{word} {}", duration(seconds)));
        }
    }
    notes
}

/// What a task calls whose resource is a function or an activity by its own ARN: `function resize`.
fn direct(resource: &str) -> String {
    let named = resource
        .splitn(6, ':')
        .nth(5)
        .map(|named| named.replacen(':', " ", 1));
    named.unwrap_or_else(|| without_holes(resource))
}

/// Whom a task calls, by the last part of the name.
fn target(state: &State<'_>) -> Option<String> {
    let arguments = ["Arguments", "Parameters"]
        .into_iter()
        .find_map(|field| state.body.get(field)?.as_object())?;
    let found = TARGETS.iter().find_map(|field| text(arguments, field))?;
    Some(shortened(
        &without_holes(&expression(last(found))),
        MOST_LETTERS,
    ))
}

/// A text, or the path (`JSONPath`) that it is taken from.
fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    let direct = body.get(field).and_then(Value::as_str);
    direct.or_else(|| body.get(&format!("{field}.$"))?.as_str())
}

/// The last part of an ARN or URL; anything else, an expression above all, as it is.
fn last(name: &str) -> &str {
    if name.starts_with("arn:") {
        name.rsplit(':').next().unwrap_or(name)
    } else if name.starts_with("https:") {
        name.rsplit('/').next().unwrap_or(name)
    } else {
        name
    }
}

fn wait(state: &State<'_>) -> String {
    if let Some(seconds) = state.body.get("Seconds").and_then(Value::as_u64) {
        return format!("wait {}", duration(seconds));
    }
    let fields = [
        ("Seconds", "wait for seconds"),
        ("SecondsPath", "wait for seconds"),
        ("Timestamp", "wait until"),
        ("TimestampPath", "wait until"),
    ];
    let found = fields
        .iter()
        .find_map(|(field, word)| Some((word, state.text(field)?)));
    match found {
        Some((word, text)) => format!("{word} {}", shortened(&expression(text), MOST_LETTERS)),
        None => "wait".to_owned(),
    }
}

fn fail(state: &State<'_>) -> Vec<String> {
    let error = ["Error", "ErrorPath"]
        .into_iter()
        .find_map(|field| state.text(field));
    match error {
        Some(error) => vec![format!(
            "fail {}",
            shortened(&expression(error), MOST_LETTERS)
        )],
        None => vec!["fail".to_owned()],
    }
}

/// What a `Map` goes through, and how.
fn each(map: &MapState<'_>, state: &State<'_>) -> Vec<String> {
    let items = ["Items", "ItemsPath"]
        .into_iter()
        .find_map(|field| state.text(field))
        .map(|items| shortened(&expression(items), MOST_LETTERS));
    let reader = state.body.get("ItemReader").and_then(reader);
    let mode = match map.mode {
        ProcessorMode::Inline => "map",
        ProcessorMode::Distributed => "distributed map",
    };
    let mut notes = vec![match items.or(reader) {
        Some(items) => format!("{mode} over {items}"),
        None => mode.to_owned(),
    }];
    if let Some(most) = state.body.get("MaxConcurrency").and_then(Value::as_u64)
        && most > 0
    {
        notes.push(format!("at most {most} at once"));
    }
    if let Some(share) = state
        .body
        .get("ToleratedFailurePercentage")
        .and_then(Value::as_f64)
    {
        notes.push(format!("tolerates {share} % failed"));
    }
    if let Some(count) = state
        .body
        .get("ToleratedFailureCount")
        .and_then(Value::as_u64)
    {
        notes.push(format!("tolerates {count} failed"));
    }
    notes
}

fn reader(reader: &Value) -> Option<String> {
    let resource = Integration {
        resource: reader.get("Resource")?.as_str()?,
    };
    let (action, _) = resource.service()?;
    let kind = reader
        .get("ReaderConfig")
        .and_then(|configuration| configuration.get("InputType")?.as_str());
    Some(match kind {
        Some(kind) => format!("{kind} by {action}"),
        None => action.to_owned(),
    })
}

fn retry(retrier: &Retrier<'_>) -> String {
    let errors = first_and_more(&retrier.errors);
    match retrier.max_attempts() {
        0 => format!("no retry: {errors}"),
        1 => format!("1 retry: {errors}"),
        most => format!("{most} retries: {errors}"),
    }
}
