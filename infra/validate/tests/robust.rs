//! No JSON, however odd, makes the validator panic, and its answer does not depend on chance.

#![expect(clippy::unwrap_used, reason = "a helper of tests may panic")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use validate::Sources;

/// Words that the checks look for, so that random JSON gets past the first `if`.
const WORDS: [&str; 34] = [
    "Resources",
    "Type",
    "Properties",
    "Outputs",
    "Parameters",
    "Conditions",
    "Mappings",
    "Metadata",
    "Colophon",
    "Suppress",
    "Code",
    "Reason",
    "V033",
    "DependsOn",
    "Ref",
    "Fn::GetAtt",
    "Fn::Sub",
    "Fn::If",
    "Fn::FindInMap",
    "Fn::Select",
    "Fn::Join",
    "Condition",
    "A",
    "B",
    "A.Arn",
    "${A.Arn}",
    "AWS::NoValue",
    "AWS::SQS::Queue",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
    "NotificationConfiguration",
    "LambdaConfigurations",
    "Function",
    "Tags",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(word(), inner, 0..4)
                .prop_map(|entries| Value::Object(Map::from_iter(entries))),
        ]
    })
}

fn any_type() -> impl Strategy<Value = String> {
    let names: Vec<_> = spec::Specification::embedded()
        .names()
        .map(str::to_owned)
        .collect();
    prop::sample::select(names)
}

/// Properties of the right names with values of any kind.
fn any_resource() -> impl Strategy<Value = Value> {
    any_type().prop_flat_map(|name| {
        let model = spec::Specification::embedded()
            .resource_type(&name)
            .unwrap()
            .unwrap();
        let known = model.root.properties.keys().cloned();
        let names: Vec<_> = known.chain(["Unknown".to_owned()]).collect();
        let name_of_property = prop::sample::select(names);
        let properties = prop::collection::btree_map(name_of_property, any_json(), 0..6);
        properties.prop_map(move |properties| json!({"Type": name, "Properties": properties}))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_judged(template in any_json()) {
        validate::inspect(&template, &Sources::new());
    }

    #[test]
    fn any_sections_are_judged(
        resources in prop::collection::btree_map(word(), prop_oneof![any_resource(), any_json()], 0..4),
        outputs in any_json(),
        conditions in any_json(),
        metadata in any_json(),
    ) {
        let template = json!({"Resources": resources, "Outputs": outputs, "Conditions": conditions, "Metadata": metadata});
        let first = validate::inspect(&template, &Sources::new());
        let second = validate::inspect(&template, &Sources::new());
        validate::render(&first.findings);
        prop_assert_eq!(first, second);
    }
}
