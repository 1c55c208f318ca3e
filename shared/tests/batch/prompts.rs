//! Templates of prompts, and how cells read in them.

use proptest::prelude::*;
use shared::batch::prompt::{Cell, Template, TemplateError, Templates};

#[test]
fn placeholders_are_listed_once_in_order() {
    let template = Template::parse("{b} {a} {b} {{c}} {my column}").unwrap();
    assert_eq!(template.fields(), ["b", "a", "my column"]);
    let cells = [Cell::Text("1"), Cell::Text("{a}"), Cell::Null];
    // What a cell holds is no template.
    assert_eq!(template.render(&cells), "1 {a} 1 {c} ");
}

#[test]
fn braces_are_escaped_as_in_python() {
    for (text, rendered) in [
        ("", ""),
        ("plain", "plain"),
        ("{{}}", "{}"),
        ("{{{x}}}", "{X}"),
        ("}}{{", "}{"),
        ("{{x}}", "{x}"),
        ("{x}{x}", "XX"),
    ] {
        let template = Template::parse(text).unwrap();
        assert_eq!(template.render(&[Cell::Text("X")]), rendered, "{text}");
        assert_eq!(template.to_string(), text);
    }
}

#[test]
fn what_python_would_honour_is_refused_by_name() {
    for (placeholder, feature) in [
        ("a.b", "an attribute"),
        ("a[0]", "an element"),
        ("0", "a position"),
        ("", "a placeholder without a name"),
        ("a!r", "a conversion"),
        ("a:>10", "a format specification"),
        (":d", "a format specification"),
        ("a:{b", "a format specification"),
        ("a{b", "a placeholder within a placeholder"),
        (" a", "a name with spaces around it"),
    ] {
        let error = Template::parse(&format!("x {{{placeholder}}} y")).unwrap_err();
        assert_eq!(
            error,
            TemplateError::Unsupported {
                placeholder: placeholder.to_owned(),
                feature
            }
        );
    }
    let message = Template::parse("{a.b}").unwrap_err().to_string();
    assert_eq!(
        message,
        "`{a.b}` is an attribute, which templates do not have: write `{field}` with the name of a column"
    );
}

#[test]
fn unbalanced_braces_are_refused() {
    for text in ["{", "{a", "x {{{a", "{{{"] {
        assert_eq!(
            Template::parse(text),
            Err(TemplateError::Unclosed),
            "{text}"
        );
    }
    for text in ["}", "a}", "{{}", "{a}}"] {
        assert_eq!(
            Template::parse(text),
            Err(TemplateError::Unopened),
            "{text}"
        );
    }
    assert_eq!(
        TemplateError::Unopened.to_string(),
        "a `}` closes nothing: write `{field}`, or `}}` for the brace itself"
    );
}

#[test]
fn cells_read_by_the_written_rules() {
    for (cell, text) in [
        (Cell::Null, ""),
        (Cell::Text(" 007 "), " 007 "),
        (Cell::Integer(-5), "-5"),
        (Cell::Unsigned(u64::MAX), "18446744073709551615"),
        (Cell::Float(5.0), "5"),
        (Cell::Float(-0.5), "-0.5"),
        (Cell::Float(0.1), "0.1"),
        (Cell::Float(1e300), "1e300"),
        (Cell::Float(f64::NAN), ""),
        (Cell::Float(f64::INFINITY), "inf"),
        (Cell::Single(0.1), "0.1"),
        (Cell::Single(f32::NAN), ""),
        (Cell::Single(3.0), "3"),
        (Cell::Boolean(true), "true"),
        (Cell::Boolean(false), "false"),
    ] {
        assert_eq!(cell.to_string(), text, "{cell:?}");
    }
}

#[test]
fn the_documents_prompts_are_built_in() {
    let templates = Templates::built_in();
    let ids: Vec<_> = templates.ids().collect();
    assert_eq!(
        ids,
        [
            "describe_image",
            "joke_about_topic",
            "question_answering",
            "sentiment_classifier"
        ]
    );
    for (id, field) in [
        ("joke_about_topic", "topic"),
        ("question_answering", "source"),
        ("sentiment_classifier", "input_text"),
    ] {
        assert_eq!(templates.get(id).unwrap().fields(), [field]);
    }
    let of_images = templates.get("describe_image").unwrap();
    assert!(of_images.fields().is_empty());
    let joke = templates.get("joke_about_topic").unwrap();
    assert_eq!(
        joke.render(&[Cell::Text("cats")]),
        "Tell me a joke about cats in less than 50 words."
    );
}

#[test]
fn other_files_of_templates_are_read_and_laid_over() {
    let mut templates = Templates::built_in();
    let others = r#"{"joke_about_topic": "Joke: {topic}", "summary": "Sum up {text}"}"#;
    templates.extend(Templates::from_json(others).unwrap());
    assert_eq!(
        templates.get("joke_about_topic").unwrap().to_string(),
        "Joke: {topic}"
    );
    assert_eq!(templates.ids().count(), 5);
    for (text, expected) in [
        ("[]", "templates are not a JSON object"),
        (r#"{"a": 1}"#, "templates are not a JSON object"),
        (
            r#"{"a": "x", "a": "y"}"#,
            "there are two templates `a`: rename one of them",
        ),
        (r#"{"a": "{0}"}"#, "template `a`: `{0}` is a position"),
    ] {
        let message = Templates::from_json(text).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }
    let unknown = templates.get("poem").unwrap_err().to_string();
    assert!(
        unknown.contains(
            "describe_image, joke_about_topic, question_answering, sentiment_classifier, summary"
        ),
        "{unknown}"
    );
}

proptest! {
    #[test]
    fn any_text_is_a_template_once_escaped(text in "\\PC*") {
        let template = Template::parse(&text.replace('{', "{{").replace('}', "}}")).unwrap();
        prop_assert_eq!(template.render(&[]), text);
    }

    #[test]
    fn whatever_parses_is_written_as_it_was(text in "[{}a.:]{0,12}") {
        if let Ok(template) = Template::parse(&text) {
            prop_assert_eq!(template.to_string(), text);
        }
    }
}
