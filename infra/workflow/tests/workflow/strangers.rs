//! Any machine that can be described passes a checker that others have written, too.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{asl_validator, backfill, batch, order, programs, training, video};

/// Random machines that are validated.
const MACHINES: usize = 100;

/// What is right by the developer guide and refused by asl-validator 4.0.0, with the reason. Such fields are replaced by an
/// object without members, so that the rest of the definition is validated; that they are refused is asserted, so that no line
/// here outlives its reason.
const REFUSED: [(&str, &str); 1] = [(
    "BatchInput",
    "an expression fits both alternatives of the schema's `oneOf`, and one only may fit",
)];

/// As CloudFormation deploys it: asl-validator knows no placeholders in ARNs.
fn deployed(definition: &Value) -> Value {
    let text = definition.to_string().replace("${Partition}", "aws");
    serde_json::from_str(&text).expect("a name takes no quotes")
}

/// Replaces the expressions in fields of which asl-validator refuses expressions; answers with the names of these fields.
fn replace_refused(value: &mut Value) -> Vec<&'static str> {
    let mut replaced = Vec::new();
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let refused = REFUSED.iter().find(|(field, _)| field == name);
                match refused {
                    Some((field, _)) if member.is_string() => {
                        *member = json!({});
                        replaced.push(*field);
                    }
                    _ => replaced.extend(replace_refused(member)),
                }
            }
        }
        Value::Array(items) => replaced.extend(items.iter_mut().flat_map(replace_refused)),
        _ => {}
    }
    replaced
}

#[test]
fn asl_validator_accepts_every_machine() {
    let reviewed = [
        ("backfill", backfill::machine().definition()),
        ("readers", backfill::other_readers().definition()),
        ("order", order::machine().definition()),
        ("batch", batch::machine().definition()),
        ("training", training::machine().definition()),
        ("video", video::machine().definition()),
    ];
    let reviewed = reviewed.map(|(name, definition)| (name.to_owned(), definition));
    let random = programs::definitions(MACHINES).into_iter().enumerate();
    let random = random.map(|(number, definition)| (format!("random {number}"), definition));
    let (mut definitions, mut refused) = (BTreeMap::new(), BTreeMap::new());
    for (name, definition) in reviewed.into_iter().chain(random) {
        let definition = deployed(&definition);
        let mut accepted = definition.clone();
        let fields = replace_refused(&mut accepted);
        if !fields.is_empty() {
            let as_is = format!("{name} as it is");
            definitions.insert(as_is.clone(), definition);
            refused.insert(as_is, fields);
        }
        definitions.insert(name, accepted);
    }
    let verdicts = asl_validator::validate(&definitions);
    assert_eq!(verdicts.len(), definitions.len(), "one verdict for each");
    for (name, problems) in &verdicts {
        let definition = &definitions[name];
        match refused.get(name) {
            None => assert!(problems.is_empty(), "{name}: {problems:#?}\n{definition:#}"),
            Some(fields) => {
                let known = |problem: &String| fields.iter().any(|field| problem.contains(field));
                let none_else = !problems.is_empty() && problems.iter().all(known);
                assert!(
                    none_else,
                    "{name}: {fields:?} alone is refused, not {problems:#?}"
                );
            }
        }
    }
    for (field, reason) in REFUSED {
        let is_met = refused.values().flatten().any(|met| *met == field);
        assert!(is_met, "`{field}` is in no machine: {reason}");
    }
}

#[test]
fn asl_validator_would_tell() {
    let dangling =
        json!({"StartAt": "Only", "States": {"Only": {"Type": "Pass", "Next": "Nowhere"}}});
    let verdicts = asl_validator::validate(&BTreeMap::from([("dangling".to_owned(), dangling)]));
    let problems = verdicts["dangling"].join("\n");
    assert!(problems.contains("MISSING_TRANSITION_TARGET"), "{problems}");
}
