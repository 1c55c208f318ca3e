//! The smallest function: answers with the keys of the event, logs and counts them.
//!
//! `tests/bootstrap.rs` runs it against a Runtime API of its own.

use std::process::ExitCode;

use serde_json::json;
use shared::events::s3::{KeyError, Notification};
use shared::run::{self, Run, log, metrics};
use shared::telemetry::metrics::{Measurement, RECORDS};
use shared::{Contract, NoFailure, Phase};
use shared_derive::Ports;

/// Answers with keys.
#[derive(Ports)]
struct Echo<P: Phase> {
    greeting: P::Setting<String>,
}

impl<P: Phase> Contract for Echo<P> {
    const NAME: &'static str = "echo";
    type Event = Notification;
    type Response = Vec<String>;
    type Failure = NoFailure;
}

async fn handle(ports: &Echo<Run>, event: Notification) -> Result<Vec<String>, KeyError> {
    log::debug("not written at the default level", json!({}));
    log::info("greeted", json!({ "greeting": ports.greeting }));
    let keys = event.records.iter().map(|it| it.s3.object.decoded_key());
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let count = keys.iter().map(|_| 1.0).sum();
    metrics::emit(&Measurement::by(Echo::<Run>::NAME).with(RECORDS, count));
    Ok(keys)
}

fn main() -> ExitCode {
    run::main(handle)
}
