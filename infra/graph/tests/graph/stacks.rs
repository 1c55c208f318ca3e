//! Stacks.

use asl::Definition;
use graph::{Error, Line};
use serde_json::json;

use crate::{assert_reviewed, mermaid, read, svg};

fn orders() -> graph::Drawing {
    graph::stack(&read(include_str!("stacks/orders.yaml"))).expect("a template")
}

#[test]
fn a_template_of_other_people() {
    assert_reviewed("stack_orders", &orders());
}

#[test]
fn every_arrow_is_in_both_formats() {
    let drawing = orders();
    let arrows = drawing.scene.edges.len();
    assert_eq!(mermaid::read(&drawing.to_mermaid()).arrows.len(), arrows);
    let picture = svg::read(&drawing.to_svg());
    assert_eq!(picture.arrows, arrows);
    for node in &drawing.scene.nodes {
        assert!(picture.texts.contains(&node.title), "{}", node.title);
    }
    assert!(
        picture
            .description
            .starts_with("Orders by HTTP, kept in a table, told to a topic. Stack of")
    );
}

#[test]
fn the_same_template_gives_the_same_bytes() {
    assert_eq!(orders().to_svg(), orders().to_svg());
    assert_eq!(orders().to_mermaid(), orders().to_mermaid());
}

#[test]
fn a_state_machine_in_a_template_is_drawn_with_the_names_it_calls() {
    let template = read(include_str!("stacks/orders.yaml"));
    let machines = asl::template::machines(&template);
    let definition = machines[0].definition().expect("it is in the template");
    let mermaid = graph::machine(&Definition::read(definition)).to_mermaid();
    assert!(
        mermaid.contains(r#"Tell("Tell<br/>lambda:invoke<br/>Tell")"#),
        "{mermaid}"
    );
}

/// One function whose role has these statements, and a bucket it may use.
fn allowed(statements: &serde_json::Value) -> Vec<(String, Line, Vec<String>)> {
    let template = json!({"Resources": {
        "Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${AWS::StackName}-data"}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {"Statement": statements}}]}},
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }});
    let drawing = graph::stack(&template).expect("a template");
    let edges = drawing.scene.edges.into_iter();
    edges
        .map(|edge| (edge.to, edge.line, edge.labels))
        .collect()
}

#[test]
fn permissions_are_read_from_references_arns_and_names() {
    let ways = [
        json!({"Fn::Sub": "${Data.Arn}/in/*"}),
        json!({"Fn::Join": ["", [{"Fn::GetAtt": "Data.Arn"}, "/in/*"]]}),
        json!({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Data}/in/*"}),
        json!({"Fn::Sub": "arn:${AWS::Partition}:s3:::${AWS::StackName}-data/in/*"}),
        json!({"Fn::Sub": ["arn:aws:s3:::${Name}/in/*", {"Name": {"Ref": "Data"}}]}),
    ];
    for resource in ways {
        let statement = json!([{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": resource}]);
        let expected = vec![(
            "Data".to_owned(),
            Line::Use,
            vec!["read, write in/".to_owned()],
        )];
        assert_eq!(allowed(&statement), expected, "{resource}");
    }
}

#[test]
fn an_action_on_objects_is_none_on_the_bucket() {
    let statement = json!([{
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [{"Fn::GetAtt": ["Data", "Arn"]}, {"Fn::Sub": "${Data.Arn}/in/*"}],
        "Condition": {"StringLike": {"s3:prefix": ["in/*"]}},
    }]);
    let expected = vec![(
        "Data".to_owned(),
        Line::Use,
        vec!["read, list in/".to_owned()],
    )];
    assert_eq!(allowed(&statement), expected);
}

#[test]
fn what_denies_and_what_is_about_a_bucket_of_a_similar_name_is_no_arrow_to_it() {
    let statements = json!([
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Data.Arn}/*"}},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "arn:aws:s3:::${AWS::StackName}-data-2/*"}},
    ]);
    let targets: Vec<String> = allowed(&statements)
        .into_iter()
        .map(|(to, ..)| to)
        .collect();
    assert_eq!(targets, ["_StackName__data_2"]);
}

#[test]
fn what_is_no_template_is_told() {
    let error = graph::stack(&json!({"Outputs": {}})).expect_err("no resources");
    assert!(matches!(error, Error::NoTemplate));
    assert!(error.to_string().contains("`Resources`"), "{error}");
}

#[test]
fn what_differs_in_its_name_only_is_drawn_once() {
    let models = |names: &[&str]| {
        let arns: Vec<String> = names
            .iter()
            .map(|name| format!("arn:aws:bedrock:*::foundation-model/{name}"))
            .collect();
        let statement =
            json!({"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": arns});
        let targets = allowed(&json!([statement]));
        targets.into_iter().map(|(to, ..)| to).collect::<Vec<_>>()
    };
    assert_eq!(
        models(&["one", "two"]).len(),
        2,
        "two may be worth telling apart"
    );
    assert_eq!(models(&["one", "two", "three", "four"]), ["one"]);
}
