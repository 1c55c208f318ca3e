//! Generated files are compared with the checked-in ones, and names with their lock.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::Path;

use codegen::lock::NameLock;
use codegen::{Error, files, generate};
use spec::Specification;

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn lock() -> NameLock {
    NameLock::read(&repository().join(files::LOCK)).unwrap()
}

fn generated() -> files::Files {
    generate(Specification::embedded(), &lock()).unwrap()
}

#[test]
fn the_repository_is_up_to_date() {
    let drifted = files::drift(repository(), &generated()).unwrap();
    assert!(
        drifted.is_empty(),
        "run `cargo run -p codegen`: {drifted:?}"
    );
}

#[test]
fn changed_missing_and_left_over_files_are_found_and_repaired() {
    let files = generated();
    let root = tempfile::tempdir().unwrap();
    let everything: Vec<String> = files.keys().cloned().collect();
    assert_eq!(files::drift(root.path(), &files).unwrap(), everything);
    files::write(root.path(), &files, &everything).unwrap();
    assert!(files::drift(root.path(), &files).unwrap().is_empty());

    let path = |name: &str| format!("{}/{name}", files::GENERATED);
    let (changed, left_over, missing) = (
        path("s3/bucket.rs"),
        path("s3/old.rs"),
        path("sqs/queue.rs"),
    );
    fs::write(root.path().join(&changed), "// edited by hand").unwrap();
    fs::write(
        root.path().join(&left_over),
        "// of a type that is not listed any more",
    )
    .unwrap();
    fs::remove_file(root.path().join(&missing)).unwrap();
    let drifted = files::drift(root.path(), &files).unwrap();
    assert_eq!(drifted, [changed, left_over.clone(), missing]);

    files::write(root.path(), &files, &drifted).unwrap();
    assert!(files::drift(root.path(), &files).unwrap().is_empty());
    assert!(!root.path().join(left_over).exists());
}

#[test]
fn a_name_that_differs_from_the_lock_is_refused() {
    let text = lock()
        .to_json()
        .replacen("\"bucket_name\"", "\"name_of_bucket\"", 1);
    let lock = NameLock::parse(&text).unwrap();
    let error = generate(Specification::embedded(), &lock).unwrap_err();
    let Error::NameChanged {
        locked, generated, ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (locked.as_str(), generated.as_str()),
        ("name_of_bucket", "bucket_name")
    );
    assert!(error.to_string().contains("names.lock.json"));
}

#[test]
fn new_names_are_added_to_the_lock() {
    let files = generate(Specification::embedded(), &NameLock::default()).unwrap();
    assert_eq!(files[files::LOCK], lock().to_json());
}

#[test]
fn a_damaged_lock_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("names.lock.json");
    fs::write(&path, "{").unwrap();
    assert!(matches!(NameLock::read(&path), Err(Error::BadLock { .. })));
}
