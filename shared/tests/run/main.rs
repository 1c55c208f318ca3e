//! The run phase: ports from variables, what they send, what they refuse.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

mod bootstrap;
mod callers;
mod environment;
mod items;
mod jobs;
mod objects;
mod server;
mod services;
mod uploads;

use std::collections::BTreeMap;

use shared::Ports;
use shared::run::{Clients, Environment, PortError, Run};

/// The ports of a contract over given variables.
fn ports<C: Ports<Run>>(clients: &Clients, variables: &[(&str, &str)]) -> Result<C, PortError> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    C::build(&mut Environment::new(clients, |name| {
        variables.get(name).map(ToString::to_string)
    }))
}
