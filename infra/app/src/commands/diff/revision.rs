//! Templates of a revision, read from git: nothing is rebuilt.

use std::process::{Command, Output};

use crate::CommandError;
use crate::workspace;

/// A commit of the repository that the workspace is in.
pub(super) struct Revision {
    /// As it was named.
    pub(super) name: String,
    commit: String,
}

impl Revision {
    pub(super) fn find(name: &str) -> Result<Self, CommandError> {
        let commit = format!("{name}^{{commit}}");
        let output = git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ])?;
        if !output.status.success() {
            return Err(CommandError::UnknownRevision(name.to_owned()));
        }
        Ok(Self {
            name: name.to_owned(),
            commit: String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        })
    }

    /// The stacks that have a template in it.
    pub(super) fn stacks(&self) -> Result<Vec<String>, CommandError> {
        let listed = git(&[
            "ls-tree",
            "-r",
            "--name-only",
            "-z",
            &self.commit,
            "snapshots/",
        ])?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let names = listed.split('\0').filter_map(|path| {
            let name = path
                .strip_prefix("snapshots/")?
                .strip_suffix("/template.json.snap")?;
            Some(name.to_owned())
        });
        Ok(names.filter(|name| !name.contains('/')).collect())
    }

    /// The template of a stack, without the head that a snapshot has.
    pub(super) fn template(&self, stack: &str) -> Result<String, CommandError> {
        let file = format!("{}:snapshots/{stack}/template.json.snap", self.commit);
        let output = git(&["show", &file])?;
        let snapshot = String::from_utf8_lossy(&output.stdout).into_owned();
        match snapshot.split_once("\n---\n") {
            Some((_, template)) => Ok(template.to_owned()),
            None => Err(CommandError::UnreadableTemplate {
                path: format!("snapshots/{stack}/template.json.snap of {}", self.name),
                problem: "it is no snapshot".to_owned(),
            }),
        }
    }
}

fn git(arguments: &[&str]) -> Result<Output, CommandError> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(workspace::root())
        .output();
    output.map_err(|source| CommandError::File {
        action: "run",
        path: "git".to_owned(),
        source,
    })
}
