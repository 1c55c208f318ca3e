//! Results as Parquet and as CSV.

use serde_json::json;
use shared::contracts::batch::Ending;

use crate::support::{CLAUDE, TITAN, World, answer, error, output};

#[test]
fn csv_is_written_when_asked_for_and_says_the_same() {
    let mut world = World::of(CLAUDE, &["plain", "with \"\"quotes\"\", and\nlines", ""]);
    world.put_output(0, &[answer("a", "one, \"1\"\nüñ"), error("b", &json!(429))]);
    let without = world.join(0, Ending::Completed);
    assert_eq!(without.record.csv, None);
    assert_eq!(world.bucket.get(&world.layout().csv_result(0)), None);

    world.csv = true;
    let with = world.join(0, Ending::Completed);
    assert_eq!(
        with.record.csv.as_deref(),
        Some("batch_output_csv/jokes/5f1c/0000.csv.gz")
    );
    assert_eq!(with.record.counts, without.record.counts);
    let text = world.csv();
    let (header, rest) = text.split_once('\n').unwrap();
    assert_eq!(
        header.trim_end(),
        "record_id,topic,n,response,status,error_code,error_message,stop_reason,input_tokens,output_tokens,job_arn"
    );
    assert!(
        rest.starts_with("a,plain,0,\"one, \"\"1\"\"\nüñ\",succeeded,,,end_turn,5,2,arn:"),
        "{rest}"
    );
    assert!(
        rest.contains("b,\"with \"\"quotes\"\", and\nlines\",1,,failed,429,error 429,"),
        "{rest}"
    );
    assert!(rest.contains("c,,2,,rejected,,"), "{rest}");
}

#[test]
fn vectors_are_in_csv_too() {
    let mut world = World::of(TITAN, &["x", "y"]);
    world.csv = true;
    world.put_output(
        0,
        &[output(
            "b",
            &json!({"embedding": [0.25, 2.0], "inputTextTokenCount": 1}),
        )],
    );
    world.join(0, Ending::Completed);
    assert!(
        world.csv().contains("b,y,1,\"[0.25, 2.0]\",succeeded"),
        "{}",
        world.csv()
    );
}
