//! Lines of files, and the manifest.

use shared::batch::processor::{Input, Options};
use shared::batch::record::{InputLine, Manifest, OutputLine, parse_line, parse_lines, write_line};

use super::support::{CLAUDE, processor};

#[test]
fn lines_are_read_with_blank_ones_skipped() {
    let file = b"\n{\"recordId\":\"a\"}\n  \n\r\n{\"recordId\":\"b\"}\r\n{\"recordId\":\"c\"}";
    let ids: Vec<String> = parse_lines::<OutputLine<'_>>(file)
        .map(|line| line.unwrap().record_id.into_owned())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(parse_lines::<OutputLine<'_>>(b"").count(), 0);
}

#[test]
fn errors_name_the_line_and_spare_the_others() {
    let file = b"{\"recordId\":\"a\"}\n\n{\"recordId\":\n{}\n[]\n\xff\n{\"recordId\":\"b\"}\n";
    let lines: Vec<_> = parse_lines::<OutputLine<'_>>(file).collect();
    let numbers: Vec<_> = lines
        .iter()
        .filter_map(|line| Some(line.as_ref().err()?.number))
        .collect();
    assert_eq!(numbers, [3, 4, 5, 6]);
    assert_eq!(lines.iter().filter(|line| line.is_ok()).count(), 2);
    let message = lines[2].as_ref().unwrap_err().to_string();
    assert!(
        message.starts_with("line 4 is not a record of a batch job: missing field `recordId`"),
        "{message}"
    );
    assert!(parse_line::<OutputLine<'_>>(7, b" \t").unwrap().is_none());
}

#[test]
fn what_is_written_is_read_back() {
    let text = "line\rfeed\nquote\" slash\\ \u{2028} 日本";
    let mut line = Vec::new();
    let options = Options::default();
    write_line(
        "id \"1\"\n",
        processor(CLAUDE),
        &Input::text(text),
        &options,
        &mut line,
    )
    .unwrap();
    assert!(!line.contains(&b'\n') && !line.contains(&b'\r'));
    let read: InputLine<'_> = parse_line(1, &line).unwrap().unwrap();
    assert_eq!(read.record_id, "id \"1\"\n");
    let body: serde_json::Value = serde_json::from_str(read.model_input.get()).unwrap();
    assert_eq!(body["messages"][0]["content"][0]["text"], text);
}

#[test]
fn the_manifest_is_the_services() {
    let text = r#"{"totalRecordCount":100,"processedRecordCount":100,"successRecordCount":99,"errorRecordCount":1,"inputTokenCount":9000,"outputTokenCount":6000}"#;
    let manifest: Manifest = serde_json::from_str(text).unwrap();
    assert_eq!(
        (manifest.success_record_count, manifest.error_record_count),
        (99, 1)
    );
    assert_eq!(serde_json::to_string(&manifest).unwrap(), text);
    let short = r#"{"totalRecordCount":1,"processedRecordCount":1,"successRecordCount":1,"errorRecordCount":0}"#;
    assert_eq!(
        serde_json::from_str::<Manifest>(short)
            .unwrap()
            .input_token_count,
        0
    );
}
