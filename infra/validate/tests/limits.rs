//! Templates that are too big to be files, and the time that the greatest allowed one takes.

use std::time::Instant;

use serde_json::{Map, Value, json};
use validate::{Severity, Sources, code};

/// As many queues, functions, roles and event sources as asked for, wired like a pipeline.
fn pipeline(resources: usize) -> Value {
    let mut entries = Map::new();
    for index in 0..resources / 4 {
        let name = |kind: &str| format!("{kind}{index}");
        entries.insert(
            name("Role"),
            json!({"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
                "Policies": [{"PolicyName": "queue", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow",
                    "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                    "Resource": {"Fn::GetAtt": [name("Queue"), "Arn"]}}]}}],
                "Tags": [{"Key": "stage", "Value": {"Ref": "AWS::StackName"}}]}}),
        );
        entries.insert(
            name("Queue"),
            json!({"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": {
                "QueueName": {"Fn::Sub": format!("${{AWS::StackName}}-{index}")},
                "VisibilityTimeout": 360, "MessageRetentionPeriod": 1_209_600}}),
        );
        entries.insert(
            name("Function"),
            json!({"Type": "AWS::Lambda::Function", "Properties": {
                "Code": {"S3Bucket": "artifacts", "S3Key": "function.zip"}, "Role": {"Fn::GetAtt": [name("Role"), "Arn"]},
                "Runtime": "provided.al2023", "Handler": "bootstrap", "MemorySize": 256, "Timeout": 60,
                "Architectures": ["arm64"], "Environment": {"Variables": {"QUEUE": {"Ref": name("Queue")}}}}}),
        );
        entries.insert(
            name("Source"),
            json!({"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "EventSourceArn": {"Fn::GetAtt": [name("Queue"), "Arn"]},
                "FunctionName": {"Fn::GetAtt": [name("Function"), "Arn"]}, "BatchSize": 10}}),
        );
    }
    json!({"Resources": entries})
}

fn codes(template: &Value) -> Vec<&'static str> {
    let findings = validate::validate(template, &Sources::new());
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_greatest_template_is_clean_and_quick() {
    let template = pipeline(500);
    assert_eq!(codes(&template), Vec::<&str>::new());
    let start = Instant::now();
    validate::validate(&template, &Sources::new());
    let taken = start.elapsed();
    // The goal is 50 ms optimised. Unoptimised, and beside other tests, this still tells a quadratic walk.
    assert!(taken.as_millis() < 2_000, "{taken:?}");
    println!("500 resources in {taken:?}");
}

#[test]
fn one_resource_more_is_too_many() {
    assert_eq!(codes(&pipeline(504)), [code::LIMIT]);
}

#[test]
fn too_many_parameters_mappings_and_outputs() {
    let many = |entry: Value| -> Map<String, Value> {
        let name = |index| format!("Entry{index:03}");
        (0..201).map(|index| (name(index), entry.clone())).collect()
    };
    let template = json!({
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Parameters": many(json!({"Type": "String"})),
        "Mappings": many(json!({"a": {"b": "c"}})),
        "Outputs": many(json!({"Value": "x"})),
    });
    let limits = codes(&template)
        .into_iter()
        .filter(|found| *found == code::LIMIT);
    assert_eq!(limits.count(), 3);
}

#[test]
fn a_megabyte_is_too_big() {
    let states = json!({"It": {"Type": "Succeed", "Comment": "x".repeat(1_000_000)}});
    let template = json!({"Resources": {
        "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "RoleArn": "arn:aws:iam::123456789012:role/machine",
            "Definition": {"StartAt": "It", "States": states}}}}});
    assert_eq!(codes(&template), [code::LIMIT]);
}

#[test]
fn deprecated_properties_are_warned_about() {
    let specification = spec::Specification::embedded();
    let models = specification
        .names()
        .filter_map(|name| specification.resource_type(name).unwrap());
    let mut deprecated = 0;
    for model in models {
        for name in model
            .deprecated
            .iter()
            .filter(|name| model.root.properties.contains_key(*name))
        {
            let template = json!({"Resources": {"It": {"Type": model.name, "Properties": {name: {"Ref": "AWS::Region"}}}}});
            let findings = validate::validate(&template, &Sources::new());
            let found = findings
                .iter()
                .find(|finding| finding.code == code::DEPRECATED);
            assert_eq!(
                found.map(|finding| finding.severity),
                Some(Severity::Warning),
                "{} {name}",
                model.name
            );
            deprecated += 1;
        }
    }
    assert!(
        deprecated > 0,
        "the specification has no deprecated property left; remove the check"
    );
}
