//! The form of a definition: what Step Functions itself, or a careful reader, would refuse without looking at the data.

mod choice;
mod error_names;
mod form;
mod graph;
mod handlers;
mod integrations;
mod language;
mod map;
mod parts;
mod record;
mod states;
mod task;
mod text;

use jsonata::suggestion;
use serde_json::{Map, Value};

use super::MachineType;
use super::code;
use super::findings::Findings;
use crate::Pointer;
use crate::definition::{Definition, QueryLanguage, States};
use record::Record;

/// Step Functions' bound on the size of a definition, in bytes.
const LARGEST: usize = 1_048_576;

pub(super) fn check(json: &Value, machine_type: MachineType, findings: &mut Findings) {
    let root = Pointer::root();
    let Some(body) = json.as_object() else {
        let message = format!(
            "a definition is an object; this is {}",
            form::describe(json)
        );
        findings.error(
            &root,
            code::STRUCTURE,
            message,
            "write `{\"StartAt\": ..., \"States\": {...}}`",
        );
        return;
    };
    let size = json.to_string().len();
    if size > LARGEST {
        findings.error(
            &root,
            code::SIZE,
            format!("the definition has {size} bytes; Step Functions takes {LARGEST}"),
            "move a part of it to a state machine of its own, and start that with states:startExecution",
        );
    }
    let definition = Definition::read(json);
    scope(&states::MACHINE, body, &root, definition.language, findings);
    graph::check(&definition.states, findings);
    parts_of(&definition.states, machine_type, findings);
}

/// Rules that need more than one field, for all states, each in the kind of execution that it runs in.
fn parts_of(states: &States<'_>, machine_type: MachineType, findings: &mut Findings) {
    for state in &states.all {
        handlers::check(state, findings);
        choice::check(state, findings);
        task::check(state, machine_type, findings);
        let inside = map::check(state, machine_type, findings);
        for inner in state.inner() {
            parts_of(inner, inside, findings);
        }
    }
}

fn scope(
    record: &Record,
    body: &Map<String, Value>,
    pointer: &Pointer,
    machine: QueryLanguage,
    findings: &mut Findings,
) {
    form::check(record, body, pointer, machine, findings);
    let Some(states) = body.get("States").and_then(Value::as_object) else {
        return;
    };
    let pointer = pointer.member("States");
    if states.is_empty() {
        findings.error(
            &pointer,
            code::STRUCTURE,
            format!("{} needs at least one state", record.name),
            "add the state that `StartAt` names",
        );
    }
    for (name, value) in states {
        state(value, &pointer.member(name), machine, findings);
    }
}

fn state(value: &Value, pointer: &Pointer, machine: QueryLanguage, findings: &mut Findings) {
    let Some(body) = value.as_object() else {
        let message = format!("a state is an object; this is {}", form::describe(value));
        return findings.error(pointer, code::STRUCTURE, message, "write `{\"Type\": ...}`");
    };
    let Some(record) = record_of(body, pointer, findings) else {
        return;
    };
    let language = own_language(body, pointer, machine, findings);
    form::check(record, body, pointer, language, findings);
    language::check(record, body, pointer, language, findings);
    for (record, body, pointer) in inner(body, pointer, findings) {
        scope(record, body, &pointer, machine, findings);
    }
}

fn record_of(
    body: &Map<String, Value>,
    pointer: &Pointer,
    findings: &mut Findings,
) -> Option<&'static Record> {
    let names = states::TYPES.iter().map(|(name, _)| *name);
    let Some(name) = body.get("Type").and_then(Value::as_str) else {
        let names: Vec<_> = names.collect();
        findings.error(
            pointer,
            code::STATE_TYPE,
            "a state needs `Type`, a text",
            format!("add one of {}", names.join(", ")),
        );
        return None;
    };
    let record = states::of_type(name);
    if record.is_none() {
        findings.error(
            &pointer.member("Type"),
            code::STATE_TYPE,
            format!("there is no state type `{name}`"),
            suggestion::help(name, names, "use `Pass`"),
        );
    }
    record
}

/// The language of a state: its own, or that of the machine.
fn own_language(
    body: &Map<String, Value>,
    pointer: &Pointer,
    machine: QueryLanguage,
    findings: &mut Findings,
) -> QueryLanguage {
    let named = body.get("QueryLanguage").and_then(Value::as_str);
    let own = named.and_then(QueryLanguage::parse).unwrap_or(machine);
    if own == QueryLanguage::JsonPath && machine == QueryLanguage::Jsonata {
        findings.error(
            &pointer.member("QueryLanguage"),
            code::MIXED_LANGUAGES,
            "a JSONPath state in a JSONata machine",
            "write the state in JSONata, or remove `QueryLanguage` from the machine and name it in the JSONata states",
        );
    }
    own
}

type Inner<'a> = (&'static Record, &'a Map<String, Value>, Pointer);

/// The branches and processors of a state.
fn inner<'a>(
    body: &'a Map<String, Value>,
    pointer: &Pointer,
    findings: &mut Findings,
) -> Vec<Inner<'a>> {
    let mut found = Vec::new();
    for field in ["ItemProcessor", "Iterator"] {
        let processor = body.get(field).and_then(Value::as_object);
        found.extend(processor.map(|body| (&states::PROCESSOR, body, pointer.member(field))));
    }
    let branches = body.get("Branches").and_then(Value::as_array);
    for (index, branch) in branches.into_iter().flatten().enumerate() {
        let pointer = pointer.member("Branches").item(index);
        match branch {
            Value::Object(body) => found.push((&states::BRANCH, body, pointer)),
            other => findings.error(
                &pointer,
                code::STRUCTURE,
                format!("a branch is an object; this is {}", form::describe(other)),
                "write `{\"StartAt\": ..., \"States\": {...}}`",
            ),
        }
    }
    found
}
