//! Each intrinsic function, in long form and in short form.
#![expect(clippy::expect_used, reason = "a failed expectation is a failed test")]

use cfn::intrinsics::*;
use cfn::{
    IntoValue, List, Mapping, Node, Output, Parameter, Template, Test, Value, pseudo, s3, sqs,
};

/// Expects the JSON of a value, and the YAML of an output with it.
fn check(value: impl IntoValue<String>, json: &str, yaml: &str) {
    let value = value.into_value();
    assert_eq!(
        value.node(),
        &Node::parse_json(json).expect("the expectation is JSON")
    );
    let mut template = Template::new("functions");
    template.add("Queue", sqs::Queue::new());
    template.output("Value", Output::new(value));
    let document = template
        .synthesize()
        .expect("the template is valid")
        .to_yaml();
    let (_, written) = document
        .split_once("    Value:")
        .expect("there is an output");
    assert_eq!(written.trim(), yaml, "{document}");
}

#[test]
fn every_function_has_both_forms() {
    let mut template = Template::new("handles");
    let bucket = template.add("Bucket", s3::Bucket::new());
    let production =
        template.condition("Production", Test::equals(pseudo::region(), "eu-central-1"));
    let capacity = template.mapping(
        "Capacity",
        Mapping::new().row("eu-central-1", [("Rpm", 40)]),
    );
    let name = template.parameter("Name", Parameter::<String>::new());
    let names = template.parameter("Names", Parameter::<List<String>>::new());

    check("literal", r#""literal""#, "literal");
    check(bucket.reference(), r#"{"Ref":"Bucket"}"#, "!Ref Bucket");
    check(&name, r#"{"Ref":"Name"}"#, "!Ref Name");
    check(
        bucket.arn(),
        r#"{"Fn::GetAtt":["Bucket","Arn"]}"#,
        "!GetAtt Bucket.Arn",
    );
    check(
        pseudo::partition(),
        r#"{"Ref":"AWS::Partition"}"#,
        "!Ref AWS::Partition",
    );
    check(
        sub("${AWS::Region}-x"),
        r#"{"Fn::Sub":"${AWS::Region}-x"}"#,
        "!Sub ${AWS::Region}-x",
    );
    check(
        sub_with("${B}/*", [("B", bucket.arn())]),
        r#"{"Fn::Sub":["${B}/*",{"B":{"Fn::GetAtt":["Bucket","Arn"]}}]}"#,
        "!Sub\n      - ${B}/*\n      - B: !GetAtt Bucket.Arn",
    );
    check(
        join("-", ["a".into_value(), pseudo::region()]),
        r#"{"Fn::Join":["-",["a",{"Ref":"AWS::Region"}]]}"#,
        "!Join\n      - '-'\n      - - a\n        - !Ref AWS::Region",
    );
    check(
        select(1, split(",", "a,b")),
        r#"{"Fn::Select":[1,{"Fn::Split":[",","a,b"]}]}"#,
        "!Select\n      - 1\n      - !Split\n        - \",\"\n        - a,b",
    );
    check(
        select(0, &names),
        r#"{"Fn::Select":[0,{"Ref":"Names"}]}"#,
        "!Select\n      - 0\n      - !Ref Names",
    );
    check(
        select(0, get_azs("")),
        r#"{"Fn::Select":[0,{"Fn::GetAZs":""}]}"#,
        "!Select\n      - 0\n      - !GetAZs \"\"",
    );
    check(
        select(0, cidr("10.0.0.0/16", 4, 8)),
        r#"{"Fn::Select":[0,{"Fn::Cidr":["10.0.0.0/16",4,8]}]}"#,
        "!Select\n      - 0\n      - !Cidr\n        - 10.0.0.0/16\n        - 4\n        - 8",
    );
    check(base64("text"), r#"{"Fn::Base64":"text"}"#, "!Base64 text");
    check(
        base64(sub("${AWS::Region}")),
        r#"{"Fn::Base64":{"Fn::Sub":"${AWS::Region}"}}"#,
        "\"Fn::Base64\": !Sub ${AWS::Region}",
    );
    check(
        import_value("name"),
        r#"{"Fn::ImportValue":"name"}"#,
        "!ImportValue name",
    );
    check(
        capacity.find(pseudo::region(), "Rpm"),
        r#"{"Fn::FindInMap":["Capacity",{"Ref":"AWS::Region"},"Rpm"]}"#,
        "!FindInMap\n      - Capacity\n      - !Ref AWS::Region\n      - Rpm",
    );
    let either: Value<String> = if_(&production, "live", pseudo::no_value());
    check(
        either,
        r#"{"Fn::If":["Production","live",{"Ref":"AWS::NoValue"}]}"#,
        "!If\n      - Production\n      - live\n      - !Ref AWS::NoValue",
    );
    check(
        raw(serde_json::json!({"Fn::Length": [1, 2]})),
        r#"{"Fn::Length":[1,2]}"#,
        "\"Fn::Length\":\n      - 1\n      - 2",
    );
}

#[test]
fn a_suffix_keeps_the_simplest_form() {
    let mut template = Template::new("handles");
    let bucket = template.add("Bucket", s3::Bucket::new());
    check(
        bucket.arn().with_suffix("/*"),
        r#"{"Fn::Sub":"${Bucket.Arn}/*"}"#,
        "!Sub ${Bucket.Arn}/*",
    );
    check(
        bucket.reference().with_suffix("-logs"),
        r#"{"Fn::Sub":"${Bucket}-logs"}"#,
        "!Sub ${Bucket}-logs",
    );
    check(
        Value::from("a").with_suffix("/${b}"),
        r#""a/${b}""#,
        "a/${b}",
    );
    check(
        base64("a").with_suffix("/${b}"),
        r#"{"Fn::Sub":["${Value}/${!b}",{"Value":{"Fn::Base64":"a"}}]}"#,
        "!Sub\n      - ${Value}/${!b}\n      - Value: !Base64 a",
    );
}
