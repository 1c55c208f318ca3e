//! The fields of a state by what they are about.

use std::collections::BTreeMap;

use asl::Definition;
use asl::definition::{Kind, MapState, ProcessorMode, State, States};
use serde_json::{Map, Value};

use super::model::StateAspect;

/// Fields by what they are about. A field of an argument is named after both: `Arguments.FunctionName`.
pub(super) type Aspects = BTreeMap<StateAspect, Map<String, Value>>;

/// Arguments that say what is called.
const TARGETS: [&str; 12] = [
    "ActivityArn",
    "Cluster",
    "FunctionName",
    "JobDefinition",
    "JobName",
    "JobQueue",
    "ModelId",
    "QueueUrl",
    "StateMachineArn",
    "TableName",
    "TaskDefinition",
    "TopicArn",
];

/// What the machine itself says.
pub(super) fn of_machine(definition: &Definition<'_>) -> Aspects {
    let mut aspects = Aspects::new();
    for (field, value) in definition.body {
        if field != "States" {
            add(&mut aspects, aspect(field), field, value.clone());
        }
    }
    aspects
}

/// What a state says, without the states inside it.
pub(super) fn of_state(state: &State<'_>) -> Aspects {
    let mut aspects = Aspects::new();
    for (field, value) in state.body {
        match (field.as_str(), value) {
            ("Branches" | "ItemProcessor" | "Iterator", _) => {}
            ("Arguments" | "Parameters", Value::Object(arguments)) => {
                add_arguments(&mut aspects, field, arguments);
            }
            _ => add(&mut aspects, aspect(field), field, value.clone()),
        }
    }
    let inner: Vec<_> = state.inner().iter().map(start).collect();
    if !inner.is_empty() {
        add(
            &mut aspects,
            Some(StateAspect::Wiring),
            "StartAt",
            inner.into(),
        );
    }
    if let Kind::Map(map) = &state.kind {
        add_processor(&mut aspects, map);
    }
    aspects
}

fn start(states: &States<'_>) -> Value {
    states.start_at.map_or(Value::Null, Value::from)
}

/// Where iterations run, and as what. To run inline is what is not said.
fn add_processor(aspects: &mut Aspects, map: &MapState<'_>) {
    let processor = map.processor.as_ref();
    let config = processor.and_then(|states| states.body.get("ProcessorConfig"));
    for (field, value) in config.and_then(Value::as_object).into_iter().flatten() {
        if field != "Mode" || map.mode == ProcessorMode::Distributed {
            let name = format!("ProcessorConfig.{field}");
            add(
                aspects,
                Some(StateAspect::Concurrency),
                &name,
                value.clone(),
            );
        }
    }
}

fn add_arguments(aspects: &mut Aspects, field: &str, arguments: &Map<String, Value>) {
    for (name, value) in arguments {
        // `JSONPath` marks arguments that are paths.
        let plain = name.strip_suffix(".$").unwrap_or(name);
        let aspect = if TARGETS.contains(&plain) {
            StateAspect::Resource
        } else {
            StateAspect::Data
        };
        let name = format!("{field}.{name}");
        add(aspects, Some(aspect), &name, value.clone());
    }
}

fn add(aspects: &mut Aspects, aspect: Option<StateAspect>, field: &str, value: Value) {
    if let Some(aspect) = aspect {
        let fields = aspects.entry(aspect).or_default();
        fields.insert(field.to_owned(), value);
    }
}

/// What a field is about; nothing where it is for readers alone.
fn aspect(field: &str) -> Option<StateAspect> {
    Some(match field {
        "Comment" => return None,
        "Type" => StateAspect::Type,
        "Next" | "End" | "Default" | "Choices" | "Catch" | "StartAt" => StateAspect::Wiring,
        "Resource" => StateAspect::Resource,
        "Retry" => StateAspect::Retries,
        "TimeoutSeconds" | "TimeoutSecondsPath" | "HeartbeatSeconds" | "HeartbeatSecondsPath" => {
            StateAspect::Timeouts
        }
        "MaxConcurrency" | "MaxConcurrencyPath" => StateAspect::Concurrency,
        _ => StateAspect::Data,
    })
}
