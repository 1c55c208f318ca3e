//! What is compared with what.

use std::path::{Component, Path, PathBuf};

use review::{Intent, SourceFile, SourceLines, Templates};
use serde_json::Value;

use crate::CommandError;
use crate::templates::{read_document, unreadable};

/// Two templates of one stack. One that is not there is null.
pub(super) struct Sides {
    pub(super) name: String,
    pub(super) old: Value,
    pub(super) new: Value,
    /// Lines that declare the resources.
    pub(super) lines: SourceLines,
    /// What CloudFormation intends, where it was asked.
    pub(super) intents: Option<Vec<Intent>>,
}

impl Sides {
    pub(super) fn templates(&self) -> Templates<'_> {
        Templates {
            name: &self.name,
            old: &self.old,
            new: &self.new,
        }
    }

    pub(super) fn of_files(old: &Path, new: &Path) -> Result<Self, CommandError> {
        let name = new.file_stem().unwrap_or_default().to_string_lossy();
        let name = name.trim_end_matches(".template").to_owned();
        let files = [read_file(old)?, read_file(new)?];
        let [old, new] = [&files[0], &files[1]].map(|file| file.document.value.clone());
        Ok(Self {
            lines: SourceLines::of_templates(&name, files),
            name,
            old,
            new,
            intents: None,
        })
    }
}

fn read_file(path: &Path) -> Result<SourceFile, CommandError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| unreadable(&name, error.to_string()))?;
    Ok(SourceFile {
        path: from_here(path).display().to_string(),
        document: read_document(&name, &text)?,
    })
}

/// The path from the working directory, for whoever looks the file up in the repository.
fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(here).unwrap_or(path);
    let parts = path.components();
    parts.filter(|part| *part != Component::CurDir).collect()
}
