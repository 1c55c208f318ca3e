//! What synth pulls in when it uses this crate.

use std::process::Command;

#[expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]
fn normal_dependencies(features: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--package",
            "shared",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    tree.lines()
        .filter_map(|line| line.split(' ').next().map(str::to_owned))
        .collect()
}

fn for_running(package: &str) -> bool {
    package.starts_with("aws-") || ["tokio", "hyper", "rustls", "lambda_runtime"].contains(&package)
}

#[test]
fn synth_does_not_compile_the_sdk() {
    let packages = normal_dependencies(&[]);
    assert!(
        packages.iter().any(|package| package == "serde_json"),
        "{packages:?}"
    );
    let unwanted: Vec<_> = packages
        .iter()
        .filter(|package| for_running(package))
        .collect();
    assert!(
        unwanted.is_empty(),
        "without the feature `run`: {unwanted:?}"
    );
    assert!(
        normal_dependencies(&["--features", "run"])
            .iter()
            .any(|package| for_running(package))
    );
}
