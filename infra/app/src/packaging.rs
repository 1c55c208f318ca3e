//! Packaging with progress on the terminal.

use package::{Asset, Profile, Progress, Request};

use crate::CommandError;
use crate::cli::{Architecture, BuildArguments};
use crate::terminal::Terminal;
use crate::workspace;

impl From<Architecture> for package::Architecture {
    fn from(architecture: Architecture) -> Self {
        match architecture {
            Architecture::Arm64 => Self::Arm64,
            Architecture::X86_64 => Self::X86_64,
        }
    }
}

impl BuildArguments {
    /// For a local AWS: the functions run on this machine's processor, compiled quickly.
    #[must_use]
    pub fn local() -> Self {
        let arch = if cfg!(target_arch = "aarch64") {
            Architecture::Arm64
        } else {
            Architecture::X86_64
        };
        Self { arch, quick: true }
    }
}

/// Builds and zips functions.
///
/// # Errors
/// When compilation fails or an executable would not run on Lambda.
pub fn package(
    functions: &[&str],
    build: &BuildArguments,
    terminal: Terminal,
) -> Result<Vec<Asset>, CommandError> {
    let step = terminal.step(&format!("Build {}", functions.join(", ")));
    let mut compiled = 0;
    let assets = package::build(&mut Request {
        workspace_root: &workspace::root(),
        functions,
        profile: if build.quick {
            Profile::Quick
        } else {
            Profile::Deployed
        },
        architecture: build.arch.into(),
        progress: &mut |progress| match progress {
            Progress::Compiled { fresh: false, .. } => compiled += 1,
            Progress::Cargo(line) => step.detail(line),
            _ => {}
        },
    })?;
    let bytes: u64 = assets.iter().map(|asset| asset.zipped_size).sum();
    step.done(&format!(
        "{compiled} crates compiled, {} zipped",
        megabytes(bytes)
    ));
    Ok(assets)
}

/// A size for a person, in decimal megabytes.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
