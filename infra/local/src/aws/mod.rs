//! The emulator behind `infra local`, `infra demo` and the tests: `ministack`, pinned, in a virtual environment of its own.
//!
//! [`LocalAws`] lives as long as the value (and never longer than the process); [`detached`] is the one that
//! `infra local up` leaves running.
//!
//! The emulator keeps its state in memory. It can write that down when it is told to end, but not when it is killed, and it
//! would come up at another port than the one its functions know; so a local AWS that ended is begun anew.
//!
//! The Python files beside this one amend it where a batch system needs more: roles and their sessions (`permissions`,
//! `sessions`), events of services (`events`), functions that end early (`functions`), and state machines (`executions`,
//! `expressions`, `tasks`, `distributed`, `results`). Each says which internals of the pinned version it uses.

pub mod detached;
mod lock;
mod process;
mod venv;

use std::path::PathBuf;
use std::time::Instant;

use process::{Lifetime, Supervised};

use crate::{Error, Progress, Report};

/// The account that every resource of the local AWS belongs to.
pub const ACCOUNT_ID: &str = "000000000000";

/// Where a local AWS keeps its files, and what it is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// The workspace's target directory; everything goes below its `local/`.
    pub target_dir: PathBuf,
    /// The region of the deployment. Clients must sign for the same one.
    pub region: String,
    /// Base URL of the Bedrock (runtime) simulator, which functions find through `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`
    /// and `AWS_ENDPOINT_URL_BEDROCK`. Without it a function's model call goes to the emulator's canned answers.
    pub bedrock_endpoint: Option<String>,
    /// The part of the time that state machines wait, in `Wait` states and before retries; all of it when it is left out.
    /// Timeouts are not scaled.
    pub wait_scale: Option<f64>,
}

impl Options {
    /// Region `eu-west-1`, no simulator.
    pub fn new(target_dir: impl Into<PathBuf>) -> Self {
        Self {
            target_dir: target_dir.into(),
            region: "eu-west-1".into(),
            bedrock_endpoint: None,
            wait_scale: None,
        }
    }

    /// Sends the functions' model calls to a simulator.
    #[must_use]
    pub fn bedrock(mut self, endpoint: impl Into<String>) -> Self {
        self.bedrock_endpoint = Some(endpoint.into());
        self
    }

    /// Lets state machines wait for only a part of the time: a tenth for 0.1.
    #[must_use]
    pub fn waiting(mut self, scale: f64) -> Self {
        self.wait_scale = Some(scale);
        self
    }

    fn root(&self) -> PathBuf {
        self.target_dir.join("local")
    }
}

/// Access keys for a client of the local AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: &'static str,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: &'static str,
}

/// The account's root user, who may do everything. Functions get sessions of their own roles instead.
pub const ROOT: Credentials = Credentials {
    access_key_id: "test",
    secret_access_key: "test",
};

/// A running local AWS with IAM enforcement on. Dropping it, or the death of this process, ends every process of it.
#[derive(Debug)]
pub struct LocalAws {
    process: Supervised,
    region: String,
}

impl LocalAws {
    /// Provisions the emulator if this machine has not got it yet, starts it on a free port of 127.0.0.1 and waits
    /// until it answers.
    ///
    /// # Errors
    /// Python or pip missing, no network at the first start, or the emulator not answering within 60 seconds.
    pub async fn start(options: &Options, report: Report<'_>) -> Result<Self, Error> {
        let process = launch(options, Lifetime::Attached, report).await?;
        Ok(Self {
            process,
            region: options.region.clone(),
        })
    }

    /// The base URL, for `AWS_ENDPOINT_URL` or `--endpoint-url`.
    pub fn endpoint(&self) -> &str {
        self.process.endpoint()
    }

    /// The region that clients must sign for.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The account's root user.
    pub fn credentials(&self) -> Credentials {
        ROOT
    }

    /// The process group: the emulator and the functions it runs.
    pub fn process_group(&self) -> u32 {
        self.process.group()
    }

    /// The emulator's log. It goes with the instance when it is stopped, and stays when a test panics.
    pub fn log_file(&self) -> PathBuf {
        self.process.log_file()
    }

    /// Stops the emulator and every function process, and removes its files.
    pub async fn stop(self) {
        self.process.stop().await;
    }
}

async fn launch(
    options: &Options,
    lifetime: Lifetime,
    report: Report<'_>,
) -> Result<Supervised, Error> {
    let python = venv::provision(&options.root(), report).await?;
    report(Progress::Starting);
    let begun = Instant::now();
    let process = process::start(&python, options, lifetime).await?;
    report(Progress::Ready {
        endpoint: process.endpoint().to_owned(),
        elapsed: begun.elapsed(),
    });
    Ok(process)
}
