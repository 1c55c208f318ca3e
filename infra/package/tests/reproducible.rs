//! The deployed profile gives the same bytes wherever and whenever it builds.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made fails its test"
)]

mod support;

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use package::Profile;
use support::Workspace;

/// Panics in our code, in a dependency and in the standard library's generic code: all of them name source files.
const MAIN: &str = r#"
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::value::{Error, StrDeserializer}};

fn main() {
    let argument = std::env::args().next().unwrap();
    let decoded = STANDARD.decode(&argument).unwrap();
    let mut encoded = vec![0; decoded.len()];
    STANDARD.encode_slice(&decoded, &mut encoded).unwrap();
    let text = String::deserialize(StrDeserializer::<Error>::new(&argument)).unwrap();
    println!("{} {} {:?}", file!(), text.split_at(decoded.len()).0, encoded.split_off(decoded.len()));
}
"#;
const MANIFEST: &str = "[package]
name = \"same\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
base64 = \"0.22\"
serde = \"1\"
";
/// Where the build of a child process finds its workspace and puts the hash of the zip.
const FOLDER: &str = "REPRODUCIBLE_FOLDER";
const RESULT: &str = "sha256";

/// What a build must not depend on.
struct Surroundings {
    workspace: Workspace,
    cargo_home: PathBuf,
    target: PathBuf,
    flags: Option<&'static str>,
}

#[test]
fn the_same_bytes_come_from_other_folders_with_another_home_of_cargo() {
    let home = cargo_home();
    let here = workspace("reproducible/here");
    let target = here.root.join("target");
    let first = build(&Surroundings {
        workspace: here,
        cargo_home: home.clone(),
        target,
        flags: None,
    });

    let there = workspace("reproducible/much/further/down");
    let beside = there.root.with_file_name("beside");
    let second = build(&Surroundings {
        cargo_home: another_home(&home, &beside),
        target: beside.join("target"),
        workspace: there,
        // The default of this profile, said once more: flags of the surroundings and ours have to get on.
        flags: Some("-Cdebuginfo=0"),
    });
    assert_eq!(first, second);
}

/// The surroundings are variables, which a process can only set for another one.
#[test]
#[ignore = "started by the test above, in surroundings of its own"]
fn build_in_these_surroundings() {
    let Ok(root) = env::var(FOLDER) else { return };
    let workspace = Workspace { root: root.into() };
    let assets = workspace.build(&["same"], Profile::Deployed).unwrap();
    workspace.write(RESULT, &assets[0].sha256);
}

fn workspace(folder: &str) -> Workspace {
    let workspace = Workspace::new(folder).function("same", MAIN);
    workspace.write("functions/same/Cargo.toml", MANIFEST);
    workspace.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"functions/*\"]\n\n[profile.lambda]\ninherits = \"release\"\nlto = \"fat\"\ncodegen-units = 1\nstrip = \"symbols\"\n",
    );
    // Our own lock file, so that the dependencies are on this machine. Cargo takes out what the fixture does not need.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    workspace.write("Cargo.lock", &fs::read_to_string(lock).unwrap());
    let pruned = Command::new("cargo")
        .args(["metadata", "--offline", "--format-version", "1"])
        .current_dir(&workspace.root)
        .output()
        .unwrap();
    assert!(pruned.status.success(), "{pruned:?}");
    workspace
}

fn build(surroundings: &Surroundings) -> String {
    let root = &surroundings.workspace.root;
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "build_in_these_surroundings", "--ignored"])
        .env(FOLDER, root)
        .env("CARGO_HOME", &surroundings.cargo_home)
        .env("CARGO_TARGET_DIR", &surroundings.target)
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    if let Some(flags) = surroundings.flags {
        command.env("RUSTFLAGS", flags);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:#?}");
    fs::read_to_string(root.join(RESULT)).unwrap()
}

fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(|| env::home_dir().unwrap().join(".cargo"), PathBuf::from)
}

/// The same registry by another path.
fn another_home(home: &Path, beside: &Path) -> PathBuf {
    let other = beside.join("home-of-cargo");
    if beside.exists() {
        fs::remove_dir_all(beside).unwrap();
    }
    fs::create_dir_all(&other).unwrap();
    for entry in ["registry", "config.toml"] {
        if home.join(entry).exists() {
            symlink(home.join(entry), other.join(entry)).unwrap();
        }
    }
    other
}
