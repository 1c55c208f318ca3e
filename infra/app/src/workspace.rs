//! Where the workspace is.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`: the nearest above the working directory, as cargo looks for it, or else
/// where this binary was built.
#[must_use]
pub fn root() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let here = std::env::current_dir().unwrap_or_else(|_| built.clone());
    let found = here
        .ancestors()
        .find(|folder| folder.join("infra/app/Cargo.toml").is_file());
    found.map_or(built, Path::to_owned)
}

/// Cargo's target directory.
#[must_use]
pub fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
