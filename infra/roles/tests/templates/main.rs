//! Templates of all kinds, and what is refused.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod identities;
mod trust;

use std::collections::BTreeSet;

use roles::{Error, Options, roles, unneeded};
use serde_json::{Value, json};

fn template(resources: &Value) -> Value {
    json!({"Resources": resources})
}

fn written(resources: &Value) -> Result<Value, Error> {
    let document = roles(&template(resources), Options::new("shop"))?;
    let json: Value = serde_json::from_str(&document.to_json()).unwrap();
    let findings = validate::validate(&json, &validate::Sources::default());
    assert!(findings.is_empty(), "{}", validate::render(&findings));
    Ok(json)
}

/// The statements that allow an action.
fn statements_of<'a>(roles: &'a Value, action: &str) -> Vec<&'a Value> {
    let policies = roles["Resources"].as_object().unwrap().values();
    let statements = policies.flat_map(|policy| {
        let statements = &policy["Properties"]["PolicyDocument"]["Statement"];
        statements.as_array().into_iter().flatten()
    });
    let is_about = |statement: &&Value| {
        let actions = statement["Action"].as_array().unwrap();
        actions.iter().any(|name| name == action)
    };
    statements.filter(is_about).collect()
}

/// One text or several, as `Fn::Sub` has them.
fn texts(value: &Value) -> BTreeSet<String> {
    let text = |value: &Value| {
        let text = value.as_str().or(value["Fn::Sub"].as_str());
        text.or(value["Fn::Sub"][0].as_str())
            .unwrap()
            .replace("${AWS::Partition}", "aws")
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => [text(value)].into(),
    }
}

/// What an action is allowed on.
fn resources_of(roles: &Value, action: &str) -> BTreeSet<String> {
    let statements = statements_of(roles, action).into_iter();
    statements
        .flat_map(|statement| texts(&statement["Resource"]))
        .collect()
}

/// The values of a condition key under which alone an action is allowed.
fn condition_of(roles: &Value, action: &str, operator: &str, key: &str) -> BTreeSet<String> {
    let statements = statements_of(roles, action).into_iter();
    statements
        .flat_map(|statement| texts(&statement["Condition"][operator][key]))
        .collect()
}

fn queue(name: &Value) -> BTreeSet<String> {
    let properties = json!({"QueueName": name});
    let resources = json!({"Work": {"Type": "AWS::SQS::Queue", "Properties": properties}});
    let arns = resources_of(&written(&resources).unwrap(), "sqs:CreateQueue").into_iter();
    let prefix = "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:";
    arns.map(|arn| arn.strip_prefix(prefix).unwrap().to_owned())
        .collect()
}

#[test]
fn names_are_as_narrow_as_a_template_says() {
    for (name, expected) in [
        (json!("work"), "work"),
        (json!({"Ref": "AWS::StackName"}), "${StackName}"),
        (
            json!({"Fn::Sub": "${AWS::StackName}-a-${AWS::Region}"}),
            "${StackName}-a-${AWS::Region}",
        ),
        (
            json!({"Fn::Sub": ["${AWS::StackName}-${x}", {"x": "b"}]}),
            "${StackName}-b",
        ),
        (
            json!({"Fn::Sub": "${AWS::StackName}-${Stage}"}),
            "${StackName}-*",
        ),
        (
            json!({"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "c", {"Ref": "Stage"}]]}),
            "${StackName}-c-*",
        ),
        (json!({"Fn::ImportValue": "name"}), "*"),
    ] {
        assert_eq!(queue(&name), [expected.to_owned()].into(), "{name}");
    }
}

#[test]
fn what_belongs_to_a_resource_is_limited_to_it() {
    let resources = json!({
        "Files": {"Type": "AWS::S3::Bucket"},
        "FilesPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Files"}, "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": {"Fn::GetAtt": ["Files", "Arn"]}}],
        }}},
    });
    let roles = written(&resources).unwrap();
    let own = ["arn:aws:s3:::${StackName}-files-*".to_owned()].into();
    assert_eq!(resources_of(&roles, "s3:PutBucketPolicy"), own);
    assert_eq!(resources_of(&roles, "s3:ListAllMyBuckets"), BTreeSet::new());
}

fn role(properties: &Value) -> Value {
    let mut role = json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }}});
    for (name, value) in properties.as_object().unwrap() {
        role["Properties"][name] = value.clone();
    }
    role
}

/// Deletion reads until the mapping is gone, and then there is no function to compare with.
#[test]
fn mappings_of_other_functions_are_only_read() {
    let properties =
        json!({"FunctionName": "work", "EventSourceArn": "arn:aws:sqs:eu-central-1:1:work"});
    let mapping = json!({"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties});
    let written = written(&json!({"Mapping": mapping})).unwrap();
    let function = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:work";
    for action in ["Create", "Delete", "Update"] {
        let action = format!("lambda:{action}EventSourceMapping");
        let functions = condition_of(&written, &action, "ArnLike", "lambda:FunctionArn");
        let own = [function.to_owned(), format!("{function}:*")].into();
        assert_eq!(functions, own, "{action}");
    }
    let [reading] = statements_of(&written, "lambda:GetEventSourceMapping")[..] else {
        panic!("{written}");
    };
    assert_eq!(reading["Resource"], json!(["*"]));
    assert!(reading["Condition"].is_null(), "{reading}");
}

fn function(role: &Value) -> Value {
    json!({"Type": "AWS::Lambda::Function", "Properties": {"Role": role, "Code": {"ZipFile": "pass"}, "Runtime": "python3.14", "Handler": "index.handler"}})
}

#[test]
fn only_roles_that_are_known_are_passed() {
    let own = json!({"Work": function(&json!({"Fn::GetAtt": ["Reader", "Arn"]})), "Reader": role(&json!({}))});
    let passed = resources_of(&written(&own).unwrap(), "iam:PassRole");
    assert_eq!(
        passed,
        ["arn:aws:iam::${AWS::AccountId}:role/${StackName}-Reader-*".to_owned()].into()
    );
    let error = written(&json!({"Work": function(&json!({"Ref": "RoleArn"}))})).unwrap_err();
    assert!(matches!(error, Error::ForeignRole { .. }), "{error}");
}

/// The handlers' lists leave these out: without them a tagged function is not read, nor is a role's tag.
#[test]
fn what_tags_need_is_allowed() {
    let own = json!({"Work": function(&json!({"Fn::GetAtt": ["Reader", "Arn"]})), "Reader": role(&json!({}))});
    let written = written(&own).unwrap();
    let functions = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${StackName}-Work-*";
    let roles = "arn:aws:iam::${AWS::AccountId}:role/${StackName}-Reader-*";
    for (action, resource) in [("lambda:ListTags", functions), ("iam:ListRoleTags", roles)] {
        let allowed = resources_of(&written, action);
        assert_eq!(allowed, [resource.to_owned()].into(), "{action}");
    }
}

#[test]
fn names_that_would_be_cut_are_refused() {
    let id = "A".repeat(50);
    let error = written(&json!({id: role(&json!({}))})).unwrap_err();
    assert!(matches!(error, Error::NameTooLong { .. }), "{error}");
}

#[test]
fn types_of_unknown_needs_are_refused() {
    let error = written(&json!({"Own": {"Type": "Custom::Thing"}})).unwrap_err();
    assert!(error.to_string().contains("types.txt"), "{error}");
}

/// More policies than a role can hold.
#[test]
fn what_no_role_can_hold_is_refused() {
    let queues = (0..500).map(|number| {
        let properties = json!({"QueueName": format!("{number:-<80}")});
        (
            format!("Queue{number}"),
            json!({"Type": "AWS::SQS::Queue", "Properties": properties}),
        )
    });
    let error = written(&queues.collect()).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[test]
fn what_is_left_out_has_a_reason() {
    let template =
        template(&json!({"Work": function(&json!("arn:aws:iam::111122223333:role/work"))}));
    let found = unneeded(&template).unwrap();
    let subnets = found
        .iter()
        .find(|each| each.action == "ec2:DescribeSubnets")
        .unwrap();
    assert_eq!(subnets.reason, "the function is in no VPC");
}
