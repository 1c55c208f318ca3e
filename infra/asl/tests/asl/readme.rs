//! The README lists every code of the checker, in order, with what it means.

use asl::check::code;

const README: &str = include_str!("../../README.md");

#[test]
fn every_code_is_in_the_readme() {
    let written: Vec<_> = README
        .lines()
        .filter(|line| line.starts_with("| `S"))
        .collect();
    let current: Vec<_> = code::ALL
        .iter()
        .map(|(code, what)| format!("| `{code}` | {what} |"))
        .collect();
    assert!(
        written == current,
        "let the table in infra/asl/README.md be\n\n{}\n",
        current.join("\n")
    );
}
