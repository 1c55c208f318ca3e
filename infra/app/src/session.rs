//! A local AWS with its Bedrock simulator, for as long as a demonstration or a test needs it.

use std::path::Path;

use deploy::Target;
use local::aws::{LocalAws, Options};
use local::bedrock::{Config, Request, Simulator};
use local::{Progress, Report};

use crate::CommandError;
use crate::connection::local_target;

/// Both servers, in child processes and tasks of this one. They end with it.
#[derive(Debug)]
pub struct Session {
    simulator: Simulator,
    aws: LocalAws,
    target: Target,
}

impl Session {
    /// Starts both on free ports and introduces them to each other: functions find the simulator, and the simulator asks
    /// the local AWS whether a caller may do what it asks for, and finds the files of batch jobs there.
    ///
    /// # Errors
    /// Whatever keeps one of them from starting.
    pub async fn start(
        target_directory: &Path,
        config: Config,
        report: Report<'_>,
    ) -> Result<Self, CommandError> {
        Self::with(Options::new(target_directory), config, report).await
    }

    /// The same with a local AWS as these options want it.
    ///
    /// # Errors
    /// Whatever keeps one of them from starting.
    pub async fn with(
        options: Options,
        config: Config,
        report: Report<'_>,
    ) -> Result<Self, CommandError> {
        let simulator = Simulator::start(config).await.map_err(crate::error::file(
            "start the simulator on",
            Path::new("127.0.0.1"),
        ))?;
        let options = options.bedrock(simulator.endpoint());
        let aws = LocalAws::start(&options, report).await?;
        simulator.authorize_with(aws.endpoint());
        let target = local_target(aws.endpoint(), aws.region()).await?;
        Ok(Self {
            simulator,
            aws,
            target,
        })
    }

    /// Where to deploy.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The local AWS.
    #[must_use]
    pub fn aws(&self) -> &LocalAws {
        &self.aws
    }

    /// Where its Bedrock answers.
    #[must_use]
    pub fn bedrock_endpoint(&self) -> &str {
        self.simulator.endpoint()
    }

    /// What the model was asked so far.
    #[must_use]
    pub fn model_requests(&self) -> Vec<Request> {
        self.simulator.requests()
    }

    /// Stops both and waits until no process is left.
    pub async fn stop(self) {
        self.aws.stop().await;
        self.simulator.stop().await;
    }
}

/// A report that shows each step of the set-up as what a progress step is doing.
pub fn report(step: &crate::terminal::Step) -> impl Fn(Progress) + Sync + '_ {
    move |progress| step.detail(&progress.to_string())
}
