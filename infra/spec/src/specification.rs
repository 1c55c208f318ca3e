//! The list of resource types, parsed on demand.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::embedded::FILES;
use crate::model::ResourceType;

/// Why a resource type cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file does not have the form of the model.
    #[error("the specification of {resource_type} cannot be read: {reason}; run `just spec`")]
    Malformed {
        /// The resource type.
        resource_type: String,
        /// What the parser says.
        reason: String,
    },
}

/// Resource types by name.
#[derive(Debug, Default)]
pub struct Specification {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    text: &'static str,
    parsed: OnceLock<Result<ResourceType, Error>>,
}

impl Specification {
    /// The specification compiled into this crate.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Specification> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let entry = |(name, text): &(&str, &'static str)| {
                let parsed = OnceLock::new();
                ((*name).to_owned(), Entry { text, parsed })
            };
            Self {
                entries: FILES.iter().map(entry).collect(),
            }
        })
    }

    /// The names of all resource types, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// One resource type, or nothing when it is not listed in `types.txt`.
    pub fn resource_type(&self, name: &str) -> Result<Option<&ResourceType>, Error> {
        let Some(entry) = self.entries.get(name) else {
            return Ok(None);
        };
        match entry.parsed.get_or_init(|| parse(name, entry.text)) {
            Ok(resource_type) => Ok(Some(resource_type)),
            Err(error) => Err(error.clone()),
        }
    }
}

/// Declares the files that are compiled in: name of the type and path below `aws/`.
macro_rules! embed {
    ($($name:literal => $path:literal,)*) => {
        /// Name and text of every resource type, sorted by name.
        pub(crate) const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../aws/", $path, ".json")))),*];
    };
}
pub(crate) use embed;

/// Parses the file of one resource type.
fn parse(name: &str, text: &str) -> Result<ResourceType, Error> {
    serde_json::from_str(text).map_err(|error| Error::Malformed {
        resource_type: name.to_owned(),
        reason: error.to_string(),
    })
}
