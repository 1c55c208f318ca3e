use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{DEFAULT_BUDGET, Error, cargo, stamp};

/// The part of `cargo metadata` that packaging needs.
///
/// Read with our own structs rather than the `cargo_metadata` crate: that one turns on a feature of `serde_json`, and the
/// functions' dependencies would then be compiled once for the tool and once more for the functions.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    pub(crate) target_directory: PathBuf,
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    metadata: Option<Metadata>,
}

/// `[package.metadata]` in a `Cargo.toml`, where each tool has a table.
#[derive(Debug, Deserialize)]
struct Metadata {
    infra: Option<OurMetadata>,
}

/// Misspelt, a setting would silently be none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OurMetadata {
    zipped_budget: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Asks Cargo about the workspace in `root`.
pub(crate) fn read(root: &Path) -> Result<Workspace, Error> {
    let output = cargo::command(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .map_err(|source| Error::Tool {
            tool: "cargo",
            source,
        })?;
    let rejected = |message: String| Error::Workspace {
        root: root.to_owned(),
        message,
    };
    if !output.status.success() {
        return Err(rejected(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| rejected(error.to_string()))
}

impl Workspace {
    /// Refuses an empty list and names that are not function crates.
    pub(crate) fn require_functions(&self, names: &[&str]) -> Result<(), Error> {
        let known = self.functions();
        if names.is_empty() {
            return Err(Error::NoFunctions {
                known: known.join(", "),
            });
        }
        match names.iter().find(|name| !known.contains(name)) {
            None => Ok(()),
            Some(name) => Err(Error::UnknownFunction {
                name: (*name).to_owned(),
                known: known.join(", "),
            }),
        }
    }

    /// The SHA-256 of the lock file, or of nothing.
    pub(crate) fn lock(&self) -> String {
        stamp::sha256(&fs::read(self.root.join("Cargo.lock")).unwrap_or_default())
    }

    /// Bytes that the zip of a function should not exceed.
    pub(crate) fn budget(&self, function: &str) -> u64 {
        let package = self
            .packages
            .iter()
            .find(|package| package.name == function);
        package
            .and_then(|package| package.metadata.as_ref()?.infra.as_ref()?.zipped_budget)
            .unwrap_or(DEFAULT_BUDGET)
    }

    /// The name of a member, by the id in Cargo's messages.
    pub(crate) fn member(&self, id: &str) -> Option<&str> {
        let package = self.packages.iter().find(|package| package.id == id)?;
        Some(&package.name)
    }

    /// The function crates by name, in alphabetical order.
    pub(crate) fn functions(&self) -> Vec<&str> {
        let folder = self.root.join("functions");
        let mut names: Vec<&str> = self
            .packages
            .iter()
            .filter(|package| {
                package.manifest_path.starts_with(&folder) && package.has_own_binary()
            })
            .map(|package| package.name.as_str())
            .collect();
        names.sort_unstable();
        names
    }
}

impl Package {
    fn has_own_binary(&self) -> bool {
        self.targets
            .iter()
            .any(|target| target.name == self.name && target.kind.iter().any(|kind| kind == "bin"))
    }
}
