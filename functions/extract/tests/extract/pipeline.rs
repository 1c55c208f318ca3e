//! From message to row: what is written, what goes where when something is wrong, and what comes again.

use crate::support::pictures::{cover, png_cover};
use crate::support::rows::read;
use crate::support::{BUCKET, GATSBY, World, batch, body, created, message, run};
use extract::batch::{Happened, process_batch};
use extract::process::{Outcome, Recorded, process};
use extract::table::Table;
use serde_json::{Value, json};
use shared::contracts::{ParseMode, ReviewPolicy};
use shared::events::sqs::BatchResponse;
use shared::record::{ParseStage, Record};
use shared::records::{BookMetadata, InvoiceSummary};
use shared::run::ErrorKind;

const KEY: &str = "covers/gatsby.jpg";

/// Sends one message per body; returns the answer and what happened.
fn deliver(world: &World, bodies: &[String]) -> (BatchResponse, Vec<Happened<BookMetadata>>) {
    let table = Table::of::<BookMetadata>().unwrap();
    let mut all = Vec::new();
    let event = batch(bodies);
    let response = run(process_batch(world, &table, &event, |happened| {
        all.push(happened);
    }));
    (response, all)
}

fn send(world: &World, keys: &[&str]) -> (BatchResponse, Vec<Happened<BookMetadata>>) {
    let bodies: Vec<String> = keys.iter().map(|key| body(vec![created(key)])).collect();
    deliver(world, &bodies)
}

fn recorded<R: Record>(world: &World, key: &str) -> Recorded<R> {
    let table = Table::of::<R>().unwrap();
    match run(process::<R>(world, &table, &created(key))) {
        Ok(Outcome::Recorded(recorded)) => *recorded,
        other => panic!("not recorded: {other:?}"),
    }
}

/// The only row that was written.
fn row(world: &World) -> Value {
    let records = world.records.borrow();
    assert_eq!(records.len(), 1, "{:?}", records.keys());
    read(records.values().next().unwrap())
}

#[track_caller]
fn assert_done(response: &BatchResponse) {
    assert_eq!(response.batch_item_failures, []);
}

/// Sends one message that must go to the failure queue for a reason and leave nothing else.
#[track_caller]
fn assert_refused(world: &World, key: &str, reason: &str) {
    let (response, happened) = send(world, &[key]);
    assert_done(&response);
    assert!(
        matches!(happened.as_slice(), [Happened::GaveUp(_)]),
        "{happened:?}"
    );
    let failures = world.failures.borrow();
    let reasons: Vec<&str> = failures
        .iter()
        .map(|failure| failure.reason.as_str())
        .collect();
    assert_eq!(reasons, [reason]);
    assert!(world.records.borrow().is_empty());
}

/// Sends one message that must stay in its queue and leave nothing behind.
#[track_caller]
fn assert_left(world: &World) {
    let (response, happened) = send(world, &[KEY]);
    let left: Vec<&str> = response
        .batch_item_failures
        .iter()
        .map(|item| item.item_identifier.as_str())
        .collect();
    assert_eq!(left, ["message-0"]);
    assert!(
        matches!(happened.as_slice(), [Happened::Left { .. }]),
        "{happened:?}"
    );
    assert!(world.failures.borrow().is_empty());
}

#[test]
fn an_image_becomes_a_row_in_the_partition_of_its_event() {
    let world = World::answering(GATSBY);
    let (response, _) = send(&world, &[KEY]);
    assert_done(&response);
    let records = world.records.borrow();
    let key = records.keys().next().unwrap();
    let start = "processed/year=2026/month=03/day=09/metadata_20260309_150530_";
    assert!(key.starts_with(start) && key.ends_with(".parquet"), "{key}");
    drop(records);
    let row = row(&world);
    assert_eq!(row["title"], "The Great Gatsby");
    assert_eq!(row["isbn"], "9780743273565");
    assert_eq!(row["published_year"], 2004);
    assert_eq!(row["confidence"], 0.88);
    assert_eq!(row["filename"], KEY);
    assert_eq!(row["source_bucket"], BUCKET);
    assert_eq!(row["model_id"], crate::support::MODEL);
    assert_eq!(row["parse_stage"], "direct");
    assert_eq!(row["validation_errors"], Value::Null);
    assert_eq!(row["input_tokens"], 1893);
    assert_eq!(row["processed_at"], "2026-03-09T15:05:30.123Z");
    assert!(key_contains_id(&world, &row));
}

fn key_contains_id(world: &World, row: &Value) -> bool {
    let id = row["id"].as_str().unwrap();
    world.records.borrow().keys().all(|key| key.contains(id))
}

#[test]
fn several_messages_are_each_dealt_with() {
    let world = World::answering(GATSBY)
        .with("covers/one.png", png_cover(20, 30))
        .with("covers/two.jpeg", cover(20, 30));
    let (response, _) = send(&world, &[KEY, "covers/one.png", "covers/two.jpeg"]);
    assert_done(&response);
    assert_eq!(world.records.borrow().len(), 3);
}

#[test]
fn a_bad_image_does_not_hold_up_the_others() {
    let world = World::answering(GATSBY).with("covers/bad.jpg", b"no image".to_vec());
    let (response, _) = send(&world, &["covers/bad.jpg", KEY]);
    assert_done(&response);
    assert_eq!(world.records.borrow().len(), 1);
    assert_eq!(world.failures.borrow().len(), 1);
}

#[test]
fn only_the_message_that_failed_comes_again() {
    let world = World::answering(GATSBY).with("covers/other.jpg", cover(9, 9));
    world
        .answers
        .borrow_mut()
        .push_front(Err(ErrorKind::Throttled));
    let (response, _) = send(&world, &[KEY, "covers/other.jpg"]);
    assert_eq!(response.batch_item_failures.len(), 1);
    assert_eq!(response.batch_item_failures[0].item_identifier, "message-0");
    assert_eq!(world.records.borrow().len(), 1);
}

#[test]
fn encoded_keys_are_decoded() {
    let world = World::answering(GATSBY).with("covers/Dürer + sons.JPG", cover(20, 30));
    let (response, _) = send(&world, &["covers/D%C3%BCrer+%2B+sons.JPG"]);
    assert_done(&response);
    assert_eq!(row(&world)["filename"], "covers/Dürer + sons.JPG");
}

#[test]
fn keys_are_checked_before_anything_is_read() {
    let cases = [
        ("covers/../secret.jpg", "unsafe_key"),
        ("..%2Fsecret.jpg", "unsafe_key"),
        ("covers/..%5Csecret.jpg", "unsafe_key"),
        ("/etc/passwd.jpg", "unsafe_key"),
        ("covers/a.gif", "unsupported_extension"),
        ("covers/readme", "unsupported_extension"),
        ("covers/jpg", "unsupported_extension"),
        ("covers/%ZZ.jpg", "malformed_key"),
        ("other/a.jpg", "unexpected_location"),
    ];
    for (key, reason) in cases {
        let world = World::answering(GATSBY).failing("GetObject", ErrorKind::Denied);
        assert_refused(&world, key, reason);
    }
}

#[test]
fn two_dots_within_a_name_are_fine() {
    let world = World::answering(GATSBY).with("covers/vol..2.jpg", cover(20, 30));
    assert_done(&send(&world, &["covers/vol..2.jpg"]).0);
    assert_eq!(world.records.borrow().len(), 1);
}

#[test]
fn images_that_never_become_records_go_to_the_failure_queue() {
    let huge = {
        let mut file = cover(8, 8);
        let frame = file
            .windows(2)
            .position(|pair| pair == [0xFF, 0xC0])
            .unwrap();
        file[frame + 5..frame + 9].fill(0xFF);
        file
    };
    let truncated = {
        let file = cover(200, 200);
        file[..file.len() / 2].to_vec()
    };
    let broken = {
        let mut file = cover(200, 200);
        let tables = file
            .windows(2)
            .position(|pair| pair == [0xFF, 0xC4])
            .unwrap();
        file[tables + 5..tables + 21].fill(0x11);
        file
    };
    let cases = [
        (Vec::new(), "empty_object"),
        (b"GIF89a".to_vec(), "unsupported_format"),
        (huge, "image_too_large"),
        (truncated, "truncated_image"),
        (broken, "undecodable_image"),
    ];
    for (content, reason) in cases {
        let world = World::answering(GATSBY).with("covers/a.jpg", content);
        assert_refused(&world, "covers/a.jpg", reason);
        assert!(
            world.requests.borrow().is_empty(),
            "no model is asked about {reason}"
        );
    }
}

#[test]
fn an_object_that_is_gone_or_too_large_is_given_up_on() {
    assert_refused(
        &World::answering(GATSBY),
        "covers/gone.jpg",
        "missing_object",
    );
    let world = World::answering(GATSBY).failing("GetObject", ErrorKind::TooLarge);
    assert_refused(&world, KEY, "object_too_large");
}

#[test]
fn a_request_that_the_model_rejects_is_given_up_on() {
    let world = World::answering(GATSBY).failing("InvokeModel", ErrorKind::Invalid);
    assert_refused(&world, KEY, "model_rejects_request");
}

#[test]
fn whatever_may_pass_leaves_the_message_in_its_queue() {
    let kinds = [
        ErrorKind::Throttled,
        ErrorKind::Unavailable,
        ErrorKind::Denied,
    ];
    for operation in ["GetObject", "Claim", "InvokeModel", "PutObject", "Settle"] {
        for kind in kinds {
            assert_left(&World::answering(GATSBY).failing(operation, kind));
        }
    }
    assert_left(&World::answering("{}").failing("SendReview", ErrorKind::Unavailable));
}

#[test]
fn an_input_that_cannot_be_handed_over_stays() {
    let world = World::answering(GATSBY)
        .with(KEY, Vec::new())
        .failing("SendFailure", ErrorKind::Unavailable);
    assert_left(&world);
}

#[test]
fn an_empty_or_strange_response_is_asked_for_again() {
    let bodies = [
        json!({}),
        json!({ "content": [] }),
        json!({ "content": [{ "type": "thinking", "thinking": "..." }] }),
        json!({ "results": [{ "outputText": "another family's format" }], "content": 7 }),
        json!("text"),
    ];
    for body in bodies {
        let world = World {
            answers: std::cell::RefCell::default(),
            ..World::answering(GATSBY)
        };
        assert_left(&world.then(&body));
    }
}

#[test]
fn test_events_and_other_events_are_ignored() {
    let world = World::answering(GATSBY);
    let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET });
    let mut removed = created(KEY);
    removed.event_name = "ObjectRemoved:Delete".to_owned();
    let (response, happened) = deliver(&world, &[test.to_string(), body(vec![removed])]);
    assert_done(&response);
    assert!(matches!(
        happened.as_slice(),
        [
            Happened::TestEvent,
            Happened::Done {
                outcome: Outcome::Ignored { .. },
                ..
            }
        ]
    ));
    assert!(world.records.borrow().is_empty() && world.failures.borrow().is_empty());
}

#[test]
fn a_message_that_is_no_notification_is_given_up_on() {
    let world = World::answering(GATSBY);
    let bodies = ["not JSON", "{}", "[1]", r#"{"Records": [{"s3": {}}]}"#].map(str::to_owned);
    let (response, _) = deliver(&world, &bodies);
    assert_done(&response);
    let failures = world.failures.borrow();
    assert_eq!(failures.len(), bodies.len());
    assert!(
        failures
            .iter()
            .all(|failure| failure.reason == "malformed_event")
    );
    assert_eq!(
        failures[0].event,
        json!("not JSON"),
        "it is kept as it came"
    );
    drop(failures);
    let mut record = created(KEY);
    record.event_time = "yesterday".to_owned();
    deliver(&world, &[body(vec![record])]);
    assert_eq!(
        world.failures.borrow().last().unwrap().reason,
        "malformed_event"
    );
}

#[test]
fn a_failure_can_be_sent_again_as_it_is() {
    let world = World::answering(GATSBY).with("covers/later.jpg", Vec::new());
    send(&world, &["covers/later.jpg"]);
    let event = world.failures.borrow()[0].event.to_string();
    let mended = World::answering(GATSBY).with("covers/later.jpg", cover(9, 9));
    assert_done(&deliver(&mended, &[event]).0);
    assert_eq!(mended.records.borrow().len(), 1);
}

#[test]
fn the_same_event_again_adds_no_row_and_asks_no_model() {
    let world = World::answering(GATSBY);
    send(&world, &[KEY, KEY]);
    let (response, happened) = send(&world, &[KEY]);
    assert_done(&response);
    let already = |happened: &Happened<_>| {
        matches!(
            happened,
            Happened::Done {
                outcome: Outcome::AlreadyRecorded { .. },
                ..
            }
        )
    };
    assert!(happened.iter().all(already), "{happened:?}");
    assert_eq!(world.records.borrow().len(), 1);
    assert_eq!(world.requests.borrow().len(), 1);
}

#[test]
fn the_same_content_uploaded_another_day_adds_no_row() {
    let world = World::answering(GATSBY);
    send(&world, &[KEY]);
    let mut later = created(KEY);
    later.event_time = "2026-04-17T08:00:00.000Z".to_owned();
    deliver(&world, &[body(vec![later])]);
    assert_eq!(world.records.borrow().len(), 1);
}

#[test]
fn a_redelivery_after_a_failure_writes_to_the_place_that_was_claimed() {
    for operation in ["InvokeModel", "PutObject", "Settle"] {
        let failing = World::answering(GATSBY).failing(operation, ErrorKind::Unavailable);
        send(&failing, &[KEY]);
        let mended = World {
            failing: std::collections::BTreeMap::new(),
            ..failing
        };
        let mut later = created(KEY);
        later.event_time = "2026-03-16T00:00:00.000Z".to_owned();
        assert_done(&deliver(&mended, &[body(vec![later])]).0);
        let records = mended.records.borrow();
        assert_eq!(records.len(), 1, "{operation}");
        assert!(
            records.keys().all(|key| key.contains("day=09")),
            "{operation}: {records:?}"
        );
    }
}

#[test]
fn another_model_or_mode_replaces_the_row() {
    let world = World::answering(GATSBY);
    send(&world, &[KEY]);
    let strict = World {
        mode: ParseMode::Strict,
        ..world
    };
    send(&strict, &[KEY]);
    assert_eq!(strict.requests.borrow().len(), 2);
    assert_eq!(strict.records.borrow().len(), 1);
}

#[test]
fn an_empty_record_is_tried_again_when_the_image_comes_again() {
    let world = World::answering("I cannot help with that.").then(&message(GATSBY));
    send(&world, &[KEY]);
    assert_eq!(row(&world)["parse_stage"], "empty");
    send(&world, &[KEY]);
    assert_eq!(row(&world)["title"], "The Great Gatsby");
}

#[test]
fn new_content_under_the_same_key_is_a_new_row() {
    let world = World::answering(GATSBY);
    send(&world, &[KEY]);
    let world = world.with(KEY, cover(70, 90));
    send(&world, &[KEY]);
    assert_eq!(world.records.borrow().len(), 2);
}

#[test]
fn answers_are_read_in_three_stages() {
    let wrapped = format!("Here it is:\n```json\n{GATSBY}\n```");
    let cases = [
        (GATSBY, ParseStage::Direct, "The Great Gatsby"),
        (wrapped.as_str(), ParseStage::Extracted, "The Great Gatsby"),
        ("I see a book.", ParseStage::Empty, ""),
    ];
    for (answer, stage, title) in cases {
        let recorded = recorded::<BookMetadata>(&World::answering(answer), KEY);
        assert_eq!(recorded.stage, stage);
        assert_eq!(recorded.row.record.title, title);
    }
}

#[test]
fn one_invalid_field_empties_the_record_only_in_strict_mode() {
    let answer = r#"{"title": "Emma", "confidence": 1.5}"#;
    let lenient = recorded::<BookMetadata>(&World::answering(answer), KEY);
    assert_eq!(lenient.row.record.title, "Emma");
    assert_eq!(lenient.row.record.confidence, None);
    assert!(
        lenient
            .row
            .provenance
            .validation_errors
            .unwrap()
            .starts_with("confidence")
    );
    let world = World {
        mode: ParseMode::Strict,
        ..World::answering(answer)
    };
    let strict = recorded::<BookMetadata>(&world, KEY);
    assert_eq!(strict.row.record, BookMetadata::default());
    assert_eq!(strict.stage, ParseStage::Empty);
}

#[test]
fn a_thought_before_the_text_is_passed_over_and_a_cut_answer_is_noted() {
    let body = json!({
        "content": [{ "type": "thinking", "thinking": "{}" }, { "type": "text", "text": GATSBY }],
        "stop_reason": "max_tokens",
    });
    let world = World {
        answers: std::cell::RefCell::default(),
        ..World::answering(GATSBY)
    };
    let recorded = recorded::<BookMetadata>(&world.then(&body), KEY);
    assert_eq!(recorded.row.record.title, "The Great Gatsby");
    assert!(recorded.cut_off);
    assert_eq!(recorded.usage, None);
    assert_eq!(recorded.row.provenance.input_tokens, None);
}

#[test]
fn unsure_records_are_reviewed_and_sure_ones_sampled() {
    let with = |confidence: &str, sample_one_in| {
        let answer = format!(r#"{{"title": "Emma", "confidence": {confidence}}}"#);
        let world = World {
            policy: ReviewPolicy {
                below_confidence: 0.5,
                sample_one_in,
            },
            ..World::answering(&answer)
        };
        send(&world, &[KEY]);
        let reviews = world.reviews.borrow();
        assert!(reviews.len() < 2);
        reviews
            .first()
            .map(|review| review["reason"].as_str().unwrap().to_owned())
    };
    assert_eq!(with("null", 0).as_deref(), Some("no_confidence"));
    assert_eq!(with("0.49", 0).as_deref(), Some("low_confidence"));
    assert_eq!(with("0.5", 0), None);
    assert_eq!(with("0.9", 1).as_deref(), Some("sample"));
}

#[test]
fn about_one_in_so_many_is_sampled() {
    let mut world = World::answering(GATSBY);
    world.policy.sample_one_in = 4;
    let keys: Vec<String> = (0..200)
        .map(|number| format!("covers/{number}.png"))
        .collect();
    for key in &keys {
        world = world.with(key, png_cover(2, 2));
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    send(&world, &keys);
    let sampled = world.reviews.borrow().len();
    assert!((25..=80).contains(&sampled), "{sampled} of 200");
}

#[test]
fn a_review_has_all_that_a_person_needs() {
    let world = World::answering(r#"{"title": "Emma", "confidence": 0.2}"#);
    send(&world, &[KEY]);
    let review = world.reviews.borrow()[0].clone();
    assert_eq!(review["row"]["title"], "Emma");
    assert_eq!(review["row"]["filename"], KEY);
    assert!(
        world
            .records
            .borrow()
            .contains_key(review["stored_as"].as_str().unwrap())
    );
}

#[test]
fn the_model_sees_a_small_jpeg_whatever_was_uploaded() {
    let world = World::answering(GATSBY).with("covers/large.png", png_cover(1500, 2000));
    send(&world, &["covers/large.png"]);
    let requests = world.requests.borrow();
    let source = &requests[0]["messages"][0]["content"][0]["source"];
    assert_eq!(source["media_type"], "image/jpeg");
    let data = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        source["data"].as_str().unwrap(),
    );
    let sent = ::image::load_from_memory(&data.unwrap()).unwrap();
    assert_eq!((sent.width(), sent.height()), (768, 1024));
}

#[test]
fn content_and_extension_may_differ_between_the_formats_that_are_read() {
    let world = World::answering(GATSBY).with(KEY, png_cover(9, 9));
    let recorded = recorded::<BookMetadata>(&world, KEY);
    assert_eq!(recorded.mislabelled, Some(extract::image::Format::Png));
}

/// The record is the only thing that changes for another use: see `shared::records`.
#[test]
fn another_record_runs_through_the_same_functions() {
    let answer =
        r#"{"supplier": "Paper & Ink Ltd", "invoice_number": "2026-17", "confidence": 0.7}"#;
    let world = World::answering(answer);
    let recorded = recorded::<InvoiceSummary>(&world, KEY);
    assert_eq!(recorded.stage, ParseStage::Direct);
    let row = row(&world);
    assert_eq!(row["invoice_number"], "2026-17");
    let prompt = world.requests.borrow()[0]["messages"][0]["content"][1]["text"].to_string();
    assert!(prompt.contains("invoice"), "{prompt}");
}
