//! `infra graph`: what it prints, writes and finds stale.

use std::path::Path;
use std::process::{Command, Output};

const MACHINE: &str = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#;
const TEMPLATE: &str = "
Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition: {StartAt: Count, States: {Count: {Type: Pass, End: true}}}
  Elsewhere:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionS3Location: {Bucket: a, Key: b}
";

fn graph(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_infra"))
        .arg("graph")
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("machine.json"), MACHINE).unwrap();
    std::fs::write(folder.path().join("orders.template.yaml"), TEMPLATE).unwrap();
    folder
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = graph(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that fails, and returns what it says.
fn refused(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = graph(folder, arguments);
    assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
    assert_eq!(output.stdout, b"");
    stderr(&output)
}

#[test]
fn a_stack_is_printed() {
    let folder = folder();
    let mermaid = printed(folder.path(), &["vision"]);
    assert!(
        mermaid.starts_with("flowchart TB\n  accTitle: Stack vision\n"),
        "{mermaid}"
    );
    assert!(
        mermaid.contains(r#"LandingBucket ==>|"created .zip<br/>read"| UnzipFunction"#),
        "{mermaid}"
    );
    let svg = printed(folder.path(), &["vision", "--format", "svg"]);
    assert!(
        svg.starts_with("<svg ") && svg.contains(">Stack vision</title>"),
        "{svg}"
    );
}

#[test]
fn files_are_told_apart_by_what_is_in_them() {
    let folder = folder();
    let machine = printed(folder.path(), &["machine.json"]);
    assert!(
        machine.contains("accTitle: State machine machine\n"),
        "{machine}"
    );
    let stack = printed(folder.path(), &["orders.template.yaml"]);
    assert!(
        stack.contains(r#"Orders[["Orders<br/>state machine"]]"#),
        "{stack}"
    );
    let machine = printed(
        folder.path(),
        &["orders.template.yaml", "--machine", "Orders"],
    );
    assert!(machine.contains(r#"Count["Count<br/>pass"]"#), "{machine}");
}

#[test]
fn files_are_written_and_found_stale() {
    let folder = folder();
    let all = ["--out", "pictures"];
    let check = ["--out", "pictures", "--check"];
    let written = printed(folder.path(), &all);
    assert!(
        written.lines().any(|line| line == "pictures/vision.svg"),
        "{written}"
    );
    assert_eq!(printed(folder.path(), &check), "");

    let pictures = folder.path().join("pictures");
    std::fs::write(pictures.join("vision.svg"), "<svg/>").unwrap();
    std::fs::remove_file(pictures.join("vision.mmd")).unwrap();
    std::fs::write(pictures.join("gone.svg"), "<svg/>").unwrap();
    std::fs::write(pictures.join("reviewed.snap"), "").unwrap();
    let said = refused(folder.path(), &check, 1);
    assert!(
        said.contains("pictures/vision.svg: shows an older state"),
        "{said}"
    );
    assert!(said.contains("pictures/vision.mmd: is not there"), "{said}");
    assert!(
        said.contains("pictures/gone.svg: nothing draws it any more"),
        "{said}"
    );
    assert!(!said.contains("reviewed.snap"), "{said}");
    let kept = std::fs::read_to_string(pictures.join("vision.svg")).unwrap();
    assert_eq!(kept, "<svg/>", "a check writes nothing");
}

#[test]
fn the_machines_of_a_template_are_written_beside_it() {
    let folder = folder();
    let output = graph(folder.path(), &["orders.template.yaml", "--out", "."]);
    assert!(
        stderr(&output).contains("`Elsewhere` is not drawn"),
        "{}",
        stderr(&output)
    );
    let written = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = written
        .lines()
        .map(|path| path.trim_start_matches("./"))
        .collect();
    assert_eq!(
        names,
        [
            "orders.mmd",
            "orders.svg",
            "orders-Orders.mmd",
            "orders-Orders.svg"
        ]
    );
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let folder = folder();
    std::fs::write(folder.path().join("list.json"), "[1]").unwrap();
    let said = refused(folder.path(), &["nowhere"], 1);
    assert!(
        said.contains("`nowhere` is neither a stack nor a file") && said.contains("vision"),
        "{said}"
    );
    let said = refused(folder.path(), &["list.json"], 2);
    assert!(said.contains("`Resources`"), "{said}");
    let said = refused(
        folder.path(),
        &["orders.template.yaml", "--machine", "Ordres"],
        1,
    );
    assert!(
        said.contains("`Ordres`") && said.contains("Orders"),
        "{said}"
    );
    refused(folder.path(), &[], 2);
    refused(folder.path(), &["vision", "--check"], 2);
}

#[test]
fn the_pictures_in_the_repository_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    assert_eq!(
        printed(&root, &["--out", "snapshots/graphs", "--check"]),
        ""
    );
}
