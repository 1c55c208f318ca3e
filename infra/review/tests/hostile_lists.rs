//! State machines, tables and costs that nobody means well, and definitions that are only written otherwise.

use std::time::{Duration, Instant};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use review::review;
use serde_json::{Map, Value, json};

fn key() -> impl Strategy<Value = String> {
    let keys = [
        "StartAt",
        "States",
        "Type",
        "Next",
        "End",
        "Choices",
        "Default",
        "Catch",
        "Retry",
        "Branches",
        "ItemProcessor",
        "ProcessorConfig",
        "Mode",
        "Parameters",
        "Arguments",
        "FunctionName",
        "Resource",
        "TimeoutSeconds",
        "Name",
        "Columns",
        "PartitionKeys",
        "StorageDescriptor",
        "SerdeInfo",
        "TableType",
        "Rules",
        "Read",
        "Role",
        "Statement",
        "Effect",
        "Action",
        "Fn::If",
        "Fn::Sub",
        "Ref",
    ];
    proptest::sample::select(keys.to_vec()).prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Value> {
    let texts = [
        "Read",
        "Task",
        "Map",
        "Parallel",
        "Choice",
        "${Read.Arn}",
        "${Read",
        "${}",
        "int",
        "bigint",
        "struct<a:int>",
        "array<",
        "512",
        "-1",
        "NaN",
        "db.t3.micro",
        "DISTRIBUTED",
        "arn:aws:lambda:::function:read",
        "VIRTUAL_VIEW",
        "Live",
        "AWS::NoValue",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(key(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The resources that the lists are about, with values of every kind where something is read.
fn template() -> impl Strategy<Value = Value> {
    (vec(value(), 9), any::<bool>()).prop_map(|(values, has_function)| {
        let of = |kind: &str, properties: Value| json!({"Type": kind, "Properties": properties});
        let mut template = json!({
            "Conditions": {"Live": values[0]},
            "Resources": {
                "Role": of("AWS::IAM::Role", json!({"Policies": [{"PolicyDocument": values[1]}]})),
                "Machine": of("AWS::StepFunctions::StateMachine", json!({
                    "RoleArn": {"Fn::GetAtt": "Role.Arn"},
                    "Definition": {"StartAt": "Read", "States": {"Read": values[2], "Write": values[3]}},
                    "DefinitionSubstitutions": values[4],
                })),
                "Table": of("AWS::Glue::Table", json!({"TableInput": {
                    "PartitionKeys": [{"Name": "day", "Type": values[5]}],
                    "StorageDescriptor": {"Columns": [{"Name": "a", "Type": values[6]}, {"Name": "a", "Type": "int"}, values[7]]},
                }})),
                "Index": of("AWS::DynamoDB::Table", json!({"BillingMode": values[5], "GlobalSecondaryIndexes": values[8]})),
            },
        });
        if has_function {
            template["Resources"]["Read"] = of("AWS::Lambda::Function", json!({"MemorySize": values[6], "FunctionName": "read", "Timeout": values[8]}));
        }
        template
    })
}

/// The same value with the keys of every object turned round.
fn turned_round(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(turned_round).collect(),
        Value::Object(members) => (members.iter().rev())
            .map(|(key, value)| (key.clone(), turned_round(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// States without functions, so that they can be written as text.
fn definition() -> impl Strategy<Value = Value> {
    let state = (0..4usize, 1..900u32, proptest::sample::select(&["Read", "Write"][..])).prop_map(
        |(kind, seconds, next)| match kind {
            0 => json!({"Type": "Task", "Resource": "arn:aws:lambda:::function:read", "TimeoutSeconds": seconds, "Next": next}),
            1 => json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": seconds, "Next": next}], "Default": next}),
            2 => json!({"Type": "Wait", "Seconds": seconds, "End": true}),
            _ => json!({"Type": "Map", "MaxConcurrency": seconds, "End": true, "ItemProcessor": {"StartAt": "In", "States": {
                "In": {"Type": "Pass", "Next": "Out"}, "Out": {"Type": "Succeed"},
            }}}),
        },
    );
    btree_map("[A-Z][a-z]{1,8}", state, 1..6)
        .prop_map(|states| json!({"StartAt": states.keys().next(), "States": states}))
}

fn machine(properties: &Value) -> Value {
    json!({"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_they_are_they_are_reviewed(old in template(), new in template()) {
        prop_assert_eq!(review("any", &old, &new), review("any", &old, &new));
        prop_assert!(review("any", &old, &old).is_empty());
        prop_assert!(review("any", &old, &turned_round(&old)).is_empty());
    }

    #[test]
    fn a_definition_written_otherwise_has_no_row(definition in definition()) {
        let old = machine(&json!({"Definition": definition}));
        let round = turned_round(&definition);
        let otherwise = machine(&json!({"Definition": round}));
        prop_assert!(review("any", &old, &otherwise).is_empty());
        let text = machine(&json!({"DefinitionString": round.to_string()}));
        prop_assert_eq!(review("any", &old, &text).workflows, []);
        prop_assert_eq!(review("any", &text, &old).workflows, []);
    }
}

#[test]
fn ten_thousand_of_each_end_soon() {
    let template = |round: usize| {
        let mut resources = Map::new();
        let mut states = Map::new();
        let mut columns = Vec::new();
        for number in 0..10_000 {
            resources.insert(format!("F{}", number + round), json!({"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": 128 + round, "Timeout": number}}));
            states.insert(format!("S{}", number + round), json!({"Type": "Task", "Resource": {"Fn::GetAtt": format!("F{}.Arn", number + round)}, "End": true}));
            columns.push(json!({"Name": format!("c{}", number * (round + 1)), "Type": "int"}));
        }
        let definition = json!({"StartAt": "S1", "States": states});
        resources.insert("Machine".to_owned(), json!({"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": definition}}));
        resources.insert("Table".to_owned(), json!({"Type": "AWS::Glue::Table", "Properties": {"TableInput": {"StorageDescriptor": {"Columns": columns}}}}));
        json!({"Resources": resources})
    };
    let start = Instant::now();
    let review = review("many", &template(0), &template(5_000));
    assert_eq!(review.workflows[0].warnings.len(), 5_000);
    assert_eq!(review.workflows[0].states.len(), 10_000);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn substitutions_that_double_are_put_in_place_once() {
    let mut substitutions = Map::new();
    for number in 0..60 {
        let next = number + 1;
        substitutions.insert(
            format!("A{number:02}"),
            json!(format!("${{A{next:02}}}${{A{next:02}}}")),
        );
    }
    let template = |seconds: u32| {
        machine(&json!({
            "Definition": {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": seconds, "Comment": "${A00}", "End": true}}},
            "DefinitionSubstitutions": substitutions,
        }))
    };
    assert_eq!(
        review("doubling", &template(1), &template(2)).workflows[0]
            .states
            .len(),
        1
    );
}
