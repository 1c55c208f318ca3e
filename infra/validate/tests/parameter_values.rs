//! Values for parameters.

use std::collections::BTreeMap;

use serde_json::{Value, json};

fn problems(declaration: &Value, value: Option<&str>) -> Vec<String> {
    let template = json!({"Parameters": {"P": declaration}});
    let values: BTreeMap<_, _> = value
        .map(|value| ("P".to_owned(), value.to_owned()))
        .into_iter()
        .collect();
    validate::parameter_values(&template, &values, |_| false)
}

#[test]
fn values_that_a_declaration_takes_are_no_problem() {
    for (declaration, value) in [
        (json!({"Type": "String"}), ""),
        (json!({"Type": "Number"}), " 1.5e3"),
        (
            json!({"Type": "Number", "MinValue": "1", "MaxValue": 3}),
            "3",
        ),
        (json!({"Type": "List<Number>"}), "1, 2,3"),
        (json!({"Type": "String", "AllowedValues": [5, "a"]}), "5"),
        (
            json!({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}),
            "a, b",
        ),
        (
            json!({"Type": "String", "MinLength": 1, "MaxLength": "2"}),
            "\u{e9}\u{e9}",
        ),
        (
            json!({"Type": "String", "AllowedPattern": "[a-z]+|[0-9]+"}),
            "abc",
        ),
        (
            json!({"Type": "String", "AllowedPattern": "(("}),
            "left to CloudFormation",
        ),
        (json!({"Type": "AWS::EC2::VPC::Id"}), "anything"),
    ] {
        assert_eq!(
            problems(&declaration, Some(value)),
            Vec::<String>::new(),
            "{declaration} {value}"
        );
    }
}

#[test]
fn values_that_a_declaration_refuses_are_told_with_what_it_takes() {
    for (declaration, value, told) in [
        (json!({"Type": "Number"}), "many", "a number"),
        (json!({"Type": "Number"}), "NaN", "a number"),
        (json!({"Type": "List<Number>"}), "1,b", "a list of numbers"),
        (
            json!({"Type": "Number", "MinValue": 2}),
            "1",
            "no less than 2",
        ),
        (
            json!({"Type": "String", "AllowedValues": ["a", "b"]}),
            "c",
            "one of a, b",
        ),
        (
            json!({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}),
            "a,c",
            "one of a",
        ),
        (
            json!({"Type": "String", "MinLength": 1}),
            "",
            "no fewer than 1 characters",
        ),
        (
            json!({"Type": "String", "MaxLength": 1}),
            "ab",
            "no more than 1 characters",
        ),
        (
            json!({"Type": "String", "AllowedPattern": "[a-z]+"}),
            "abc1",
            "only what matches `[a-z]+`",
        ),
        (
            json!({"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "small letters"}),
            "A",
            "small letters",
        ),
    ] {
        let problems = problems(&declaration, Some(value));
        assert!(
            problems.len() == 1 && problems[0].contains(told),
            "{declaration} {value}: {problems:?}"
        );
    }
}

#[test]
fn secrets_are_not_repeated() {
    let declaration = json!({"Type": "String", "NoEcho": true, "MinLength": 20});
    let problems = problems(&declaration, Some("hunter2"));
    assert!(
        problems[0].contains("not shown") && !problems[0].contains("hunter2"),
        "{problems:?}"
    );
}

#[test]
fn what_is_missing_or_unknown_is_told() {
    let declaration = json!({"Type": "String", "Description": "who is told"});
    assert_eq!(
        problems(&declaration, None),
        ["`P` has no default and needs a value: who is told"]
    );
    let template = json!({"Parameters": {"P": declaration}});
    assert!(validate::parameter_values(&template, &BTreeMap::new(), |name| name == "P").is_empty());
    let other = BTreeMap::from([("Q".to_owned(), String::new())]);
    let problems = validate::parameter_values(&template, &other, |_| true);
    assert_eq!(problems, ["there is no parameter `Q`; the template has P"]);
}
