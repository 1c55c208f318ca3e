//! The smallest useful system: a bucket whose archives a function unpacks into another one.

use cfn::Document;
use constructs::{
    Bucket, DeadLetterQueue, Function, Setting, Stack, Synth, days, mib, minutes, suffixes,
};
use shared::contracts::Unzip;

fn template() -> Document {
    let mut stack = Stack::new("ingest", "ZIP files in, images out");
    let landing = Bucket::new("Landing")
        .expire_after(days(7))
        .add_to(&mut stack);
    let raw = Bucket::new("Raw").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures")
        .alarm_above(10)
        .add_to(&mut stack);
    let unzip = Function::new(Unzip::<Synth> {
        landing: landing.read(),
        raw: raw.write(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .memory(mib(512))
    .timeout(minutes(5))
    .on_failure(&failures)
    .add_to(&mut stack);
    landing.on_created(&mut stack, &suffixes([".zip"]), &unzip);
    stack.synthesize().expect("the stack is sound")
}

#[test]
fn is_what_was_reviewed() {
    crate::support::assert_reviewed("ingest", &template().to_yaml());
}

#[test]
fn is_the_same_every_time() {
    assert_eq!(template().to_json(), template().to_json());
}

/// The role may do what the ports say, by the one list that the run phase keeps to as well.
#[test]
fn the_role_has_the_actions_of_its_capabilities_and_its_own_workings() {
    use shared::capability::{READ_OBJECTS, SEND_MESSAGES, WRITE_OBJECTS};
    let template = crate::support::json(&template());
    let policy = &template["Resources"]["UnzipRole"]["Properties"]["Policies"][0]["PolicyDocument"];
    let actions = |sid: &str| -> Vec<&str> {
        let statements = policy["Statement"].as_array().expect("statements");
        let statement = statements.iter().find(|statement| statement["Sid"] == sid);
        let actions = statement.and_then(|statement| statement["Action"].as_array());
        let actions = actions.unwrap_or_else(|| panic!("no statement {sid}"));
        actions
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect()
    };
    assert_eq!(actions("Landing"), READ_OBJECTS.actions);
    assert_eq!(actions("Raw"), WRITE_OBJECTS.actions);
    assert_eq!(actions("Failures"), SEND_MESSAGES.actions);
    assert_eq!(
        actions("OwnLogs"),
        ["logs:CreateLogStream", "logs:PutLogEvents"]
    );
    let all = policy["Statement"].as_array().map(Vec::len);
    assert_eq!(all, Some(5), "and nothing else but `OwnFailures`");
}
