//! Frozen names: a refresh of the specification may add names, never change one that code already uses.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Error;

/// The names of one resource type: kind and CloudFormation name to Rust name.
type TypeNames = BTreeMap<String, String>;

/// The Rust name of every CloudFormation name, by resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameLock(BTreeMap<String, TypeNames>);

impl NameLock {
    /// Reads a lock; a file that does not exist yet is an empty one.
    pub fn read(path: &Path) -> Result<Self, Error> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|reason| Error::BadLock {
                path: path.to_owned(),
                reason,
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::File {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Parses a lock.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// The lock as it is written.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "maps of text to text are JSON"
    )]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.0).expect("texts are JSON");
        text.push('\n');
        text
    }
}

/// The names given in one run, checked against a lock.
pub struct Names<'lock> {
    locked: &'lock NameLock,
    given: NameLock,
}

impl<'lock> Names<'lock> {
    /// Starts a run.
    pub fn new(locked: &'lock NameLock) -> Self {
        Self {
            locked,
            given: NameLock::default(),
        }
    }

    /// Gives a name, unless the lock has another one. `original` starts with the kind of name: `property Code.S3Bucket`.
    pub fn give(&mut self, resource_type: &str, original: String, name: &str) -> Result<(), Error> {
        let locked = self
            .locked
            .0
            .get(resource_type)
            .and_then(|names| names.get(&original));
        if let Some(locked) = locked.filter(|locked| *locked != name) {
            return Err(Error::NameChanged {
                resource_type: resource_type.to_owned(),
                original,
                locked: locked.clone(),
                generated: name.to_owned(),
            });
        }
        let names = self.given.0.entry(resource_type.to_owned()).or_default();
        names.insert(original, name.to_owned());
        Ok(())
    }

    /// The lock for the next run. Names that the specification does not have any more are forgotten.
    pub fn into_lock(self) -> NameLock {
        self.given
    }
}
