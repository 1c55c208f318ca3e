use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::Error;

/// The compiler of a workspace, which its toolchain file may choose.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// The triple of this machine.
    pub(crate) host: String,
    sysroot: PathBuf,
    /// The commit that the compiler was built from; nobody knows it of compilers that were built at home.
    commit: Option<String>,
}

impl Toolchain {
    /// Asks the compiler that builds the workspace in this folder.
    pub(crate) fn of(workspace: &Path) -> Result<Self, Error> {
        let version = rustc(workspace, &["-vV"])?;
        let value = |name| {
            version
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::to_owned)
        };
        Ok(Self {
            host: value("host: ").unwrap_or_default(),
            commit: value("commit-hash: ").filter(|hash| hash != "unknown"),
            sysroot: rustc(workspace, &["--print", "sysroot"])?.into(),
        })
    }

    /// Whether the standard library for a target is installed.
    pub(crate) fn has_target(&self, triple: &str) -> bool {
        let libraries = self.sysroot.join("lib/rustlib").join(triple).join("lib");
        libraries.is_dir()
    }

    /// Where the standard library's sources lie if they are installed, and what the compiler calls them if they are not.
    pub(crate) fn library_sources(&self) -> Option<(PathBuf, String)> {
        let commit = self.commit.as_ref()?;
        let sources = self.sysroot.join("lib/rustlib/src/rust");
        Some((sources, format!("/rustc/{commit}")))
    }
}

/// Runs in the workspace, where its toolchain file applies.
fn rustc(workspace: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output = Command::new("rustc")
        .args(arguments)
        .current_dir(workspace)
        .output()
        .map_err(|source| Error::Tool {
            tool: "rustc",
            source,
        })?;
    if !output.status.success() {
        return Err(Error::Workspace {
            root: workspace.to_owned(),
            message: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
