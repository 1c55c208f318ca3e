//! The functions of this workspace, built from nothing in two clones in different folders: the same commit gives the same bytes.
//!
//! Most of an hour of two processors, so it is run by hand: after a change of dependencies, profiles or toolchain.
#![expect(
    clippy::unwrap_used,
    reason = "a clone that cannot be made fails the test"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use package::{Architecture, Asset, Profile, Request};
use sha2::{Digest, Sha256};

/// The processor of this machine, which needs no cross compiler.
const HOST: Architecture = if cfg!(target_arch = "aarch64") {
    Architecture::Arm64
} else {
    Architecture::X86_64
};

#[test]
#[ignore = "builds all functions twice with the deployed profile"]
fn the_last_commit_gives_the_same_packages_in_two_folders() {
    let [here, there] = ["here", "much/further/down"].map(clone);
    let functions = functions(&here);
    let [first, second] = [&here, &there].map(|clone| package(clone, &functions));

    let differing: Vec<&String> = functions
        .iter()
        .filter(|function| first[*function].sha256 != second[*function].sha256)
        .collect();
    let libraries = differing_libraries(&here, &there);
    assert!(
        differing.is_empty(),
        "{differing:?} have other bytes; these libraries, too, and if there are none it is the link: {libraries:?}"
    );
    fs::remove_dir_all(folder()).unwrap();
}

/// Where the clones are; they stay where they differ, to be looked at.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("reproducible")
}

/// The last commit, in a folder that was not there.
fn clone(name: &str) -> PathBuf {
    let clone = folder().join(name);
    if clone.exists() {
        fs::remove_dir_all(&clone).unwrap();
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut git = Command::new("git");
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("GIT_")) {
        git.env_remove(name);
    }
    let cloned = git.args(["clone", "--quiet"]).arg(workspace).arg(&clone);
    assert!(cloned.status().unwrap().success());
    clone
}

/// Those with an executable, by name.
fn functions(clone: &Path) -> Vec<String> {
    let folders = fs::read_dir(clone.join("functions")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let functions = folders.filter(|folder| folder.join("src/main.rs").exists());
    let names = functions.map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    assert!(names.len() > 1, "{names:?}");
    names
}

fn package(clone: &Path, functions: &[String]) -> BTreeMap<String, Asset> {
    let names: Vec<&str> = functions.iter().map(String::as_str).collect();
    let assets = package::build(&mut Request {
        workspace_root: clone,
        functions: &names,
        profile: Profile::Deployed,
        architecture: HOST,
        progress: &mut |_| {},
    })
    .unwrap();
    let is_own = |asset: &Asset| asset.zip_path.starts_with(clone);
    assert!(
        assets.iter().all(is_own),
        "run this without CARGO_TARGET_DIR: the second clone would find what the first has built"
    );
    let by_function = assets.into_iter();
    by_function
        .map(|asset| (asset.function.clone(), asset))
        .collect()
}

/// What a difference comes from.
fn differing_libraries(here: &Path, there: &Path) -> Vec<String> {
    let (here, there) = (libraries(here), libraries(there));
    assert!(!here.is_empty());
    let differs =
        |(name, hash): (String, String)| (there.get(&name) != Some(&hash)).then_some(name);
    here.into_iter().filter_map(differs).collect()
}

/// The hash of each compiled library, by its file.
fn libraries(clone: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(clone.join("target/lambda/deps")).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let libraries = files.filter(|path| path.extension().is_some_and(|end| end == "rlib"));
    let hashed = libraries.map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (
            name,
            format!("{:x}", Sha256::digest(fs::read(&path).unwrap())),
        )
    });
    hashed.collect()
}
