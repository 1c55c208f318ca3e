//! Whole definitions: every defect is found and nothing else is, correct ones are left in peace.
//!
//! `tests/corpus/README.md` says what the files are.
#![expect(clippy::expect_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use asl::check::{Finding, Schemas, check};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A file: what is expected, what is known of the data, and the definition.
#[derive(Deserialize)]
struct Case<T> {
    #[serde(flatten)]
    expected: T,
    input: Option<Value>,
    #[serde(default)]
    results: BTreeMap<String, Value>,
    definition: Value,
}

#[derive(Deserialize)]
struct Broken {
    defect: String,
    #[serde(flatten)]
    finding: Expected,
}

#[derive(Deserialize)]
struct Correct {
    about: String,
}

#[derive(Deserialize)]
struct Seed {
    finds: Vec<Defect>,
}

#[derive(Deserialize)]
struct Defect {
    defect: String,
    #[serde(flatten)]
    finding: Expected,
}

#[derive(Deserialize)]
struct Expected {
    pointer: String,
    finds: String,
    severity: String,
}

impl Expected {
    fn is(&self, finding: &Finding) -> bool {
        finding.pointer.as_str() == self.pointer
            && finding.code == self.finds
            && finding.severity.to_string() == self.severity
    }
}

impl<T> Case<T> {
    fn findings(&self) -> Vec<Finding> {
        let schemas = Schemas {
            input: self.input.clone(),
            results: self.results.clone(),
        };
        check(&self.definition, &schemas).findings
    }
}

/// The files of a folder of the corpus, by name.
fn cases<T: DeserializeOwned>(folder: &str) -> Vec<(String, Case<T>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder of the corpus");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of a folder").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    paths.iter().map(|path| (name(path), read(path))).collect()
}

fn name(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).expect("a file of the corpus");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn told(finding: &Finding) -> String {
    let Finding {
        pointer,
        code,
        severity,
        message,
        ..
    } = finding;
    format!("\n    found {severity} {code} at {pointer}: {message}")
}

fn all_told(findings: &[Finding]) -> String {
    findings.iter().map(told).collect()
}

/// Fails with all that went wrong, not only the first.
fn none(complaints: &[String]) {
    let count = complaints.len();
    assert!(complaints.is_empty(), "{count}:\n{}", complaints.join("\n"));
}

#[test]
fn every_defect_is_found_and_nothing_else() {
    let cases = cases::<Broken>("broken");
    assert!(cases.len() >= 40);
    let complaint = |(name, case): &(String, Case<Broken>)| {
        let findings = case.findings();
        let Broken { defect, finding } = &case.expected;
        let just_this = findings.len() == 1 && finding.is(&findings[0]);
        (!just_this).then(|| {
            let Expected {
                pointer,
                finds,
                severity,
            } = finding;
            let found = all_told(&findings);
            format!("{name}: {defect}\n    wants {severity} {finds} at {pointer}{found}")
        })
    };
    none(&cases.iter().filter_map(complaint).collect::<Vec<_>>());
}

#[test]
fn correct_definitions_are_left_in_peace() {
    let cases = cases::<Correct>("correct");
    assert!(cases.len() >= 25);
    let complaint = |(name, case): &(String, Case<Correct>)| {
        let alarms = all_told(&case.findings());
        let about = &case.expected.about;
        (!alarms.is_empty()).then(|| format!("{name}: {about}{alarms}"))
    };
    none(&cases.iter().filter_map(complaint).collect::<Vec<_>>());
}

#[test]
fn the_defects_of_the_seeds_are_found() {
    let cases = cases::<Seed>("seeds");
    assert_eq!(cases.len(), 2);
    let complaint = |(name, case): &(String, Case<Seed>)| {
        let findings = case.findings();
        let missed: Vec<_> = case
            .expected
            .finds
            .iter()
            .filter(|defect| !findings.iter().any(|finding| defect.finding.is(finding)))
            .map(|Defect { defect, finding }| {
                format!(
                    "\n    wants {} at {}: {defect}",
                    finding.finds, finding.pointer
                )
            })
            .collect();
        (!missed.is_empty()).then(|| format!("{name}:{}{}", missed.concat(), all_told(&findings)))
    };
    none(&cases.iter().filter_map(complaint).collect::<Vec<_>>());
}
