//! Generated files on disk: formatting, writing, and finding the ones that are out of date.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::Error;

/// Files by their path from the root of the repository.
pub type Files = BTreeMap<String, String>;

/// The directory that holds nothing but generated code.
pub const GENERATED: &str = "infra/cfn/src/generated";

/// The lock of names.
pub const LOCK: &str = "infra/spec/names.lock.json";

/// Formats the generated modules as `cargo fmt` does: in a temporary directory, by one `rustfmt` that follows the modules from
/// their root.
pub fn format(files: Files) -> Result<Files, Error> {
    let directory = tempfile::tempdir().map_err(|source| Error::File {
        path: std::env::temp_dir(),
        source,
    })?;
    let root = directory.path();
    write(root, &files, &files.keys().cloned().collect::<Vec<_>>())?;
    rustfmt(&root.join(GENERATED).join("mod.rs"))?;
    let formatted = |path: String| {
        let text = read(&root.join(&path))?.unwrap_or_default();
        Ok((path, text))
    };
    files.into_keys().map(formatted).collect()
}

fn rustfmt(root_module: &Path) -> Result<(), Error> {
    let failed = |reason: String| Error::Format { reason };
    let output = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .arg(root_module)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// The paths whose text on disk is not the generated one: changed, missing, or left over.
pub fn drift(root: &Path, files: &Files) -> Result<Vec<String>, Error> {
    let mut drifted = Vec::new();
    for (path, text) in files {
        if read(&root.join(path))?.as_ref() != Some(text) {
            drifted.push(path.clone());
        }
    }
    let mut existing = Vec::new();
    list(root, GENERATED, &mut existing)?;
    drifted.extend(
        existing
            .into_iter()
            .filter(|path| !files.contains_key(path)),
    );
    drifted.sort();
    Ok(drifted)
}

/// Writes the drifted paths, and deletes those that are not generated any more.
pub fn write(root: &Path, files: &Files, drifted: &[String]) -> Result<(), Error> {
    for path in drifted {
        let target = root.join(path);
        let done = match files.get(path) {
            Some(text) => create(&target, text),
            None => std::fs::remove_file(&target),
        };
        done.map_err(|source| Error::File {
            path: target,
            source,
        })?;
    }
    Ok(())
}

fn create(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, text)
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File {
            path: path.to_owned(),
            source,
        }),
    }
}

/// All files below a directory, as paths from the root.
fn list(root: &Path, directory: &str, found: &mut Vec<String>) -> Result<(), Error> {
    let absolute = root.join(directory);
    let failed = |source| Error::File {
        path: absolute.clone(),
        source,
    };
    let entries = match std::fs::read_dir(&absolute) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(failed(source)),
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let path = format!("{directory}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            list(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
