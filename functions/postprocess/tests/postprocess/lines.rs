//! Every kind of line in an output.

use serde_json::json;
use shared::contracts::batch::Ending;

use crate::support::{CLAUDE, TITAN, World, answer, claude, error, output};

#[test]
fn order_duplicates_strangers_and_damage_cost_no_row() {
    let world = World::of(CLAUDE, &["x", "y", "", "z", "w"]);
    let cut = answer("e", "five");
    world.put_output(
        0,
        &[
            answer("d", "four"),
            String::new(),
            answer("a", "one"),
            answer("a", "another one"),
            answer("zz", "whose?"),
            error("b", &json!(400)) + "\r",
            cut[..cut.len() - 10].to_owned(),
        ],
    );
    let done = world.join(0, Ending::Completed);
    assert_eq!(world.column("record_id"), ["a", "b", "c", "d", "e"]);
    assert_eq!(
        world.column("status"),
        ["succeeded", "failed", "rejected", "succeeded", "missing"]
    );
    assert_eq!(world.column("response"), ["one", "", "", "four", ""]);
    assert_eq!(world.column("error_code"), ["", "400", "", "", ""]);
    let outputs = done.outputs;
    assert_eq!(
        (
            outputs.lines,
            outputs.duplicates,
            outputs.unknown_ids,
            outputs.unreadable
        ),
        (6, 1, 1, 1)
    );
    let counts = done.record.counts;
    assert_eq!(
        (
            counts.succeeded,
            counts.failed,
            counts.rejected,
            counts.missing
        ),
        (2, 1, 1, 1)
    );
}

#[test]
fn errors_pass_or_stay_by_their_code_in_either_spelling() {
    let world = World::of(CLAUDE, &["x", "y", "z", "w"]);
    world.put_output(
        0,
        &[
            error("a", &json!(400)),
            error("b", &json!(429)),
            error("c", &json!("503")),
            error("d", &json!("ValidationException")),
        ],
    );
    let done = world.join(0, Ending::Completed);
    assert_eq!(world.column("error_code"), ["400", "429", "503", ""]);
    assert!(world.column("error_message")[3].starts_with("ValidationException: "));
    let counts = done.record.counts;
    assert_eq!((counts.failed, counts.redrivable), (4, 2));
}

#[test]
fn outputs_without_an_answer_are_told_and_not_sent_again() {
    let world = World::of(CLAUDE, &["v", "w", "x", "y", "z"]);
    let thinking = json!([
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "after thought"},
    ]);
    world.put_output(
        0,
        &[
            output("a", &claude(&json!([]))),
            output("b", &claude(&thinking)),
            output("c", &json!({"unknown": 1})),
            json!({"recordId": "d", "modelInput": {}}).to_string(),
            output("e", &json!(null)),
        ],
    );
    let done = world.join(0, Ending::Completed);
    assert_eq!(
        world.column("status"),
        [
            "no_answer",
            "succeeded",
            "no_answer",
            "no_answer",
            "no_answer"
        ]
    );
    assert_eq!(world.column("response")[1], "after thought");
    assert_eq!(
        (done.record.counts.no_answer, done.record.counts.redrivable),
        (4, 0)
    );
    // The empty answer was billed as well.
    assert_eq!(done.record.attempts[0].usage.input_tokens, 10);
    assert_eq!(done.record.attempts[0].usage.records, 2);
}

#[test]
fn an_error_among_embeddings_is_the_error_of_one_row() {
    let world = World::of(TITAN, &["x", "y", "z"]);
    let vector = |values: &[f64]| json!({"embedding": values, "inputTextTokenCount": 3});
    world.put_output(
        0,
        &[
            output("a", &vector(&[0.5, -1.0])),
            error("b", &json!(400)),
            output("c", &json!({"message": "cannot embed"})),
        ],
    );
    let done = world.join(0, Ending::Completed);
    assert_eq!(world.column("embedding"), ["[0.5, -1.0]", "", ""]);
    assert_eq!(world.column("status"), ["succeeded", "failed", "no_answer"]);
    assert_eq!(done.record.attempts[0].usage.input_tokens, 3);
}
