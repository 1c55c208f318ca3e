//! The `infra` binary.

use std::process::ExitCode;

use clap::Parser as _;
use infra::advice::{Advised, Here};
use infra::cli::Cli;
use infra::terminal::Terminal;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::detect();
    tokio::spawn(infra::interruption::end_unless_guarded());
    let here = Here::of(&cli.command);
    match infra::commands::run(cli.command, terminal).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.exit_code();
            terminal.say(&format!(
                "{:?}",
                miette::Report::new(Advised::new(&error, &here))
            ));
            ExitCode::from(code)
        }
    }
}
