//! From the resource specification to the builders of `cfn`.
//!
//! [`plan`] decides on names and types, [`emit`] writes Rust, [`files`] formats it and compares it with what is checked in.
#![warn(missing_docs)]

pub mod emit;
pub mod files;
pub mod lock;
pub mod naming;
pub mod plan;
mod relations;

use std::path::PathBuf;

use lock::NameLock;
use spec::Specification;

/// Why the builders cannot be generated or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The specification cannot be read.
    #[error(transparent)]
    Specification(#[from] spec::Error),
    /// A CloudFormation name has no Rust name.
    #[error(
        "{resource_type}: no Rust name can be made of `{original}` ({context}); extend `naming::symbol`"
    )]
    Unnameable {
        /// The resource type.
        resource_type: String,
        /// Where the name stands.
        context: String,
        /// The name.
        original: String,
    },
    /// Two CloudFormation names have the same Rust name.
    #[error(
        "{resource_type}: `{first}` and `{second}` would both be called `{name}`; rename one in `infra/spec/patches`"
    )]
    Ambiguous {
        /// The resource type.
        resource_type: String,
        /// The Rust name.
        name: String,
        /// The first of the two.
        first: String,
        /// The second of the two.
        second: String,
    },
    /// A name would change.
    #[error(
        "{resource_type}: {original} is called `{locked}` in names.lock.json and would now be called `{generated}`; restore the naming rule, or delete the line from the lock if the rename is meant"
    )]
    NameChanged {
        /// The resource type.
        resource_type: String,
        /// The CloudFormation name with its kind.
        original: String,
        /// The frozen Rust name.
        locked: String,
        /// The Rust name that would be generated.
        generated: String,
    },
    /// The lock is not readable.
    #[error("{path} is not a lock of names: {reason}; restore it from version control")]
    BadLock {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// `rustfmt` failed.
    #[error(
        "rustfmt cannot format the generated code: {reason}; install it with `rustup component add rustfmt`"
    )]
    Format {
        /// What went wrong.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Generates all files of the repository that depend on the specification: their path from the root, and their text.
pub fn generate(specification: &Specification, lock: &NameLock) -> Result<files::Files, Error> {
    let mut names = lock::Names::new(lock);
    let mut modules = Vec::new();
    let relations = relations::Relations::new(specification)?;
    for name in specification.names() {
        let Some(resource_type) = specification.resource_type(name)? else {
            continue;
        };
        modules.push(plan::resource(resource_type, &relations, &mut names)?);
    }
    let mut files = files::format(emit::library(&modules))?;
    files.insert(files::LOCK.into(), names.into_lock().to_json());
    Ok(files)
}
