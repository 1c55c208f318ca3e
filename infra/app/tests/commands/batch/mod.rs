//! `infra batch` against an account on this machine.
#![expect(clippy::unwrap_used, reason = "a helper of tests may panic")]

mod fake;
mod following;
mod images;
mod starting;

use std::path::Path;
use std::process::{Command, Output};

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What was said, without what differs from run to run, and on one line per paragraph.
fn stderr(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| *word != "│")
        .collect();
    words.join(" ")
}

fn exit_code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A table of this many topics.
fn topics(folder: &Path, rows: usize) {
    let mut table = "topic\n".to_owned();
    for row in 0..rows {
        table += &["\"cats,\nand ", &row.to_string(), "\"\n"].concat();
    }
    std::fs::write(folder.join("topics.csv"), table).unwrap();
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../../snapshots/batch/commands");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn help_is_reviewed() {
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_infra"))
            .arg("batch")
            .args(arguments)
            .arg("--help")
            .env_clear()
            .output()
            .unwrap();
        stdout(&output)
    };
    let commands = [
        "run", "status", "results", "redrive", "stop", "dry-run", "models",
    ];
    let all: Vec<String> = commands.iter().map(|command| help(&[command])).collect();
    let line = "\n────────────────────────────────────────\n";
    snapshot("help", &format!("{}{line}{}", help(&[]), all.join(line)));
}
