//! `infra local up`, `status` and `down`: a local AWS and a simulator that outlive the command which started them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::Full;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use super::lock::exclusive;
use super::process::{Lifetime, announced_line, end_group, is_healthy, tail};
use super::{Options, launch};
use crate::bedrock::ADDRESS;
use crate::http::HttpClient;
use crate::{Error, Progress, Report};

/// Changes with the format of the state file.
const VERSION: u32 = 1;

/// How to start a simulator as a process of its own.
///
/// It must listen where [`bedrock::listen`](crate::bedrock::listen) says, write its base URL on a line of its own to
/// standard output (and nothing after that: nobody reads it), and then run [`bedrock::serve`](crate::bedrock::serve) until
/// it is killed.
#[derive(Debug, Clone)]
pub struct SimulatorCommand {
    /// The program, usually `std::env::current_exe()`.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// What runs, as the state file remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    version: u32,
    /// The region that clients must sign for.
    pub region: String,
    /// The emulator.
    pub aws: Service,
    /// The Bedrock simulator.
    pub bedrock: Service,
    directory: PathBuf,
}

/// A process of its own group that listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Process id, which is its group's too.
    pub pid: u32,
    /// When the kernel says it started, in its own clock; tells a process from a later one with the same id.
    started: Option<u64>,
    /// Base URL.
    pub endpoint: String,
    /// Where it logs.
    pub log_file: PathBuf,
}

/// What `status` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What was started.
    pub state: State,
    /// Whether the emulator answers.
    pub aws_answers: bool,
    /// Whether the simulator answers.
    pub bedrock_answers: bool,
}

/// Starts both, or answers with the ones that run already. A simulator that ended is started again at its old address,
/// where the functions look for it, and introduced to the local AWS; its jobs are gone. What is left of a local AWS that
/// ended is cleared away first, with its simulator: neither keeps anything on disk that could be taken up again.
///
/// # Errors
/// As [`LocalAws::start`](super::LocalAws::start); another region than the running one's; a simulator that does not
/// come up.
pub async fn up(
    options: &Options,
    simulator: &SimulatorCommand,
    report: Report<'_>,
) -> Result<State, Error> {
    let root = options.root();
    fs::create_dir_all(&root).map_err(Error::io("create", &root))?;
    let _lock = exclusive(&root.join("up.lock"), || report(Progress::WaitingForOther)).await?;
    if let Some(status) = look(&root).await? {
        if status.aws_answers {
            let state = same_region(status.state, &options.region)?;
            return if status.bedrock_answers {
                Ok(state)
            } else {
                start_again(&root, state, simulator).await
            };
        }
        clear(&root, &status.state).await?;
    }
    let (bedrock, bedrock_group) = start_simulator(&root, simulator, None).await?;
    let started = start_both(options, bedrock, &root, report).await;
    if started.is_err() {
        end_group(bedrock_group).await;
    }
    started
}

/// What runs, if anything was started.
///
/// # Errors
/// A state file of another version.
pub async fn status(target_dir: &Path) -> Result<Option<Status>, Error> {
    look(&target_dir.join("local")).await
}

/// Stops both and removes their files; false when nothing was started.
///
/// # Errors
/// A state file of another version, or one that cannot be removed.
pub async fn down(target_dir: &Path) -> Result<bool, Error> {
    let root = target_dir.join("local");
    if !root.exists() {
        return Ok(false);
    }
    let _lock = exclusive(&root.join("up.lock"), || ()).await?;
    let Some(state) = read(&root)? else {
        return Ok(false);
    };
    clear(&root, &state).await?;
    Ok(true)
}

async fn start_both(
    options: &Options,
    bedrock: Service,
    root: &Path,
    report: Report<'_>,
) -> Result<State, Error> {
    let options = options.clone().bedrock(bedrock.endpoint.clone());
    let process = launch(&options, Lifetime::Detached, report).await?;
    let aws = Service {
        pid: process.group(),
        started: started_at(process.group()),
        endpoint: process.endpoint().to_owned(),
        log_file: process.log_file(),
    };
    let directory = process.directory().to_path_buf();
    let state = State {
        version: VERSION,
        region: options.region.clone(),
        aws,
        bedrock,
        directory,
    };
    let finished = match authorize(&state).await {
        Ok(()) => write(root, &state),
        Err(error) => Err(error),
    };
    if finished.is_err() {
        process.stop().await;
    }
    finished.map(|()| state)
}

/// The simulator once more, beside a local AWS that still runs.
async fn start_again(
    root: &Path,
    state: State,
    simulator: &SimulatorCommand,
) -> Result<State, Error> {
    if let Some(group) = process_id(state.bedrock.pid).filter(|_| runs(&state.bedrock)) {
        end_group(group).await;
    }
    let endpoint = state.bedrock.endpoint.clone();
    let (bedrock, group) = start_simulator(root, simulator, Some(&endpoint)).await?;
    let state = State { bedrock, ..state };
    let finished = if state.bedrock.endpoint == endpoint {
        authorize(&state).await.and_then(|()| write(root, &state))
    } else {
        Err(Error::NotStarted {
            what: "the Bedrock simulator",
            reason: format!(
                "it listens at {}, the functions look for it at {endpoint}",
                state.bedrock.endpoint
            ),
            log: String::new(),
        })
    };
    if finished.is_err() {
        end_group(group).await;
    }
    finished.map(|()| state)
}

/// Tells the simulator where the roles are known.
async fn authorize(state: &State) -> Result<(), Error> {
    let failed = |reason: String| Error::NotStarted {
        what: "the Bedrock simulator",
        reason,
        log: String::new(),
    };
    let request = Request::put(format!("{}/_simulator/authorizer", state.bedrock.endpoint))
        .body(Full::new(Bytes::from(state.aws.endpoint.clone())))
        .map_err(|error| failed(error.to_string()))?;
    match HttpClient::plain()
        .send(request, Duration::from_secs(5))
        .await
    {
        Ok((status, _)) if status.is_success() => Ok(()),
        Ok((status, _)) => Err(failed(format!(
            "it answered {status} when it was told of the local AWS"
        ))),
        Err(error) => Err(failed(error.to_string())),
    }
}

async fn start_simulator(
    root: &Path,
    simulator: &SimulatorCommand,
    endpoint: Option<&str>,
) -> Result<(Service, Pid), Error> {
    let log_file = root.join("bedrock.log");
    let log = File::create(&log_file).map_err(Error::io("create", &log_file))?;
    let address = endpoint.and_then(|endpoint| endpoint.strip_prefix("http://"));
    let mut child = Command::new(&simulator.program)
        .args(&simulator.arguments)
        .envs(address.map(|address| (ADDRESS, address)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .process_group(0)
        .spawn()
        .map_err(Error::io("start", &simulator.program))?;
    let failed = |reason: String| {
        let text = fs::read_to_string(&log_file).unwrap_or_default();
        Error::NotStarted {
            what: "the Bedrock simulator",
            reason,
            log: tail(&text, 20),
        }
    };
    let pid = child
        .id()
        .ok_or_else(|| failed("it ended at once".into()))?;
    let group = process_id(pid).ok_or_else(|| failed(format!("{pid} is no process id")))?;
    match announced_line(&mut child).await {
        Ok(endpoint) => Ok((
            Service {
                pid,
                started: started_at(pid),
                endpoint,
                log_file,
            },
            group,
        )),
        Err(reason) => {
            tokio::join!(end_group(group), child.wait())
                .1
                .map_err(Error::io("wait for", &simulator.program))?;
            Err(failed(reason))
        }
    }
}

fn same_region(state: State, wanted: &str) -> Result<State, Error> {
    if state.region == wanted {
        return Ok(state);
    }
    Err(Error::OtherRegion {
        running: state.region,
        wanted: wanted.to_owned(),
    })
}

async fn look(root: &Path) -> Result<Option<Status>, Error> {
    let Some(state) = read(root)? else {
        return Ok(None);
    };
    let aws_answers = runs(&state.aws) && is_healthy(&state.aws.endpoint).await;
    let bedrock_answers = runs(&state.bedrock) && simulator_answers(&state.bedrock.endpoint).await;
    Ok(Some(Status {
        state,
        aws_answers,
        bedrock_answers,
    }))
}

async fn simulator_answers(endpoint: &str) -> bool {
    let Ok(request) =
        Request::get(format!("{endpoint}/_simulator/requests")).body(Full::<Bytes>::default())
    else {
        return false;
    };
    matches!(HttpClient::plain().send(request, Duration::from_secs(5)).await, Ok((status, _)) if status.is_success())
}

/// Ends what still runs of the two, and forgets them.
async fn clear(root: &Path, state: &State) -> Result<(), Error> {
    for service in [&state.aws, &state.bedrock] {
        if let Some(group) = process_id(service.pid).filter(|_| runs(service)) {
            end_group(group).await;
        }
    }
    if state.directory.exists() {
        fs::remove_dir_all(&state.directory).map_err(Error::io("remove", &state.directory))?;
    }
    let file = state_file(root);
    fs::remove_file(&file).map_err(Error::io("remove", &file))
}

fn runs(service: &Service) -> bool {
    process_id(service.pid).is_some_and(|pid| test_kill_process(pid).is_ok())
        && started_at(service.pid) == service.started
}

fn process_id(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

/// The 22nd field of `/proc/<pid>/stat`; `None` where there is no `/proc`.
fn started_at(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the command in brackets and may contain anything.
    stat.rsplit_once(") ")?.1.split(' ').nth(19)?.parse().ok()
}

fn state_file(root: &Path) -> PathBuf {
    root.join("up.json")
}

fn read(root: &Path) -> Result<Option<State>, Error> {
    let path = state_file(root);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", &path)(error)),
    };
    let state: State = serde_json::from_str(&text).map_err(|error| Error::State {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    if state.version != VERSION {
        return Err(Error::State {
            path,
            reason: format!("version {}, not {VERSION}", state.version),
        });
    }
    Ok(Some(state))
}

/// By a rename, so that no reader sees half of it.
fn write(root: &Path, state: &State) -> Result<(), Error> {
    let path = state_file(root);
    let unfinished = path.with_extension("json.unfinished");
    let text = serde_json::to_vec_pretty(state).map_err(|error| Error::State {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    fs::write(&unfinished, text).map_err(Error::io("write", &unfinished))?;
    fs::rename(&unfinished, &path).map_err(Error::io("rename", &unfinished))
}
