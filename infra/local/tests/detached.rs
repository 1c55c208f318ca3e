//! `up`, `status` and `down`: a pair that outlives the command which started it.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

mod common;

use std::path::Path;

use common::{MODEL, blob, client, target_dir};
use local::Error;
use local::aws::Options;
use local::aws::detached::{self, SimulatorCommand};
use local::bedrock::{Config, listen, serve};
use serde_json::json;

/// This test binary, running only [`a_simulator_process`]: what the tool's hidden subcommand is in the product.
fn simulator() -> SimulatorCommand {
    let arguments = ["a_simulator_process", "--exact", "--ignored", "--nocapture"]
        .map(Into::into)
        .to_vec();
    SimulatorCommand {
        program: std::env::current_exe().expect("a test has an executable"),
        arguments,
    }
}

#[tokio::test]
#[ignore = "not a test: the simulator's process, started by the test below"]
async fn a_simulator_process() {
    let listener = listen().await.expect("a free port");
    println!("\nhttp://{}", listener.local_addr().expect("an address"));
    serve(Config::default(), listener).await.expect("it serves");
}

/// A target directory of its own, so that no other `up` is met, sharing the installed environment.
fn separate_target() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let shared = target_dir().join("local");
    std::fs::create_dir_all(&shared).expect("it is there");
    let own = directory.path().join("local");
    std::fs::create_dir(&own).expect("created");
    for entry in std::fs::read_dir(&shared)
        .expect("readable")
        .filter_map(Result::ok)
    {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("venv-") && entry.path().join("bin/python").exists() {
            std::os::unix::fs::symlink(entry.path(), own.join(name)).expect("linked");
        }
    }
    directory
}

fn exists(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

#[tokio::test]
async fn up_is_found_again_and_down_leaves_nothing() {
    let target = separate_target();
    let options = Options::new(target.path());
    assert_eq!(
        detached::status(target.path()).await.expect("readable"),
        None
    );
    assert!(
        !detached::down(target.path())
            .await
            .expect("nothing to stop")
    );

    let state = detached::up(&options, &simulator(), &|_| ())
        .await
        .expect("it starts");
    let again = detached::up(&options, &simulator(), &|_| ())
        .await
        .expect("it runs already");
    assert_eq!(state, again);
    let status = detached::status(target.path())
        .await
        .expect("readable")
        .expect("it is up");
    assert!(status.aws_answers && status.bedrock_answers);
    let elsewhere = Options {
        region: "us-east-1".into(),
        ..options.clone()
    };
    let refused = detached::up(&elsewhere, &simulator(), &|_| ()).await;
    assert!(
        matches!(refused, Err(Error::OtherRegion { .. })),
        "{refused:?}"
    );

    // The simulator asks the emulator about keys it does not know.
    let body = json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{ "role": "user", "content": "x" }] });
    let stranger = client(&state.bedrock.endpoint, "AKIASTRANGER00000000")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(&body))
        .send()
        .await;
    let error = stranger
        .expect_err("nobody knows the key")
        .into_service_error();
    assert_eq!(
        error.meta().code(),
        Some("UnrecognizedClientException"),
        "{error:?}"
    );
    client(&state.bedrock.endpoint, "test")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(&body))
        .send()
        .await
        .expect("root may");

    // A simulator that was killed comes back where the functions look for it, and knows the local AWS again.
    let killed = i32::try_from(state.bedrock.pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        .expect("a process id");
    rustix::process::kill_process_group(killed, rustix::process::Signal::KILL).expect("killed");
    while detached::status(target.path())
        .await
        .expect("readable")
        .expect("it is up")
        .bedrock_answers
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let first = state;
    let state = detached::up(&options, &simulator(), &|_| ())
        .await
        .expect("it starts again");
    assert_eq!(state.aws, first.aws);
    assert_eq!(state.bedrock.endpoint, first.bedrock.endpoint);
    assert_ne!(state.bedrock.pid, first.bedrock.pid);
    let stranger = client(&state.bedrock.endpoint, "AKIASTRANGER00000000")
        .invoke_model()
        .model_id(MODEL)
        .body(blob(&body))
        .send()
        .await;
    assert!(stranger.is_err(), "it asks nobody: {stranger:?}");

    assert!(detached::down(target.path()).await.expect("it stops"));
    assert!(
        !exists(state.aws.pid) && !exists(state.bedrock.pid),
        "a process is left"
    );
    assert_eq!(
        detached::status(target.path()).await.expect("readable"),
        None
    );
}

#[tokio::test]
async fn a_simulator_that_does_not_start_is_reported_with_what_it_said() {
    let target = separate_target();
    let broken = SimulatorCommand {
        program: "sh".into(),
        arguments: ["-c", "echo no scenario >&2; exit 3"]
            .map(Into::into)
            .to_vec(),
    };
    let error = detached::up(&Options::new(target.path()), &broken, &|_| ())
        .await
        .expect_err("it ended");
    assert_eq!(
        error.to_string(),
        "the Bedrock simulator did not start: it ended before it listened\nno scenario"
    );
}

#[tokio::test]
async fn a_foreign_state_file_is_not_trusted() {
    let target = separate_target();
    std::fs::write(target.path().join("local/up.json"), "{}").expect("written");
    let error = detached::status(target.path())
        .await
        .expect_err("it is refused");
    assert!(
        error
            .to_string()
            .contains("is not a state file of this version"),
        "{error}"
    );
}
