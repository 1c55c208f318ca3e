//! Building in other surroundings: other folders, another home of Cargo, with and without cargo-zigbuild.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made fails its test"
)]

mod support;

use std::{
    env,
    ffi::OsStr,
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use package::Profile;
use support::Workspace;

/// Panics in our code, in a dependency and in the standard library's generic code: all of them name source files.
const PANICS: &str = r#"
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
/// Asks for a function of glibc 2.36, unless the feature `zig` is on.
const MODERN: &str = r#"
#[cfg(not(feature = "zig"))]
unsafe extern "C" { safe fn arc4random() -> u32; }
#[cfg(feature = "zig")]
fn arc4random() -> u32 { 4 }

fn main() { println!("{}", arc4random()); }
"#;
/// Plays cargo-zigbuild: writes down what it is asked, and builds for the C library that is there.
const ZIGBUILD: &str = r#"#!/bin/sh
shift
if [ "$1" = --help ]; then exit "$ZIGBUILD_MISSING"; fi
echo "$*" > zigbuild.txt
env > environment.txt
for argument; do shift; set -- "$@" "${argument%.2.34}"; done
exec cargo build --features zig "$@"
"#;
/// Names the workspace of a build in a process of its own.
const FOLDER: &str = "SURROUNDINGS_FOLDER";
/// Where that build writes what came of it.
const RESULT: &str = "result.txt";

#[test]
fn the_same_bytes_come_from_other_folders_with_another_home_of_cargo() {
    let home = cargo_home();
    let here = workspace_that_panics("surroundings/here");
    let first = build(
        &here,
        &[
            ("CARGO_HOME", home.as_os_str()),
            ("CARGO_TARGET_DIR", here.root.join("target").as_os_str()),
        ],
    );

    let there = workspace_that_panics("surroundings/much/further/down");
    let beside = there.root.with_file_name("beside");
    let second = build(
        &there,
        &[
            ("CARGO_HOME", another_home(&home, &beside).as_os_str()),
            ("CARGO_TARGET_DIR", beside.join("target").as_os_str()),
            // The default of this profile, said once more: flags of the surroundings and ours have to get on.
            ("RUSTFLAGS", OsStr::new("-Cdebuginfo=0")),
        ],
    );
    assert_eq!(first, second);
    assert_eq!(first.len(), 64, "a hash and not an error: {first}");
}

#[test]
fn too_new_a_c_library_is_left_to_zig_or_explained() {
    let workspace = Workspace::new("surroundings/modern").function("built", MODERN);
    workspace.write(
        "functions/built/Cargo.toml",
        "[package]\nname = \"built\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[features]\nzig = []\n",
    );
    workspace.write("bin/cargo-zigbuild", ZIGBUILD);
    let program = workspace.root.join("bin/cargo-zigbuild");
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [workspace.root.join("bin")]
        .into_iter()
        .chain(env::split_paths(&path));
    let path = env::join_paths(folders).unwrap();
    let processor = if cfg!(target_arch = "aarch64") {
        "AARCH64"
    } else {
        "X86_64"
    };
    let linker = format!("CARGO_TARGET_{processor}_UNKNOWN_LINUX_GNU_LINKER");
    let build_where_zigbuild_is_missing = |missing| {
        let missing = OsStr::new(missing);
        build(
            &workspace,
            &[
                ("PATH", path.as_os_str()),
                ("ZIGBUILD_MISSING", missing),
                // cargo-zigbuild would leave it as it is, and link by it.
                (&linker, OsStr::new("cc")),
            ],
        )
    };

    let explained = build_where_zigbuild_is_missing("1");
    if explained.contains("undefined") {
        return; // This machine's C library does not have the function either.
    }
    assert!(
        explained.contains("needs glibc 2.36 for arc4random (GLIBC_2.36), and the runtime"),
        "{explained}"
    );
    assert!(explained.contains("install cargo-zigbuild"), "{explained}");
    let built = build_where_zigbuild_is_missing("0");
    assert_eq!(built.len(), 64, "a hash and not an error: {built}");
    let asked = fs::read_to_string(workspace.root.join("zigbuild.txt")).unwrap();
    assert!(asked.contains("-unknown-linux-gnu.2.34 "), "{asked}");
    let environment = fs::read_to_string(workspace.root.join("environment.txt")).unwrap();
    assert!(!environment.contains("_GNU_LINKER="), "{environment}");
}

/// The surroundings are variables, which a process can only set for another one.
#[test]
#[ignore = "started by the tests above, in surroundings of its own"]
fn build_in_these_surroundings() {
    let Ok(root) = env::var(FOLDER) else { return };
    let workspace = Workspace { root: root.into() };
    let result = match workspace.build(&["built"], Profile::Deployed) {
        Ok(assets) => assets[0].sha256.clone(),
        Err(error) => error.to_string(),
    };
    workspace.write(RESULT, &result);
}

fn build(workspace: &Workspace, variables: &[(&str, &OsStr)]) -> String {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "build_in_these_surroundings", "--ignored"])
        .env(FOLDER, &workspace.root)
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:#?}");
    fs::read_to_string(workspace.root.join(RESULT)).unwrap()
}

/// Panic messages name the registry's sources, where our flags do not arrive.
#[test]
fn flags_of_the_target_that_replace_ours_are_noticed() {
    let workspace = workspace_that_panics("surroundings/flagged");
    let named_folder = |configuration: &str| {
        workspace.write(".cargo/config.toml", configuration);
        let assets = workspace.build(&["built"], Profile::Deployed).unwrap();
        assets[0].named_folder.clone()
    };
    let of_all_targets = "[build]\nrustflags = [\"-Copt-level=1\"]\n";
    assert_eq!(named_folder(of_all_targets), None);
    let of_this_target = "[target.'cfg(unix)']\nrustflags = [\"-Copt-level=1\"]\n";
    assert!(named_folder(of_this_target).is_some());
}

fn workspace_that_panics(folder: &str) -> Workspace {
    let workspace = Workspace::new(folder).function("built", PANICS);
    workspace.write(
        "functions/built/Cargo.toml",
        "[package]\nname = \"built\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nbase64 = \"0.22\"\nserde = \"1\"\n",
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
