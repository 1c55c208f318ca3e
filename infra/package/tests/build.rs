//! Packaging small workspaces with the real Cargo.

mod support;

use std::{fs, process::Command, time::SystemTime};

use package::{Architecture, Error, Profile, Progress};
use sha2::{Digest, Sha256};
use support::{HOST, Workspace};

const HELLO: &str = "fn main() { println!(\"hello\"); }\n";

#[test]
fn two_functions_in_one_build_become_two_packages() {
    let workspace = Workspace::new("two")
        .function("two-one", HELLO)
        .function("two-other", HELLO);
    let mut compiled = Vec::new();
    let mut packaged = Vec::new();
    let assets = workspace
        .build_for(
            HOST,
            &["two-other", "two-one"],
            Profile::Quick,
            &mut |progress| match progress {
                Progress::Compiled { name, .. } => compiled.push(name.to_owned()),
                // Kept, when this test has run before.
                Progress::Packaged(asset) | Progress::Kept(asset) => packaged.push(asset.clone()),
                _ => {}
            },
        )
        .unwrap();

    compiled.sort();
    assert_eq!(compiled, ["two-one", "two-other"]);
    assert_eq!(packaged, assets);
    let functions: Vec<&str> = assets.iter().map(|asset| asset.function.as_str()).collect();
    assert_eq!(
        functions,
        ["two-other", "two-one"],
        "the order of the request"
    );
    for asset in &assets {
        let zip = fs::read(&asset.zip_path).unwrap();
        assert!(
            asset
                .zip_path
                .ends_with(format!("lambda/quick/{HOST}/{}.zip", asset.function))
        );
        assert_eq!(asset.sha256, format!("{:x}", Sha256::digest(&zip)));
        assert_eq!(
            asset.key,
            format!("assets/{}/{}.zip", asset.function, asset.sha256)
        );
        assert_eq!(asset.zipped_size, zip.len() as u64);
        assert_eq!(asset.architecture, HOST);
        assert!(!asset.exceeds_console_limit());
    }
}

#[test]
fn the_package_holds_one_executable_bootstrap_that_runs() {
    let workspace = Workspace::new("entry").function("entry", HELLO);
    let asset = workspace
        .build(&["entry"], Profile::Quick)
        .unwrap()
        .remove(0);

    let mut archive = zip::ZipArchive::new(fs::File::open(&asset.zip_path).unwrap()).unwrap();
    assert_eq!(archive.len(), 1);
    let entry = archive.by_name("bootstrap").unwrap();
    assert_eq!(entry.unix_mode(), Some(0o100_755));
    assert_eq!(entry.compression(), zip::CompressionMethod::Deflated);
    assert_eq!(entry.last_modified().unwrap(), zip::DateTime::DEFAULT);
    assert_eq!(entry.size(), asset.unzipped_size);
    drop(entry);

    let folder = tempfile::tempdir().unwrap();
    archive.extract(folder.path()).unwrap();
    let output = Command::new(folder.path().join("bootstrap"))
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"hello\n");
    let bytes = fs::read(folder.path().join("bootstrap")).unwrap();
    let bytes = String::from_utf8_lossy(&bytes);
    assert!(!bytes.contains("rustc version"), "tools are named");
}

#[test]
fn building_again_gives_the_same_bytes_whatever_the_file_times() {
    let workspace = Workspace::new("again").function("again", HELLO);
    let first = workspace.build(&["again"], Profile::Quick).unwrap();

    fs::File::options()
        .append(true)
        .open(workspace.root.join("functions/again/src/main.rs"))
        .and_then(|file| file.set_modified(SystemTime::now()))
        .unwrap();
    fs::remove_file(&first[0].zip_path).unwrap();
    let mut rebuilt = false;
    let second = workspace
        .build_for(HOST, &["again"], Profile::Quick, &mut |progress| {
            rebuilt |= matches!(progress, Progress::Compiled { fresh: false, .. });
        })
        .unwrap();

    assert!(rebuilt, "the changed file time makes Cargo compile again");
    assert_eq!(first, second);
}

#[test]
fn what_did_not_change_is_neither_built_nor_zipped_again() {
    let workspace = Workspace::new("kept")
        .function("kept-one", HELLO)
        .function("kept-other", HELLO);
    let build = |names: &[&str]| {
        let (mut compiled, mut zipped, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        let progress = &mut |progress: Progress<'_>| match progress {
            Progress::Compiled { name, fresh: false } => compiled.push(name.to_owned()),
            Progress::Packaged(asset) => zipped.push(asset.function.clone()),
            Progress::Kept(asset) => kept.push(asset.function.clone()),
            _ => {}
        };
        let assets = workspace.build_for(HOST, names, Profile::Deployed, progress);
        (assets.unwrap(), compiled, zipped, kept)
    };
    let both = ["kept-one", "kept-other"];
    let (first, ..) = build(&both);
    let (second, compiled, zipped, kept) = build(&both);
    assert_eq!(first, second);
    assert_eq!((compiled.len(), zipped.len()), (0, 0));
    assert_eq!(kept, both);

    // One alone is the same as one of two.
    let (alone, compiled, ..) = build(&["kept-other"]);
    assert_eq!((&alone[..], compiled.len()), (&first[1..], 0));

    workspace.write(
        "functions/kept-one/src/main.rs",
        "fn main() { println!(\"anew\"); }\n",
    );
    fs::write(&first[1].zip_path, "damaged").unwrap();
    let (third, compiled, zipped, kept) = build(&both);
    assert_eq!(compiled, ["kept-one"]);
    assert_eq!(zipped, both, "one changed, the other was damaged");
    assert_eq!(kept.len(), 0);
    assert_eq!(third[1], first[1]);
    assert_ne!(third[0].sha256, first[0].sha256);
}

#[test]
fn a_budget_is_the_crates_own_and_what_fills_it_is_told() {
    let workspace = Workspace::new("budget").function("budgeted", HELLO);
    let [asset] = &workspace.build(&["budgeted"], Profile::Deployed).unwrap()[..] else {
        panic!("one function was asked for");
    };
    assert_eq!(asset.budget, Some(package::DEFAULT_BUDGET));
    assert_eq!(asset.exceeded_budget(), None);

    workspace.write(
        "functions/budgeted/Cargo.toml",
        "[package]\nname = \"budgeted\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[package.metadata.infra]\nzipped-budget = 1000\n",
    );
    let exceeded = &workspace.build(&["budgeted"], Profile::Deployed).unwrap()[0];
    assert_eq!(exceeded.exceeded_budget(), Some(1000));
    let quick = &workspace.build(&["budgeted"], Profile::Quick).unwrap()[0];
    assert_eq!(quick.exceeded_budget(), None);

    let contents = package::contents(&mut package::Request {
        workspace_root: &workspace.root,
        functions: &["budgeted"],
        profile: Profile::Deployed,
        architecture: HOST,
        progress: &mut |_| {},
    });
    let crates = &contents.unwrap()[0].crates;
    assert!(crates.iter().any(|(name, _)| name == "std"), "{crates:?}");
    let again = &workspace.build(&["budgeted"], Profile::Deployed).unwrap()[0];
    assert_eq!(again, exceeded, "symbols are not packaged");
}

#[test]
fn the_deployed_profile_gives_the_same_bytes_in_another_folder() {
    let here = "fn main() { assert!(std::env::args().count() > 0, \"in {}\", file!()); }\n";
    let one = Workspace::new("somewhere").function("elsewhere", here);
    let other = Workspace::new("a/much/deeper/folder").function("elsewhere", here);
    let one = one.build(&["elsewhere"], Profile::Deployed).unwrap();
    let other = other.build(&["elsewhere"], Profile::Deployed).unwrap();
    assert_eq!(one[0].sha256, other[0].sha256);
    let path = format!("lambda/deployed/{HOST}/elsewhere.zip");
    assert!(one[0].zip_path.ends_with(path));
}

#[test]
fn a_different_program_gets_a_different_key() {
    let workspace = Workspace::new("changed").function("changed", HELLO);
    let before = workspace.build(&["changed"], Profile::Quick).unwrap();
    workspace.write(
        "functions/changed/src/main.rs",
        "fn main() { println!(\"goodbye\"); }\n",
    );
    let after = workspace.build(&["changed"], Profile::Quick).unwrap();
    assert_ne!(before[0].key, after[0].key);
}

#[test]
fn a_function_that_does_not_compile_is_named_with_the_compilers_words() {
    let workspace = Workspace::new("broken")
        .function("broken-fine", HELLO)
        .function(
            "broken-badly",
            "fn main() { let answer: u32 = \"forty-two\"; }\n",
        );
    let error = workspace
        .build(&["broken-fine", "broken-badly"], Profile::Quick)
        .unwrap_err();

    assert!(matches!(error, Error::Build { .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.starts_with("cannot build broken-fine, broken-badly: crate `broken-badly` has errors"),
        "{text}"
    );
    assert!(text.contains("error[E0308]: mismatched types"), "{text}");
    assert!(
        text.contains("functions/broken-badly/src/main.rs:1"),
        "{text}"
    );
}

#[test]
fn an_error_of_cargo_itself_is_repeated() {
    let workspace = Workspace::new("unlocked").function("unlocked", HELLO);
    workspace.write("Cargo.lock", "version = 4\n");
    let error = workspace
        .build(&["unlocked"], Profile::Deployed)
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("cannot build unlocked: Cargo stopped"),
        "{text}"
    );
    assert!(text.contains("--locked"), "{text}");
}

#[test]
fn a_broken_manifest_is_reported_with_cargos_words() {
    let workspace = Workspace::new("manifest").function("manifest", HELLO);
    workspace.write("functions/manifest/Cargo.toml", "[package]\nname = 7\n");
    let error = workspace.build(&["manifest"], Profile::Quick).unwrap_err();
    assert!(matches!(error, Error::Workspace { .. }), "{error:?}");
    assert!(
        error.to_string().contains("functions/manifest/Cargo.toml"),
        "{error}"
    );
}

#[test]
fn an_unknown_function_is_answered_with_the_known_ones() {
    let workspace = Workspace::new("unknown")
        .function("unknown-b", HELLO)
        .function("unknown-a", HELLO);
    workspace.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"functions/*\", \"tool\"]\n",
    );
    workspace.write(
        "tool/Cargo.toml",
        "[package]\nname = \"tool\"\nversion = \"0.1.0\"\n",
    );
    workspace.write("tool/src/main.rs", HELLO);

    let error = workspace
        .build(&["unknown-a", "tool"], Profile::Quick)
        .unwrap_err();
    insta_settings().bind(|| insta::assert_snapshot!("unknown_function", error));
    let error = workspace.build(&[], Profile::Quick).unwrap_err();
    insta_settings().bind(|| insta::assert_snapshot!("no_functions", error));
}

#[test]
fn another_processor_needs_its_target_installed() {
    let (other, triple) = match HOST {
        Architecture::Arm64 => (Architecture::X86_64, "x86_64-unknown-linux-gnu"),
        Architecture::X86_64 => (Architecture::Arm64, "aarch64-unknown-linux-gnu"),
    };
    let libraries = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", triple])
        .output()
        .unwrap();
    let libraries = String::from_utf8(libraries.stdout).unwrap();
    let installed = fs::exists(libraries.trim()).unwrap();

    let workspace = Workspace::new("cross").function("cross", HELLO);
    match workspace.build_for(other, &["cross"], Profile::Quick, &mut |_| {}) {
        Ok(assets) => assert_eq!((installed, assets[0].architecture), (true, other)),
        // The target without a linker for it.
        Err(Error::Build { diagnostics, .. }) => {
            assert!(installed && diagnostics.contains("link"), "{diagnostics}");
        }
        Err(error) => {
            assert!(!installed);
            assert!(
                error
                    .to_string()
                    .contains(&format!("rustup target add {triple}")),
                "{error}"
            );
        }
    }
}

fn insta_settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/package");
    settings.set_prepend_module_to_snapshot(false);
    settings
}
