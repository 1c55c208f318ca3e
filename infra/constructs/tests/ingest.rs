//! The smallest useful system: a bucket whose archives a function unpacks into another one.

use cfn::Document;
use constructs::{Bucket, DeadLetterQueue, Function, Setting, Stack, days, mib, minutes, suffixes};
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
    let unzip = Function::new(Unzip {
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
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/constructs");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("ingest", template().to_yaml()));
}

#[test]
fn is_the_same_every_time() {
    assert_eq!(template().to_json(), template().to_json());
}
