//! The page about this crate: its picture, and its table of what does not compile. Its excerpts are compared with their files
//! by the end-to-end tests.

use std::fs;
use std::path::Path;

use asl::Definition;

use crate::batch;
use crate::support::assert_snapshot;

#[test]
fn draws_the_machine_of_the_page() {
    let definition = batch::machine().definition();
    let picture = graph::machine(&Definition::read(&definition)).to_mermaid();
    assert_snapshot("batch_picture", &picture);
}

#[test]
fn the_page_lists_what_does_not_compile() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(home.join("README.md")).expect("the page is there");
    let cases = fs::read_dir(home.join("tests/compile_fail")).expect("the cases are there");
    let mut expected = Vec::new();
    for case in cases {
        let path = case.expect("an entry of the folder").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let first_line = |path: &Path| {
                let text = fs::read_to_string(path).expect("cases and messages are there");
                text.lines().next().unwrap_or_default().to_owned()
            };
            let rule = first_line(&path).replace("//! ", "");
            let message = first_line(&path.with_extension("stderr"));
            expected.push(format!("| {rule} | {message} |"));
        }
    }
    expected.sort();
    let is_row = |line: &&str| line.starts_with("| ") && line.contains("error");
    let mut rows: Vec<&str> = page.lines().filter(is_row).collect();
    rows.sort_unstable();
    assert_eq!(
        rows, expected,
        "the rows of the page, and those of the cases"
    );
}
