//! `infra local up`, `down` and `status`.

use local::aws::Options;
use local::aws::detached::{self, State};

use crate::CommandError;
use crate::cli::{LocalCommand, SimulatorArguments};
use crate::session::report;
use crate::simulator;
use crate::terminal::Terminal;
use crate::workspace;

pub(super) async fn run(command: LocalCommand, terminal: Terminal) -> Result<(), CommandError> {
    match command {
        LocalCommand::Up(arguments) => {
            let state = up(&arguments, terminal).await?;
            describe(&state, terminal);
            Ok(())
        }
        LocalCommand::Down => down(terminal).await,
        LocalCommand::Status => status(terminal).await,
    }
}

/// Starts both in the background, or finds them running.
pub(super) async fn up(
    arguments: &SimulatorArguments,
    terminal: Terminal,
) -> Result<State, CommandError> {
    // Read here too, so that a mistake in the scenario is told by this process and not by one in the background.
    simulator::config(arguments)?;
    let step = terminal.step("Start the local AWS");
    let options = Options::new(workspace::target_directory());
    let state = detached::up(&options, &simulator::command(arguments)?, &report(&step)).await?;
    step.done(&state.aws.endpoint);
    Ok(state)
}

async fn down(terminal: Terminal) -> Result<(), CommandError> {
    let stopped = detached::down(&workspace::target_directory()).await?;
    terminal.say(if stopped {
        "stopped"
    } else {
        "no local AWS was running"
    });
    Ok(())
}

async fn status(terminal: Terminal) -> Result<(), CommandError> {
    let status = detached::status(&workspace::target_directory())
        .await?
        .ok_or(CommandError::NotRunning)?;
    let answers = |answers: bool| {
        if answers {
            "answers"
        } else {
            "does not answer"
        }
    };
    terminal.say(&format!(
        "local AWS {}, Bedrock simulator {}",
        answers(status.aws_answers),
        answers(status.bedrock_answers)
    ));
    describe(&status.state, terminal);
    if status.aws_answers && status.bedrock_answers {
        Ok(())
    } else {
        Err(CommandError::NotRunning)
    }
}

/// What to put into a shell to use it with any AWS tool.
pub(super) fn describe(state: &State, terminal: Terminal) {
    let root = local::aws::ROOT;
    let variables = [
        ("AWS_ENDPOINT_URL", state.aws.endpoint.as_str()),
        (
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            state.bedrock.endpoint.as_str(),
        ),
        ("AWS_ENDPOINT_URL_BEDROCK", state.bedrock.endpoint.as_str()),
        ("AWS_REGION", state.region.as_str()),
        ("AWS_ACCESS_KEY_ID", root.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", root.secret_access_key),
    ];
    for (name, value) in variables {
        terminal.data(&format!("export {name}={value}"));
    }
}
