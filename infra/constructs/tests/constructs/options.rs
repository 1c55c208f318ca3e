//! Every option of the constructs that the vision system does not use, in one template.

use cfn::{Document, kms};
use constructs::{
    Bucket, Crawler, DeadLetterQueue, Function, GlueDatabase, Queue, Setting, Stack, Synth, days,
    hours, invoke, minutes, seconds, suffixes,
};
use shared::contracts::{Compact, CompactionRequest, Extract, Unzip};
use shared::model::{Model, Profile, Target};

fn template() -> Document {
    let mut stack = Stack::new("options", "Everything that can be chosen");
    let key = kms::Key::new().enable_key_rotation(true);
    let key = stack.template().add("Key", key);
    let secret = Bucket::new("Secret")
        .encrypted_with(&key)
        .versioned(days(30))
        .retain()
        .expire_below("scratch/", days(1))
        .notify_event_bridge()
        .add_to(&mut stack);
    let open = Bucket::new("Open")
        .without_tls_only_policy("a scanner in the factory speaks no TLS")
        .add_to(&mut stack);
    let dead = DeadLetterQueue::new("Dead").add_to(&mut stack);
    let archives = Queue::new("Archives")
        .retry_after(hours(2))
        .dead_letters(&dead, 5)
        .alarm_above(1_000)
        .without_tls_only_policy("so does its terminal")
        .add_to(&mut stack);
    open.send_created(&mut stack, &suffixes([".zip"]), &archives);

    let unzip = Function::new(Unzip::<Synth> {
        landing: secret.read(),
        raw: secret.write_below("raw/"),
        failures: dead.send(),
        limits: Setting::default(),
    })
    .traced()
    .reserve_concurrency(3)
    .keep_logs(days(7))
    .dead_letter_queue(&dead)
    .add_to(&mut stack);
    secret.on_created(&mut stack, &suffixes([".zip"]), &unzip);

    let sonnet = Target {
        model: &Model::CLAUDE_SONNET_4_5,
        profile: Some(Profile::Us),
    };
    Function::new(Extract::<Synth> {
        raw: secret.read_below("raw/"),
        processed: secret.write_below("processed/"),
        claims: secret.write_below("claims/"),
        claimed: secret.read_below("claims/"),
        model: invoke(sonnet),
        failures: dead.send(),
        review: dead.send(),
        parse_mode: Setting::default(),
        review_policy: Setting::default(),
    })
    .timeout(minutes(10))
    .on_messages(&archives, 10)
    .add_to(&mut stack);

    Function::new(Compact::<Synth> {
        live_keys: secret.list_below("processed/"),
        live: secret.read_below("processed/"),
        expired: secret.delete_below("processed/"),
        compacted_keys: secret.list(),
        compacted: secret.read(),
        output: secret.write(),
        superseded: secret.delete(),
        policy: Setting::default(),
    })
    .every_day_at(
        23,
        59,
        &CompactionRequest {
            now: "2026-01-01T00:00:00Z".into(),
        },
    )
    .add_to(&mut stack);

    let database = GlueDatabase::new("Data of others").add_to(&mut stack);
    Crawler::new("Nightly", &open, "data/")
        .every_day_at(3, 30)
        .add_to(&mut stack, &database);
    Crawler::new("Arrivals", &secret, "data/")
        .on_arrival(100, seconds(900))
        .add_to(&mut stack, &database);
    stack.synthesize().expect("the stack is sound")
}

#[test]
fn are_what_was_reviewed() {
    crate::support::assert_reviewed("options", &template().to_yaml());
}

#[test]
fn weakening_shows_in_the_template_with_its_reason() {
    let template = crate::support::json(&template());
    let resources = &template["Resources"];
    assert!(resources["OpenBucketPolicy"].is_null());
    assert_eq!(
        resources["OpenBucket"]["Metadata"]["Colophon"]["WithoutTlsOnlyPolicy"],
        "a scanner in the factory speaks no TLS"
    );
    assert_eq!(
        resources["SecretBucketPolicy"]["Type"],
        "AWS::S3::BucketPolicy"
    );
    assert!(resources["SecretBucket"]["Metadata"].is_null());
}
