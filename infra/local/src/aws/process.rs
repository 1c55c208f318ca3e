//! Starts the emulator in a process group of its own, waits for it, and ends the whole group.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::Full;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Options;
use crate::Error;
use crate::http::HttpClient;

const SCRIPTS: [(&str, &str); 11] = [
    ("launcher.py", include_str!("launcher.py")),
    ("permissions.py", include_str!("permissions.py")),
    ("sessions.py", include_str!("sessions.py")),
    ("events.py", include_str!("events.py")),
    ("functions.py", include_str!("functions.py")),
    ("answers.py", include_str!("answers.py")),
    ("executions.py", include_str!("executions.py")),
    ("expressions.py", include_str!("expressions.py")),
    ("tasks.py", include_str!("tasks.py")),
    ("distributed.py", include_str!("distributed.py")),
    ("results.py", include_str!("results.py")),
];

/// A cold start takes half a second; a loaded machine that has just compiled for ten minutes takes longer.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// How long the launcher has to end its functions before it is killed. It gives itself one second.
const STOP_TIMEOUT: Duration = Duration::from_secs(4);
const POLL: Duration = Duration::from_millis(20);

/// How long the emulator lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Until it is stopped or this process ends, however it ends.
    Attached,
    /// Until it is stopped.
    Detached,
}

/// A started emulator. Dropped while attached, its process group is killed.
#[derive(Debug)]
pub(super) struct Supervised {
    child: Child,
    group: Pid,
    endpoint: String,
    directory: PathBuf,
    lifetime: Lifetime,
}

/// Starts the emulator and waits until it answers.
pub(super) async fn start(
    python: &Path,
    options: &Options,
    lifetime: Lifetime,
) -> Result<Supervised, Error> {
    let directory = instance_directory(&options.root())?;
    let log = directory.join("ministack.log");
    let mut child = command(python, options, lifetime, &directory)?
        .spawn()
        .map_err(Error::io("start", python))?;
    let group = child
        .id()
        .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
        .ok_or_else(|| not_started("it ended at once".into(), &log))?;
    let announced = announced_line(&mut child).await;
    let supervised = |endpoint| Supervised {
        child,
        group,
        endpoint,
        directory,
        lifetime,
    };
    let (process, outcome) = match announced {
        Ok(endpoint) => {
            let process = supervised(endpoint);
            let outcome = process.wait_until_healthy().await;
            (process, outcome)
        }
        Err(reason) => (supervised(String::new()), Err(not_started(reason, &log))),
    };
    match outcome {
        Ok(()) => Ok(process),
        Err(error) => {
            process.stop().await;
            Err(error)
        }
    }
}

fn command(
    python: &Path,
    options: &Options,
    lifetime: Lifetime,
    directory: &Path,
) -> Result<Command, Error> {
    for (name, text) in SCRIPTS {
        let script = directory.join(name);
        fs::write(&script, text).map_err(Error::io("write", &script))?;
    }
    let log = directory.join("ministack.log");
    let log = File::create(&log).map_err(Error::io("create", &log))?;
    let temporary = directory.join("tmp");
    fs::create_dir_all(&temporary).map_err(Error::io("create", &temporary))?;

    let mut command = Command::new(python);
    command.arg("-u").arg(directory.join("launcher.py"));
    let (mode, input) = match lifetime {
        Lifetime::Attached => ("attached", Stdio::piped()),
        Lifetime::Detached => ("detached", Stdio::null()),
    };
    command.args([mode, &options.region]);
    command.stdin(input).stdout(Stdio::piped()).stderr(log);
    command
        .process_group(0)
        .current_dir(directory)
        .kill_on_drop(lifetime == Lifetime::Attached);

    // The functions inherit this environment: nothing of the user's shell (real credentials, a profile, a proxy) may
    // reach them.
    command.env_clear();
    for name in ["PATH", "HOME", "LANG"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("TMPDIR", &temporary);
    command.env("S3_DATA_DIR", directory.join("s3"));
    command.env("AUTH", "true");
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command
        .env("LAMBDA_ASYNC_RETRY_BASE_SECONDS", "0.2")
        .env("LAMBDA_ASYNC_RETRY_MAX_SECONDS", "2");
    if let Some(scale) = options.wait_scale {
        command.env("SFN_WAIT_SCALE", scale.to_string());
    }
    if let Some(endpoint) = &options.bedrock_endpoint {
        command
            .env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", endpoint)
            .env("AWS_ENDPOINT_URL_BEDROCK", endpoint);
    }
    Ok(command)
}

/// A fresh directory; the number only tells instances apart.
fn instance_directory(root: &Path) -> Result<PathBuf, Error> {
    fs::create_dir_all(root).map_err(Error::io("create", root))?;
    for number in 1..=u32::MAX {
        let directory = root.join(format!("instance-{number}"));
        match fs::create_dir(&directory) {
            // Absolute, because the child changes its working directory.
            Ok(()) => {
                return std::path::absolute(&directory).map_err(Error::io("resolve", &directory));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::io("create", &directory)(error)),
        }
    }
    Err(Error::io("create an instance below", root)(
        std::io::ErrorKind::AlreadyExists.into(),
    ))
}

/// The first line of a child's standard output that is a URL: where it listens. The port is bound before it is told,
/// so that instances that start at the same time cannot take each other's.
pub(super) async fn announced_line(child: &mut Child) -> Result<String, String> {
    let Some(output) = child.stdout.take() else {
        return Err("its output is not connected".into());
    };
    let mut lines = BufReader::new(output).lines();
    let reading = async {
        loop {
            match lines.next_line().await {
                Ok(Some(line)) if line.starts_with("http://") => return Ok(line),
                Ok(Some(_)) => {}
                Ok(None) => return Err("it ended before it listened".to_owned()),
                Err(error) => return Err(error.to_string()),
            }
        }
    };
    let silent = |_| {
        Err(format!(
            "it did not say where it listens within {} s",
            START_TIMEOUT.as_secs()
        ))
    };
    tokio::time::timeout(START_TIMEOUT, reading)
        .await
        .unwrap_or_else(silent)
}

fn not_started(reason: String, log: &Path) -> Error {
    let text = fs::read_to_string(log).unwrap_or_default();
    Error::NotStarted {
        what: "the local AWS",
        reason,
        log: tail(&text, 20),
    }
}

/// The last lines of a text.
pub(super) fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Whether the emulator at this address answers.
pub(super) async fn is_healthy(endpoint: &str) -> bool {
    let Ok(request) =
        Request::get(format!("{endpoint}/_ministack/health")).body(Full::<Bytes>::default())
    else {
        return false;
    };
    matches!(HttpClient::plain().send(request, Duration::from_secs(5)).await, Ok((status, _)) if status.is_success())
}

/// Asks the group to end, then kills what is left of it. Answers when no process of it is left.
pub(super) async fn end_group(group: Pid) {
    // A group that is gone already is what we want.
    let _ = rustix::process::kill_process(group, Signal::TERM);
    if !gone_within(group, STOP_TIMEOUT).await {
        let _ = kill_process_group(group, Signal::KILL);
        gone_within(group, STOP_TIMEOUT).await;
    }
}

async fn gone_within(group: Pid, limit: Duration) -> bool {
    let polling = async {
        while test_kill_process_group(group).is_ok() {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(limit, polling).await.is_ok()
}

impl Supervised {
    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(super) fn group(&self) -> u32 {
        self.group.as_raw_nonzero().get().unsigned_abs()
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.directory.join("ministack.log")
    }

    async fn wait_until_healthy(&self) -> Result<(), Error> {
        let polling = async {
            while !is_healthy(&self.endpoint).await {
                tokio::time::sleep(POLL).await;
            }
        };
        tokio::time::timeout(START_TIMEOUT, polling)
            .await
            .map_err(|_| {
                not_started(
                    format!(
                        "it did not answer at {} within {} s",
                        self.endpoint,
                        START_TIMEOUT.as_secs()
                    ),
                    &self.log_file(),
                )
            })
    }

    pub(super) async fn stop(mut self) {
        // Reaps the leader as soon as it ends: a zombie would keep the group in existence.
        let (_, ()) = tokio::join!(self.child.wait(), end_group(self.group));
        remove(&self.directory);
        self.lifetime = Lifetime::Detached;
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        if self.lifetime == Lifetime::Detached {
            return;
        }
        let _ = kill_process_group(self.group, Signal::KILL);
        // A failing test's log is worth keeping.
        if !std::thread::panicking() {
            remove(&self.directory);
        }
    }
}

fn remove(directory: &Path) {
    // Nothing depends on it: the next instance takes the next number.
    let _ = fs::remove_dir_all(directory);
}
