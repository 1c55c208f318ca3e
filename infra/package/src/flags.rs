//! What the compiler is told so that executables say nothing of the machine they were built on.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use memchr::memmem;

use crate::{toolchain::Toolchain, workspace::Workspace};

/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\u{1f}";

/// The machine's folders that a compiler may write into executables, with what they are called there instead. The last that fits
/// is applied: the more special come later.
pub(crate) fn folders(workspace: &Workspace, toolchain: &Toolchain) -> Vec<(PathBuf, String)> {
    let mut folders = vec![
        (workspace.root.clone(), "/workspace".to_owned()),
        (workspace.target_directory.clone(), "/target".to_owned()),
    ];
    folders.extend(cargo_home().map(|home| (home, "/cargo".to_owned())));
    folders.extend(toolchain.library_sources());
    folders
}

/// Flags that name the machine's folders by what they are, and leave out the linker's build id, which some C compilers ask for
/// and others do not.
///
/// Cargo knows the remapping of paths: it keeps those flags out of the hashes that symbols and files are named by.
pub(crate) fn reproducible(workspace: &Workspace, toolchain: &Toolchain) -> Vec<String> {
    let mut flags: Vec<String> = folders(workspace, toolchain)
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect();
    flags.push("-Clink-arg=-Wl,--build-id=none".to_owned());
    flags
}

/// A folder of this machine that an executable names all the same: its bytes are others on another machine.
///
/// Our flags are no use where Cargo's configuration has others for the target: Cargo takes the most special only.
pub(crate) fn named_folder(executable: &[u8], folders: &[(PathBuf, String)]) -> Option<PathBuf> {
    let is_named = |folder: &Path| {
        // Of one name, such as `/src`, others may be the end.
        let is_telling = folder.components().count() > 2;
        let path = format!("{}/", folder.display());
        is_telling && memmem::find(executable, path.as_bytes()).is_some()
    };
    let mut folders = folders.iter().map(|(folder, _)| folder);
    folders.find(|folder| is_named(folder)).cloned()
}

/// Adds flags to those that the surroundings ask for.
///
/// Cargo takes flags of one place only: the variables, or else its configuration, where ours join those of the files.
pub(crate) fn add(command: &mut Command, flags: &[String]) {
    if let Some(mut all) = inherited() {
        all.extend_from_slice(flags);
        command.env("CARGO_ENCODED_RUSTFLAGS", all.join(SEPARATOR));
    } else {
        let list = serde_json::Value::from(flags);
        command.args(["--config", &format!("build.rustflags={list}")]);
    }
}

fn inherited() -> Option<Vec<String>> {
    let split = |name, separator: &str| {
        let flags = env::var(name).ok()?;
        let flags = flags.split(separator).filter(|flag| !flag.is_empty());
        Some(flags.map(str::to_owned).collect())
    };
    split("CARGO_ENCODED_RUSTFLAGS", SEPARATOR).or_else(|| split("RUSTFLAGS", " "))
}

/// Where the registry's sources lie; their paths are in panic messages.
fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
}
