//! The body of a record, for each family.

use proptest::prelude::*;
use shared::batch::outcome::{Answer, RecordStatus};
use shared::batch::processor::{
    BodyError, Image, ImageFormat, Input, Options, PROCESSORS, Processor, TextBodies,
};
use shared::batch::prompt::{Cell, Template};
use shared::batch::record::write_line;

use super::support::{CLAUDE, COHERE, NOVA, TITAN, TITAN_IMAGE, processor, snapshots};

const PICTURE: Image<'static> = Image {
    format: ImageFormat::Png,
    base64: "iVBORw0KGgo=",
};

fn line(processor: &dyn Processor, input: &Input<'_>, options: &Options) -> String {
    let mut line = Vec::new();
    write_line("00000042", processor, input, options, &mut line).unwrap();
    String::from_utf8(line).unwrap()
}

#[test]
fn lines_are_what_each_family_takes() {
    let both = Input {
        text: Some("What is on it?"),
        image: Some(PICTURE),
    };
    let joke = Input::text("Tell a \"joke\" about\n日本 & cats\r\t\u{1}");
    let short = Options {
        dimensions: Some(256),
        ..Options::default()
    };
    let usual = Options::default();
    let lines = [
        ("Claude, text", CLAUDE, joke, usual),
        ("Claude, image", CLAUDE, both, usual),
        ("Nova, text", NOVA, joke, usual),
        ("Nova, image", NOVA, both, usual),
        ("Titan text", TITAN, Input::text("astronomy"), usual),
        ("Titan text, short", TITAN, Input::text("astronomy"), short),
        ("Titan image", TITAN_IMAGE, Input::image(PICTURE), usual),
        ("Titan image, both, short", TITAN_IMAGE, both, short),
        ("Cohere, text", COHERE, Input::text("astronomy"), usual),
        ("Cohere, image", COHERE, Input::image(PICTURE), usual),
    ];
    let lines = lines.map(|(name, model, input, options)| {
        format!("{name}\n{}\n", line(processor(model), &input, &options))
    });
    snapshots(|| insta::assert_snapshot!("bodies", lines.join("\n")));
}

#[test]
fn the_documents_line_is_exact() {
    let options = Options {
        max_tokens: 300,
        ..Options::default()
    };
    assert_eq!(
        line(processor(CLAUDE), &Input::text("Hi"), &options),
        r#"{"recordId":"00000042","modelInput":{"anthropic_version":"bedrock-2023-05-31","max_tokens":300,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}}"#
    );
    assert_eq!(
        line(processor(TITAN), &Input::text("Hi"), &options),
        r#"{"recordId":"00000042","modelInput":{"inputText":"Hi"}}"#
    );
}

#[test]
fn inputs_that_a_model_does_not_take_leave_nothing_behind() {
    let both = Input {
        text: Some("a"),
        image: Some(PICTURE),
    };
    for (model, input, rule) in [
        (CLAUDE, Input::text(" \n"), "the text is empty"),
        (CLAUDE, Input::image(PICTURE), "the text is empty"),
        (NOVA, Input::default(), "the text is empty"),
        (TITAN, Input::text(""), "the text is empty"),
        (TITAN, both, "takes no images"),
        (TITAN_IMAGE, Input::default(), "neither text nor image"),
        (COHERE, Input::text(""), "neither text nor image"),
        (COHERE, both, "not both"),
    ] {
        let mut line = b"before\n".to_vec();
        let refused = write_line(
            "1",
            processor(model),
            &input,
            &Options::default(),
            &mut line,
        );
        let message = refused.unwrap_err().to_string();
        assert!(message.contains(rule), "{message}");
        assert_eq!(line, b"before\n");
    }
}

#[test]
fn texts_are_found_among_other_blocks() {
    let claude = r#"{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"x"},{"type":"text","text":"To be "},{"type":"tool_use","id":"t","name":"n","input":{}},{"type":"text","text":"or not"}],"stop_reason":"end_turn","usage":{"input_tokens":90,"output_tokens":60}}"#;
    let nova = r#"{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"To be "},{"text":"or not"}]}},"stopReason":"end_turn","usage":{"inputTokens":90,"outputTokens":60,"totalTokens":150}}"#;
    for (model, output) in [(CLAUDE, claude), (NOVA, nova)] {
        let outcome = processor(model).read_output(output).unwrap();
        assert_eq!(outcome.status, RecordStatus::Succeeded);
        assert_eq!(outcome.answer, Some(Answer::Text("To be or not".into())));
        assert_eq!(outcome.stop_reason.as_deref(), Some("end_turn"));
        assert_eq!(
            (outcome.input_tokens, outcome.output_tokens),
            (Some(90), Some(60))
        );
        assert_eq!(outcome.error, None);
    }
}

#[test]
fn answers_without_text_are_outcomes_with_their_bill() {
    let claude =
        r#"{"content":[],"stop_reason":"refusal","usage":{"input_tokens":9,"output_tokens":0}}"#;
    let thinking = r#"{"content":[{"type":"thinking","thinking":"hm"}],"stop_reason":"refusal","usage":{"input_tokens":9,"output_tokens":0}}"#;
    let nova = r#"{"output":{"message":{"content":[]}},"stopReason":"refusal","usage":{"inputTokens":9,"outputTokens":0}}"#;
    for (model, output) in [(CLAUDE, claude), (CLAUDE, thinking), (NOVA, nova)] {
        let outcome = processor(model).read_output(output).unwrap();
        assert_eq!(
            (outcome.status, &outcome.answer),
            (RecordStatus::NoAnswer, &None)
        );
        assert_eq!(
            (outcome.input_tokens, outcome.output_tokens),
            (Some(9), Some(0))
        );
        let message = outcome.error.unwrap().message;
        assert_eq!(
            message,
            "the model answered without text (stop reason `refusal`)"
        );
    }
}

#[test]
fn embeddings_are_read_in_every_form() {
    let vector = Some(Answer::Embedding(vec![0.5, -1.0]));
    for (model, output, tokens) in [
        (
            TITAN,
            r#"{"embedding":[0.5,-1],"embeddingsByType":{"float":[0.5,-1]},"inputTextTokenCount":3}"#,
            Some(3),
        ),
        (
            TITAN,
            r#"{"embeddingsByType":{"float":[0.5,-1],"binary":[1,0]},"inputTextTokenCount":3}"#,
            Some(3),
        ),
        (
            TITAN_IMAGE,
            r#"{"embedding":[0.5,-1],"inputTextTokenCount":0,"message":null}"#,
            Some(0),
        ),
        (
            COHERE,
            r#"{"embeddings":[[0.5,-1]],"id":"x","response_type":"embeddings_floats","texts":["a"]}"#,
            None,
        ),
        (
            COHERE,
            r#"{"embeddings":{"float":[[0.5,-1]]},"id":"x","response_type":"embeddings_by_type"}"#,
            None,
        ),
    ] {
        let outcome = processor(model).read_output(output).unwrap();
        assert_eq!(outcome.status, RecordStatus::Succeeded, "{output}");
        assert_eq!(outcome.answer, vector, "{output}");
        assert_eq!(outcome.input_tokens, tokens, "{output}");
    }
}

#[test]
fn missing_embeddings_are_outcomes() {
    for (model, output, message) in [
        (
            TITAN,
            "{}",
            "the model answered without an embedding of floats",
        ),
        (
            TITAN,
            r#"{"embedding":[]}"#,
            "the model answered without an embedding of floats",
        ),
        (
            TITAN,
            r#"{"embeddingsByType":{"binary":[1]}}"#,
            "the model answered without an embedding of floats",
        ),
        (
            TITAN_IMAGE,
            r#"{"message":"image too large"}"#,
            "image too large",
        ),
        (
            COHERE,
            r#"{"embeddings":[]}"#,
            "the model answered without an embedding of floats",
        ),
        (
            COHERE,
            r#"{"embeddings":{"int8":[[1]]}}"#,
            "the model answered without an embedding of floats",
        ),
    ] {
        let outcome = processor(model).read_output(output).unwrap();
        assert_eq!(outcome.status, RecordStatus::NoAnswer, "{output}");
        assert_eq!(outcome.error.unwrap().message, message);
    }
}

type Body = Result<Vec<u8>, String>;

fn appended(write: impl FnOnce(&mut Vec<u8>) -> Result<(), BodyError>) -> Body {
    let mut out = Vec::new();
    write(&mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

proptest! {
    #[test]
    fn bodies_of_texts_are_what_the_family_writes(
        first in r#"[ a"\\\n\x00é日😀\u{e000}]{0,70}"#,
        second in proptest::option::of(r#"[ "\\\tß]{0,40}"#),
        literal in r#"[ x"\\\n]{0,5}"#,
        max_tokens in 1_u32..10_000,
    ) {
        let options = Options { max_tokens, ..Options::default() };
        let template = Template::parse(&format!("{literal}{{first}}{{second}}{literal}{{first}}")).unwrap();
        let cell = |name: &str| if name == "first" { Some(first.as_str()) } else { second.as_deref() };
        let second = second.as_deref().map_or(Cell::Null, Cell::Text);
        let prompt = template.render(&[Cell::Text(&first), second]);
        for processor in PROCESSORS {
            let by_family = |text: &str| appended(|out| processor.write_body(&Input::text(text), &options, out));
            let bodies = TextBodies::new(processor, options).unwrap();
            prop_assert_eq!(appended(|out| bodies.write_text(&first, out)), by_family(&first));
            prop_assert_eq!(appended(|out| bodies.write_prompt(&template, cell, out)), by_family(&prompt));
        }
    }
}
