//! `infra simulator`: the process that `infra local up` leaves running.

use std::path::Path;

use crate::CommandError;
use crate::cli::SimulatorArguments;
use crate::error::file;
use crate::simulator;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &SimulatorArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let config = simulator::config(arguments)?;
    let listening = || file("listen on", Path::new("127.0.0.1"));
    let listener = local::bedrock::listen().await.map_err(listening())?;
    let local = listener.local_addr().map_err(listening())?;
    terminal.data(&format!("http://{local}"));
    local::bedrock::serve(config, listener)
        .await
        .map_err(listening())
}
