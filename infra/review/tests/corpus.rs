//! Pairs of templates, each named after what it shows. A pair is a file: what it `shows`, the `old` and the `new` template.

#![expect(clippy::unwrap_used, reason = "a helper of tests may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use asl::source;
use review::{Review, SourceLines, review};
use serde_json::Value;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots/review");

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    paths.sort();
    paths
}

struct Pair {
    name: String,
    shows: String,
    old: Value,
    new: Value,
}

fn pairs() -> Vec<Pair> {
    let folder = Path::new(CORPUS);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap().with_extension("");
        let mut pair = source::read(&fs::read_to_string(path).unwrap())
            .unwrap()
            .value;
        let mut take = |key: &str| pair.get_mut(key).map(Value::take).unwrap_or_default();
        Pair {
            name: name.to_str().unwrap().replace('/', "_"),
            shows: take("shows").as_str().unwrap().to_owned(),
            old: take("old"),
            new: take("new"),
        }
    };
    files(folder).iter().map(read).collect()
}

#[test]
fn every_pair_is_reviewed_as_its_snapshot_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(SNAPSHOTS);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for pair in pairs() {
        let mut settings = settings.clone();
        settings.set_description(&pair.shows);
        settings.bind(|| {
            let review = Review::of([review(&pair.name, &pair.old, &pair.new)]);
            let lines = SourceLines::new();
            insta::assert_json_snapshot!(format!("{}.json", pair.name), review);
            insta::assert_snapshot!(format!("{}.txt", pair.name), review.to_text(&lines, false));
            insta::assert_snapshot!(format!("{}.md", pair.name), review.to_markdown(&lines));
            insta::assert_json_snapshot!(format!("{}.sarif", pair.name), review.to_sarif(&lines));
        });
    }
}

#[test]
fn a_template_does_not_differ_from_itself() {
    for pair in pairs() {
        for template in [&pair.old, &pair.new] {
            assert!(
                review(&pair.name, template, template).is_empty(),
                "{}",
                pair.name
            );
        }
    }
}

#[test]
fn pairs_of_one_meaning_have_no_changes() {
    for pair in pairs()
        .iter()
        .filter(|pair| pair.name.starts_with("meaning_same_"))
    {
        let review = review(&pair.name, &pair.old, &pair.new);
        assert!(review.is_empty(), "{}: {review:#?}", pair.name);
    }
}

#[test]
fn the_schema_of_reviews_is_published() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(SNAPSHOTS);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_json_snapshot!("schema", Review::schema()));
}
