//! `infra synth`: the same commit writes the same bytes, wherever and whenever.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The files that the command writes when it is run in a folder, with an environment of nothing.
fn templates(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = folder.join("templates");
    let output = Command::new(env!("CARGO_BIN_EXE_infra"))
        .args(["synth", "--out"])
        .arg(&out)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let files = std::fs::read_dir(&out).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, std::fs::read(entry.path()).unwrap())
    });
    files.collect()
}

#[test]
fn writes_the_same_bytes_in_another_folder_and_again() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = templates(one.path());
    assert!(first.contains_key("vision.template.json"), "{first:?}");
    assert_eq!(first, templates(other.path()));
    assert_eq!(first, templates(one.path()));
}
