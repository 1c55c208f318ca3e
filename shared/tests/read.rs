//! Reading answers of a model: strict mode against pydantic's own results, lenient mode field by field.

use proptest::prelude::*;
use serde::Deserialize;
use shared::contracts::ParseMode;
use shared::record::{ParseStage, Reading, read};
use shared::records::{BookMetadata, InvoiceSummary};

fn strict(answer: &str) -> Reading<BookMetadata> {
    read(answer, ParseMode::Strict)
}

fn lenient(answer: &str) -> Reading<BookMetadata> {
    read(answer, ParseMode::Lenient)
}

#[test]
fn strict_mode_agrees_with_pydantic() {
    #[derive(Deserialize)]
    struct Table {
        produced_by: String,
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        answer: String,
        stage: ParseStage,
        record: BookMetadata,
    }
    let table: Table = serde_json::from_str(include_str!("fixtures/strict_parsing.json")).unwrap();
    assert!(table.cases.len() > 150, "the table is cut short");
    let disagreements: Vec<String> = table
        .cases
        .into_iter()
        .filter_map(|case| {
            let reading = strict(&case.answer);
            let agrees = (reading.stage, &reading.record) == (case.stage, &case.record);
            (!agrees).then(|| {
                format!(
                    "{:?}\n  expected {} {:?}\n  read     {} {:?} {:?}",
                    case.answer.chars().take(120).collect::<String>(),
                    case.stage,
                    case.record,
                    reading.stage,
                    reading.record,
                    reading.validation_errors
                )
            })
        })
        .collect();
    assert!(
        disagreements.is_empty(),
        "not as {}:\n{}",
        table.produced_by,
        disagreements.join("\n")
    );
}

#[test]
fn strict_mode_says_what_emptied_the_record() {
    let reading = strict(r#"{"title": "Dune", "confidence": 1.5, "isbn": 9780441172719}"#);
    assert_eq!(reading.stage, ParseStage::Empty);
    assert_eq!(reading.record, BookMetadata::default());
    assert_eq!(
        reading.validation_errors,
        [
            "isbn: 9780441172719 is not text",
            "confidence: 1.5 is above 1"
        ]
    );
    assert_eq!(
        reading.errors_text().as_deref(),
        Some("isbn: 9780441172719 is not text; confidence: 1.5 is above 1")
    );
    assert_eq!(strict("{}").errors_text(), None);
    assert_eq!(
        strict("[1]").validation_errors,
        ["answer: JSON, but not an object"]
    );
    assert!(strict("no cover").validation_errors[0].starts_with("answer: not JSON"));
}

#[test]
fn lenient_mode_keeps_what_is_valid() {
    let reading = lenient(
        r#"{"title": null, "author": ["A. Author", "B. Writer"], "isbn": 9780441172719, "publisher": {"name": "P"},
            "published_year": "c. 2024", "description": "D", "confidence": 1.5}"#,
    );
    assert_eq!(reading.stage, ParseStage::Direct);
    assert_eq!(
        reading.record,
        BookMetadata {
            author: "A. Author, B. Writer".into(),
            isbn: "9780441172719".into(),
            description: "D".into(),
            ..BookMetadata::default()
        }
    );
    assert_eq!(
        reading.validation_errors,
        [
            "title: null is not text",
            r#"author: ["A. Author", "B. Writer"] is not text"#,
            "isbn: 9780441172719 is not text",
            r#"publisher: {"name": "P"} is not text"#,
            r#"published_year: "c. 2024" is not an integer"#,
            "confidence: 1.5 is above 1",
        ]
    );
}

#[test]
fn lenient_mode_accepts_what_strict_mode_accepts() {
    let answer = r#"{"title": "Dune", "isbn": "978-0-441-17271-9", "published_year": "1965", "confidence": "0.9"}"#;
    assert_eq!(lenient(answer), strict(answer));
    assert_eq!(lenient(answer).record.isbn, "9780441172719");
    assert_eq!(lenient(answer).record.published_year, Some(1965));
}

#[test]
fn lenient_mode_looks_into_a_list() {
    let answer = r#"[{"title": "Dune"}]"#;
    assert_eq!(lenient(answer).stage, ParseStage::Extracted);
    assert_eq!(lenient(answer).record.title, "Dune");
    assert_eq!(strict(answer).stage, ParseStage::Empty);
}

#[test]
fn half_a_surrogate_pair_is_not_text() {
    let answer = r#"{"title": "\ud83d", "author": "A"}"#;
    assert_eq!(strict(answer).stage, ParseStage::Empty);
    assert_eq!(lenient(answer).record.author, "A");
}

#[test]
fn reasons_stay_short() {
    let answer = format!(r#"{{"published_year": "{}"}}"#, "x".repeat(1000));
    let errors = lenient(&answer).validation_errors;
    assert!(errors[0].len() < 120, "{errors:?}");
}

#[test]
fn another_record_is_read_by_its_own_fields() {
    let reading: Reading<InvoiceSummary> = read(
        r#"{"supplier": "ACME", "invoice_number": "R-7", "currency": "eur", "total": "1190.00", "line_items": 3.0,
            "paid": "no", "confidence": 0.8}"#,
        ParseMode::Strict,
    );
    assert_eq!(reading.validation_errors, Vec::<String>::new());
    assert_eq!(
        reading.record,
        InvoiceSummary {
            supplier: "ACME".into(),
            invoice_number: "R-7".into(),
            currency: "EUR".into(),
            total: Some(1190.0),
            line_items: Some(3),
            paid: Some(false),
            confidence: Some(0.8),
            ..InvoiceSummary::default()
        }
    );
    let reading: Reading<InvoiceSummary> = read(
        r#"{"supplier": "ACME", "line_items": -1, "paid": "perhaps", "total": NaN}"#,
        ParseMode::Lenient,
    );
    assert_eq!(
        reading.validation_errors,
        [
            "total: [] is not a number",
            "line_items: -1 is below 0",
            r#"paid: "perhaps" is not true or false"#,
        ]
    );
    assert_eq!(reading.record.supplier, "ACME");
}

#[test]
fn hostile_answers_end_as_records() {
    let megabyte = 1 << 20;
    let deep = format!(
        r#"{{"title": "T", "x": {}{}}}"#,
        "[".repeat(megabyte),
        "]".repeat(megabyte)
    );
    assert_eq!(strict(&deep).record.title, "T");
    let deep_known = format!(
        r#"{{"title": {}{}}}"#,
        "[".repeat(megabyte),
        "]".repeat(megabyte)
    );
    assert_eq!(lenient(&deep_known).record, BookMetadata::default());
    let unclosed = "{".repeat(megabyte);
    assert_eq!(lenient(&unclosed).stage, ParseStage::Empty);
    let long = format!(r#"{{"title": "{}"}}"#, "ü".repeat(megabyte));
    assert_eq!(strict(&long).record.title.chars().count(), megabyte);
    let constants = "NaN".repeat(megabyte / 3);
    assert_eq!(lenient(&constants).stage, ParseStage::Empty);
    assert_eq!(lenient("{\"title\": \"\u{1}\"}").stage, ParseStage::Empty);
}

/// Texts that are nearly answers: a few fragments in any order.
fn nearly_an_answer() -> impl Strategy<Value = String> {
    let fragments = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\",
        "null",
        "true",
        "NaN",
        "-Infinity",
        "1e999",
        "-0",
        "2024",
        "0.5",
        "\"title\"",
        "\"published_year\"",
        "\"confidence\"",
        "\"2_024\"",
        "\"x\"",
        " ",
        "\n",
        "ü",
        "\u{1}",
        "```json",
        "\\ud83d",
    ]);
    prop::collection::vec(fragments, 0..40).prop_map(|fragments| fragments.concat())
}

fn check_invariants(answer: &str) -> Result<(), TestCaseError> {
    let strict = strict(answer);
    let lenient = lenient(answer);
    for reading in [&strict, &lenient] {
        if reading.stage == ParseStage::Empty {
            prop_assert_eq!(&reading.record, &BookMetadata::default());
            prop_assert!(!reading.validation_errors.is_empty());
        }
        prop_assert!(
            reading
                .record
                .published_year
                .is_none_or(|year| (1000..=2100).contains(&year))
        );
        prop_assert!(
            reading
                .record
                .confidence
                .is_none_or(|confidence| (0.0..=1.0).contains(&confidence))
        );
        prop_assert!(!reading.record.isbn.contains(['-', ' ']));
    }
    if strict.stage != ParseStage::Empty {
        prop_assert_eq!(strict, lenient);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_ends_as_a_record(answer in any::<String>()) {
        check_invariants(&answer)?;
    }

    #[test]
    fn any_near_answer_ends_as_a_record(answer in nearly_an_answer()) {
        check_invariants(&answer)?;
    }

    #[test]
    fn any_field_ends_as_a_cell(year in nearly_an_answer(), confidence in "[-+_.0-9eE\" ]{0,12}") {
        check_invariants(&format!(r#"{{"title": "T", "published_year": {year}, "confidence": {confidence}}}"#))?;
    }
}
