//! Templates that nobody means well: whatever they are, a review ends, and says the same each time.

use std::fmt::Write as _;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use review::{Replacement, Review, SourceLines, Verdict, review};
use serde_json::{Map, Value, json};

/// Keys that mean something, in every place where they do not belong.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Resources"),
        Just("Parameters"),
        Just("Conditions"),
        Just("Mappings"),
        Just("Outputs"),
        Just("Rules"),
        Just("Metadata"),
        Just("Type"),
        Just("Properties"),
        Just("Condition"),
        Just("DependsOn"),
        Just("DeletionPolicy"),
        Just("UpdateReplacePolicy"),
        Just("Default"),
        Just("Export"),
        Just("Name"),
        Just("Ref"),
        Just("Fn::GetAtt"),
        Just("Fn::Sub"),
        Just("Fn::Join"),
        Just("Fn::If"),
        Just("Fn::FindInMap"),
        Just("Fn::And"),
        Just("Fn::Equals"),
        Just("Statement"),
        Just("Effect"),
        Just("Action"),
        Just("Principal"),
        Just("Key"),
        Just("Value"),
        Just("Tags"),
        Just("A"),
        Just("B"),
        Just("PolicyDocument"),
        Just("BucketName"),
        Just("Definition"),
        Just("States"),
        Just("Columns"),
    ]
    .prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![
            Just("A"),
            Just("B"),
            Just("A.Arn"),
            Just("${A}"),
            Just("${A.Arn}-${!B}${"),
            Just("AWS::NoValue"),
            Just("AWS::Region"),
            Just("AWS::S3::Bucket"),
            Just("AWS::IAM::Role"),
            Just("Retain"),
            Just("*"),
            Just("\u{1b}[31m`<@&|"),
        ]
        .prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 48, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(key(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn template() -> impl Strategy<Value = Value> {
    let section = || btree_map(key(), value(), 0..4).prop_map(|members| json!(members));
    (section(), section(), section(), value()).prop_map(
        |(resources, conditions, parameters, rest)| {
            let mut template = match rest {
                Value::Object(members) => members,
                _ => Map::new(),
            };
            template.insert("Resources".to_owned(), resources);
            template.insert("Conditions".to_owned(), conditions);
            template.insert("Parameters".to_owned(), parameters);
            Value::Object(template)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_two_templates_are_reviewed(old in template(), new in template()) {
        let review = || Review::of([review("any", &old, &new)]);
        let lines = SourceLines::new();
        prop_assert_eq!(review(), review());
        let text = review().to_text(&lines, false);
        prop_assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()));
        prop_assert!(review().to_markdown(&lines).chars().count() <= 65_536);
        prop_assert!(review().to_sarif(&lines).is_object());
    }

    #[test]
    fn nothing_differs_from_itself(template in template()) {
        prop_assert!(review("any", &template, &template).is_empty());
    }
}

#[test]
fn conditions_in_a_circle_and_conditions_that_double_end() {
    let doubling = |last: &str| {
        let mut conditions = json!({"C0": {"Fn::Equals": [{"Ref": "AWS::Region"}, last]}, "X": {"Condition": "Y"}, "Y": {"Condition": "X"}});
        for number in 1..100 {
            let before = json!({"Condition": format!("C{}", number - 1)});
            conditions[format!("C{number}")] = json!({"Fn::And": [before, before]});
        }
        json!({"Conditions": conditions, "Resources": {
            "A": {"Type": "AWS::SQS::Queue", "Condition": "C99"},
            "B": {"Type": "AWS::SQS::Queue", "Condition": "X"},
        }})
    };
    let review = review("conditions", &doubling("a"), &doubling("b"));
    let changed: Vec<_> = review
        .changes
        .iter()
        .map(|change| change.logical_id.as_str())
        .collect();
    assert_eq!(changed, ["A"]);
}

/// APIs, each created with the id of the one before.
fn chain(length: usize, protocol: &str) -> Value {
    let mut resources = Map::new();
    for number in 0..length {
        let target = match number {
            0 => json!(protocol),
            _ => json!({"Ref": format!("R{}", number - 1)}),
        };
        let resource = json!({"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": target}});
        resources.insert(format!("R{number}"), resource);
    }
    json!({"Resources": resources})
}

#[test]
fn ten_thousand_resources_in_a_chain_are_all_replaced() {
    let review = review("chain", &chain(10_000, "HTTP"), &chain(10_000, "WEBSOCKET"));
    assert_eq!(review.summary.replaced, 10_000);
    assert!(
        review
            .changes
            .iter()
            .all(|change| change.replacement == Replacement::Will)
    );
    let page = Review::of([review]).to_markdown(&SourceLines::new());
    assert!(page.chars().count() <= 65_536);
    assert!(
        page.contains(" rows are left out"),
        "{}",
        &page[page.len() - 300..]
    );
    assert_eq!(
        page.matches("<details>").count(),
        page.matches("</details>").count()
    );
}

#[test]
fn ten_thousand_renamed_resources_are_recognised() {
    let template = |prefix: &str| {
        let mut resources = Map::new();
        for number in 0..10_000 {
            let properties = json!({"DisplayName": format!("topic {}", number / 2)});
            resources.insert(
                format!("{prefix}{number}"),
                json!({"Type": "AWS::SNS::Topic", "Properties": properties}),
            );
        }
        json!({"Resources": resources})
    };
    assert_eq!(
        review("topics", &template("Old"), &template("New"))
            .summary
            .renamed,
        10_000
    );
}

#[test]
fn a_yaml_of_a_billion_laughs_is_refused_and_not_unfolded() {
    let mut text = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for number in 1..12 {
        let before = vec![format!("*a{}", number - 1); 9].join(", ");
        writeln!(text, "a{number}: &a{number} [{before}]").unwrap();
    }
    assert!(asl::source::read(&text).is_err());
}

#[test]
fn long_patterns_and_many_roles_with_them_end() {
    let pattern = |letter: &str| format!("arn:aws:s3:::{}", format!("*{letter}?").repeat(100));
    let template = |end: &str| {
        let roles = (0..10_000).map(|number| {
            let statement = |letter: &str| {
                json!({
                    "Effect": if number % 3 == 0 { "Deny" } else { "Allow" },
                    "Action": ["s3:*", "*:Get*"],
                    "Resource": format!("{}{end}", pattern(letter)),
                })
            };
            let document = json!({"Statement": [statement("a"), statement("b")]});
            let role = json!({"Type": "AWS::IAM::Role", "Properties": {
                "Policies": [{"PolicyName": "p", "PolicyDocument": document}],
            }});
            (format!("Role{number}"), role)
        });
        json!({"Resources": roles.collect::<Map<_, _>>()})
    };
    let review = review("patterns", &template("a"), &template("b"));
    assert_eq!(review.changes.len(), 10_000);
    // What could not be compared for want of time is not called safe.
    assert!(
        review
            .iam
            .iter()
            .all(|change| change.verdict != Verdict::Narrowed
                && change.verdict != Verdict::Equivalent)
    );
}
