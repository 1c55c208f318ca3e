//! The Bedrock simulator, as the command line configures it.

use std::ffi::OsString;

use local::aws::detached::SimulatorCommand;
use local::bedrock::{Config, Scenario, Upstream};

use crate::CommandError;
use crate::cli::SimulatorArguments;
use crate::error::file;

/// Reads the scenario file and the upstream server from the arguments.
///
/// # Errors
/// When the scenario file cannot be read or is not a scenario.
pub fn config(arguments: &SimulatorArguments) -> Result<Config, CommandError> {
    let scenario = match &arguments.scenario {
        Some(path) => Scenario::read(path)?,
        None => Scenario::default(),
    };
    let upstream = arguments.upstream.clone().map(|url| Upstream {
        url,
        model: arguments.upstream_model.clone(),
        api_key: arguments.upstream_api_key.clone(),
    });
    Ok(Config { scenario, upstream })
}

/// How to start the same simulator as a process of its own. The API key goes by the environment, not by the command
/// line, which every process on the machine can read.
///
/// # Errors
/// When this program's own path is unknown.
pub fn command(arguments: &SimulatorArguments) -> Result<SimulatorCommand, CommandError> {
    let program = std::env::current_exe().map_err(file("find", std::path::Path::new("infra")))?;
    let mut words: Vec<OsString> = vec!["simulator".into()];
    let mut option = |name: &str, value: Option<OsString>| {
        words.extend(value.into_iter().flat_map(|value| [name.into(), value]));
    };
    option("--upstream", arguments.upstream.clone().map(Into::into));
    option(
        "--upstream-model",
        arguments.upstream_model.clone().map(Into::into),
    );
    option("--scenario", arguments.scenario.clone().map(Into::into));
    Ok(SimulatorCommand {
        program,
        arguments: words,
    })
}
