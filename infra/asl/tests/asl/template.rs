//! Definitions inside templates.

use asl::check::{MachineType, Schemas};
use asl::template::{Machine, machines};
use serde_json::{Value, json};

fn only(properties: &Value) -> Machine {
    let template = json!({"Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Orders": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties},
    }});
    let mut found = machines(&template);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn found(machine: &Machine) -> Vec<String> {
    let report = machine.check(&Schemas::default());
    let structural = report
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("S0"));
    structural
        .map(|finding| format!("{} {}", finding.pointer, &finding.code[..4]))
        .collect()
}

#[test]
fn functions_in_a_definition_become_text() {
    let machine = only(&json!({"StateMachineType": "EXPRESS", "Definition": {
        "StartAt": "A",
        "States": {"A": {
            "Type": "Task",
            "Resource": {"Fn::GetAtt": ["Charge", "Arn"]},
            "Comment": {"Ref": "AWS::NoValue"},
            "TimeoutSeconds": {"Ref": "Timeout"},
            "Parameters": {"Queue": {"Fn::Sub": ["https://${Host}/${!Id}/${Q}", {"Host": "sqs"}]}},
            "Retry": {"Fn::If": ["Production", [{"ErrorEquals": ["States.All"]}], []]},
            "End": true,
        }},
    }}));
    assert_eq!(machine.logical_id, "Orders");
    assert_eq!(machine.machine_type, MachineType::Express);
    let state = &machine.definition().unwrap()["States"]["A"];
    assert_eq!(state["Resource"], "${Charge.Arn}");
    assert_eq!(state["TimeoutSeconds"], "${Timeout}");
    assert_eq!(state["Parameters"]["Queue"], "https://sqs/${Id}/${Q}");
    assert_eq!(state.get("Comment"), None);
    let place = "/Properties/Definition/States/A/Retry";
    assert_eq!(found(&machine), [format!("{place}/0/ErrorEquals/0 S030")]);
    let report = machine.check(&Schemas::default());
    assert!(
        report
            .not_checked
            .iter()
            .any(|each| each.pointer.as_str() == place)
    );
}

#[test]
fn substitutions_are_made_where_they_are_known() {
    let machine = only(&json!({
        "DefinitionString": r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Delay}, "Comment": "${Who} ${Unknown}", "Next": "${Next}"}}}"#,
        "DefinitionSubstitutions": {"Delay": 5, "Who": {"Ref": "Owner"}, "Next": "B"},
    }));
    let state = &machine.definition().unwrap()["States"]["A"];
    assert_eq!(state["Seconds"], 5);
    assert_eq!(state["Comment"], "${Who} ${Unknown}");
    assert_eq!(
        found(&machine),
        [
            "/Properties/DefinitionString S008",
            "/Properties/DefinitionString/States/A/Next S012"
        ]
    );
}

#[test]
fn texts_are_put_together() {
    let sub = only(
        &json!({"DefinitionString": {"Fn::Sub": r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Charge.Arn}", "TimeoutSeconds": ${Timeout}, "End": true}}}"#}}),
    );
    assert_eq!(found(&sub), Vec::<String>::new());
    assert_eq!(
        sub.definition().unwrap()["States"]["A"]["TimeoutSeconds"],
        "${Timeout}"
    );
    let join = only(&json!({"DefinitionString": {"Fn::Join": ["", [
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ""#, {"Fn::GetAtt": ["Charge", "Arn"]}, r#"", "Next": "B"}}}"#,
    ]]}}));
    assert_eq!(
        found(&join),
        ["/Properties/DefinitionString/States/A/Next S012"]
    );
    let twice = only(&json!({"DefinitionString":
        r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Fail"}}}"#}));
    assert_eq!(
        found(&twice),
        ["/Properties/DefinitionString/States/A S006"]
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let broken = only(&json!({"DefinitionString": "{\"StartAt\": }"}));
    assert_eq!(found(&broken), ["/Properties/DefinitionString S001"]);
    let none = only(&json!({}));
    assert_eq!(found(&none), ["/Properties S001"]);
    for elsewhere in [
        json!({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}),
        json!({"DefinitionString": {"Ref": "Text"}}),
        json!({"Definition": {"Fn::Transform": {"Name": "AWS::Include"}}}),
    ] {
        let machine = only(&elsewhere);
        assert_eq!(machine.definition(), None, "{elsewhere}");
        assert_eq!(found(&machine), Vec::<String>::new(), "{elsewhere}");
        assert_eq!(
            machine.check(&Schemas::default()).not_checked.len(),
            1,
            "{elsewhere}"
        );
    }
}

#[test]
fn serverless_state_machines_are_found() {
    let template = json!({"Resources": {
        "One": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Type": "EXPRESS", "Definition": {
            "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": true}},
        }}},
        "Two": {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": "two.asl.json"}},
    }});
    let [one, two] = &machines(&template)[..] else {
        panic!("two machines");
    };
    assert_eq!(
        found(one),
        ["/Properties/Definition/States/A/Resource S063"]
    );
    assert_eq!(
        two.check(&Schemas::default()).not_checked[0]
            .pointer
            .as_str(),
        "/Properties/DefinitionUri"
    );
}

#[test]
fn keys_that_a_template_has_twice_in_a_definition_are_found() {
    let text = r"
Resources:
  Queue: {Type: AWS::SQS::Queue, Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {Type: Succeed}
          A: {Type: Fail}
";
    let document = asl::source::read(text).unwrap();
    let [machine] = &asl::template::machines_of(&document)[..] else {
        panic!("one machine");
    };
    assert_eq!(found(machine), ["/Properties/Definition/States/A S006"]);
}
