//! `Map`: what only a distributed one can do.

use serde_json::{Map, Value};

use crate::Pointer;
use crate::check::MachineType;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Kind, ProcessorMode, State};

const ONLY_DISTRIBUTED: &[&str] = &[
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

/// What an item reader may call.
const READERS: &[&str] = &[":states:::s3:getObject", ":states:::s3:listObjectsV2"];

/// What a result writer may call.
const WRITERS: &[&str] = &[":states:::s3:putObject"];

/// Checks the state; returns the kind of execution that the states inside run in.
pub(super) fn check(
    state: &State<'_>,
    machine_type: MachineType,
    findings: &mut Findings,
) -> MachineType {
    let Kind::Map(map) = &state.kind else {
        return machine_type;
    };
    outdated(state, findings);
    let config = config(state);
    let execution = config.and_then(|config| config.get("ExecutionType"));
    match map.mode {
        ProcessorMode::Inline => {
            inline(state, execution.is_some(), findings);
            machine_type
        }
        ProcessorMode::Distributed => {
            distributed(state, machine_type, execution.is_some(), findings);
            match execution.and_then(Value::as_str) {
                Some("EXPRESS") => MachineType::Express,
                _ => MachineType::Standard,
            }
        }
    }
}

fn config<'a>(state: &State<'a>) -> Option<&'a Map<String, Value>> {
    state
        .body
        .get("ItemProcessor")?
        .get("ProcessorConfig")?
        .as_object()
}

fn config_pointer(state: &State<'_>) -> Pointer {
    let processor = state.pointer.member("ItemProcessor");
    processor.member("ProcessorConfig")
}

fn outdated(state: &State<'_>, findings: &mut Findings) {
    let renamed = [
        ("Iterator", "ItemProcessor"),
        ("Parameters", "ItemSelector"),
    ];
    for (old, new) in renamed {
        // Beside its successor, or in JSONata, an error says more.
        let reported = state.body.contains_key(new)
            || (old == "Parameters" && state.language.name() == "JSONata");
        if state.body.contains_key(old) && !reported {
            findings.warning(
                &state.pointer.member(old),
                code::OUTDATED,
                format!("`{old}` of a Map state is outdated"),
                format!("rename it to `{new}`"),
            );
        }
    }
}

fn inline(state: &State<'_>, has_execution_type: bool, findings: &mut Findings) {
    for field in ONLY_DISTRIBUTED {
        if state.body.contains_key(*field) {
            findings.error(
                &state.pointer.member(field),
                code::DISTRIBUTED,
                format!("only a distributed Map has `{field}`"),
                "write `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}` in `ItemProcessor`, or remove the field",
            );
        }
    }
    if has_execution_type {
        findings.error(
            &config_pointer(state).member("ExecutionType"),
            code::DISTRIBUTED,
            "the iterations of an inline Map are no executions",
            "write `\"Mode\": \"DISTRIBUTED\"` beside it, or remove it",
        );
    }
}

fn distributed(
    state: &State<'_>,
    machine_type: MachineType,
    has_execution_type: bool,
    findings: &mut Findings,
) {
    if !has_execution_type {
        findings.error(
            &config_pointer(state),
            code::MISSING_FIELD,
            "a distributed Map needs `ExecutionType`",
            "add `\"ExecutionType\": \"STANDARD\"`, or `\"EXPRESS\"` for iterations of less than five minutes",
        );
    }
    if machine_type == MachineType::Express {
        findings.error(
            &config_pointer(state).member("Mode"),
            code::EXPRESS,
            "an Express workflow has no distributed Map",
            "make the workflow Standard, or the Map inline",
        );
    }
    resource(state, "ItemReader", READERS, findings);
    resource(state, "ResultWriter", WRITERS, findings);
    reader(state, findings);
}

fn resource(state: &State<'_>, field: &str, known: &[&str], findings: &mut Findings) {
    let value = state.body.get(field).and_then(|part| part.get("Resource"));
    let Some(resource) = value.and_then(Value::as_str) else {
        return;
    };
    let opaque = super::text::is_placeholder(resource);
    if !opaque && !known.iter().any(|known| resource.ends_with(known)) {
        let names: Vec<_> = known
            .iter()
            .map(|known| format!("arn:aws{known}"))
            .collect();
        findings.error(
            &state.pointer.member(field).member("Resource"),
            code::INTEGRATION,
            format!("`{field}` cannot use `{resource}`"),
            format!("use {}", names.join(" or ")),
        );
    }
}

/// A file is read only by somebody who knows what is in it.
fn reader(state: &State<'_>, findings: &mut Findings) {
    let Some(reader) = state.body.get("ItemReader").and_then(Value::as_object) else {
        return;
    };
    let pointer = state.pointer.member("ItemReader");
    let resource = reader.get("Resource").and_then(Value::as_str);
    let reads_file = resource.is_some_and(|resource| resource.ends_with(READERS[0]));
    let config = reader.get("ReaderConfig").and_then(Value::as_object);
    let of = |field: &str| {
        config
            .and_then(|config| config.get(field))
            .and_then(Value::as_str)
    };
    let pointer_of = |field: &str| pointer.member("ReaderConfig").member(field);
    let input = of("InputType");
    if reads_file && input.is_none() {
        findings.error(
            &pointer,
            code::MISSING_FIELD,
            "an item reader of a file needs `InputType`",
            "add `\"ReaderConfig\": {\"InputType\": \"JSON\"}`, or CSV, JSONL, PARQUET, MANIFEST",
        );
    }
    let is_csv = input == Some("CSV");
    let headers = of("CSVHeaderLocation");
    if is_csv && headers.is_none() {
        findings.error(
            &pointer.member("ReaderConfig"),
            code::MISSING_FIELD,
            "a CSV file needs `CSVHeaderLocation`",
            "add `\"CSVHeaderLocation\": \"FIRST_ROW\"`, or `\"GIVEN\"` with the names in `CSVHeaders`",
        );
    }
    let has_names = config.is_some_and(|config| config.contains_key("CSVHeaders"));
    if headers == Some("GIVEN") && !has_names {
        findings.error(
            &pointer_of("CSVHeaderLocation"),
            code::MISSING_FIELD,
            "the names of the columns are to be given, and are not",
            "add `CSVHeaders`, a list of names",
        );
    }
    if headers == Some("FIRST_ROW") && has_names {
        findings.error(
            &pointer_of("CSVHeaders"),
            code::EXCLUSIVE,
            "the names of the columns are in the first row, and given too",
            "write `\"CSVHeaderLocation\": \"GIVEN\"`, or remove `CSVHeaders`",
        );
    }
}
