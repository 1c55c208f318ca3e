//! `infra check-asl`: what it prints and exits with.
#![expect(clippy::unwrap_used, reason = "a helper of tests may panic")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const SOUND: &str = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#;
const WARNED: &str = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Choice",
    "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "Done"}]}, "Done": {"Type": "Succeed"}}}"#;
const BROKEN: &str = r#"{"StartAt": "Dome", "States": {"Done": {"Type": "Succeed"}}}"#;

/// Runs the command in a folder with these files.
fn check(files: &[(&str, &str)], arguments: &[&str], stdin: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    run(folder.path(), arguments, stdin)
}

fn run(folder: &Path, arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_infra"))
        .arg("check-asl")
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no stdin may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn definitions_without_errors_exit_with_0() {
    let output = check(&[("sound.json", SOUND)], &["sound.json", "--strict"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        "sound.json: 0 errors, 0 warnings; 0 expressions and paths checked, 0 not\n"
    );
    assert_eq!(stderr(&output), "");
    let warned = check(&[("warned.json", WARNED)], &["warned.json"], "");
    assert_eq!(warned.status.code(), Some(0), "{}", stderr(&warned));
    assert!(stdout(&warned).starts_with("warned.json: /States/Ask: warning[S041 no-default] "));
}

#[test]
fn errors_exit_with_1_and_so_do_warnings_when_asked() {
    let output = check(&[("broken.json", BROKEN)], &["broken.json"], "");
    assert_eq!(output.status.code(), Some(1));
    let expected = "broken.json: /StartAt: error[S012 unknown-state] there is no state `Dome`\n  help  did you mean `Done`?\n\nbroken.json: 1 error, 0 warnings; 0 expressions and paths checked, 0 not\n";
    assert_eq!(stdout(&output), expected);
    assert!(
        stderr(&output).contains("1 error, 0 warnings"),
        "{}",
        stderr(&output)
    );
    let strict = check(&[("warned.json", WARNED)], &["warned.json", "--strict"], "");
    assert_eq!(strict.status.code(), Some(1));
}

#[test]
fn what_cannot_be_read_exits_with_2() {
    let queue = r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}"#;
    let files = [
        ("half.json", "{\n  \"StartAt\": "),
        ("half.yaml", "StartAt: [\nStates: {}\n"),
        ("empty.json", ""),
        ("queue.json", queue),
        ("list.json", "[]"),
        ("example.json", r#"{"order": {"id": "A-1"}}"#),
        ("text.json", r#"{"type": "string"}"#),
        (
            "dangling.json",
            r##"{"properties": {"id": {"$ref": "#/$defs/Id"}}}"##,
        ),
        ("sound.json", SOUND),
    ];
    for (arguments, problem) in [
        (&["absent.json"][..], "No such file"),
        (&["half.json"], "not JSON: line 2, column"),
        (&["half.yaml"], "not YAML: line "),
        (&["empty.json"], "empty"),
        (&["queue.json"], "neither a definition"),
        (&["sound.json", "list.json"], "neither a definition"),
        (
            &["sound.json", "--input-schema", "list.json"],
            "cannot read the schema `list.json`: the schema itself: this has to be a schema",
        ),
        (
            &["sound.json", "--input-schema", "example.json"],
            "`example.json`: the schema itself: none of its fields is a keyword",
        ),
        (
            &["sound.json", "--result-schema", "a=dangling.json"],
            "`dangling.json`: /properties/id/$ref: `$ref`",
        ),
        (
            &["sound.json", "--type", "fast"],
            "[possible values: standard, express]",
        ),
        (
            &[
                "sound.json",
                "--result-schema",
                "a=text.json",
                "--result-schema",
                "a=text.json",
            ],
            "another schema",
        ),
        (
            &["sound.json", "--result-schema", "queue.json"],
            "KEY=VALUE",
        ),
        (&[], "FILE"),
    ] {
        let output = check(&files, arguments, "");
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stdout(&output)
        );
        assert_eq!(stdout(&output), "", "{arguments:?}");
        // The message is wrapped to the width of a terminal.
        let said: Vec<_> = stderr(&output)
            .replace('│', " ")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert!(
            said.join(" ").contains(problem),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn templates_and_stdin_are_read_and_json_is_written() {
    let template = r"
Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Charge
        States:
          Charge: {Type: Task, Resource: !GetAtt Charge.Arn, Next: Dome}
          Done: {Type: Succeed}
  Elsewhere:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: other.asl.json}
";
    let output = check(
        &[("sound.json", SOUND)],
        &["-", "sound.json", "--format", "json"],
        template,
    );
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["errors"], &report["warnings"]),
        (&1.into(), &0.into())
    );
    let [orders, elsewhere, sound] = &report["definitions"].as_array().unwrap()[..] else {
        panic!("three definitions");
    };
    assert_eq!(
        (&orders["file"], &orders["resource"]),
        (&"-".into(), &"Orders".into())
    );
    let finding = &orders["findings"][0];
    assert_eq!(finding["code"], "S012");
    assert_eq!(finding["name"], "unknown-state");
    assert_eq!(finding["severity"], "error");
    assert_eq!(
        finding["pointer"],
        "/Properties/Definition/States/Charge/Next"
    );
    assert_eq!(finding["help"], "did you mean `Done`?");
    assert_eq!(
        elsewhere["not_checked"][0]["pointer"],
        "/Properties/DefinitionUri"
    );
    assert_eq!(
        (&sound["file"], &sound["resource"]),
        (&"sound.json".into(), &Value::Null)
    );
}

#[test]
fn definitions_on_their_own_are_checked_as_what_they_are_called() {
    let waits = r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "TimeoutSeconds": 60, "End": true,
        "Resource": "arn:aws:states:::states:startExecution.sync", "Parameters": {"StateMachineArn": "arn"}}}}"#;
    for (arguments, exit) in [
        (&["-"][..], 0),
        (&["-", "--type", "standard"], 0),
        (&["-", "--type", "express"], 1),
    ] {
        let output = check(&[], arguments, waits);
        assert_eq!(output.status.code(), Some(exit), "{}", stdout(&output));
        assert_eq!(stdout(&output).contains("[S063 express]"), exit == 1);
    }
}

#[test]
fn keys_that_are_there_twice_are_errors() {
    let twice = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Fail"}}}"#;
    let output = check(&[], &["-"], twice);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).starts_with("-: /States/A: error[S006 duplicate-key] "),
        "{}",
        stdout(&output)
    );
}
