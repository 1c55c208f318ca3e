//! From process start to handled events.

use std::error::Error;
use std::process::ExitCode;

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::{Value, json};

use super::{Clients, Environment, Fails, Run, log, metrics};
use crate::telemetry::log::{Level, Line};
use crate::{Contract, Ports, Variants};

/// Runs a function: makes its ports from the environment, then hands it events one at a time, for as long as Lambda
/// keeps the process.
///
/// A port that is not configured, or a stack without a name, ends the process before the first event, with the variable's
/// name in the log. An error
/// of the handler is logged and reported to Lambda, which delivers the event again by the rules of its source. Its error
/// type is the name of the contract's failure that it is, see [`Fails`]; of an error that is none, its Rust type.
///
/// The handler takes its contract's event and no other:
///
/// ```compile_fail,E0271
/// use shared::contracts::{Unzip, UnzipReport};
/// use shared::run::{self, Error, Run};
///
/// async fn handle(_: &Unzip<Run>, _: shared::events::sqs::Event) -> Result<UnzipReport, Error> {
///     Ok(UnzipReport::default())
/// }
///
/// fn main() -> std::process::ExitCode {
///     run::main(handle)
/// }
/// ```
pub fn main<C, E, F>(handler: F) -> ExitCode
where
    C: Contract + Ports<Run>,
    E: Fails<C::Failure>,
    F: AsyncFn(&C, C::Event) -> Result<C::Response, E>,
{
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(lambda_runtime::Error::from)
        .and_then(|runtime| runtime.block_on(serve(handler)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report_start_failure(C::NAME, error.as_ref());
            ExitCode::FAILURE
        }
    }
}

async fn serve<C, E, F>(handler: F) -> Result<(), lambda_runtime::Error>
where
    C: Contract + Ports<Run>,
    E: Fails<C::Failure>,
    F: AsyncFn(&C, C::Event) -> Result<C::Response, E>,
{
    log::start(C::NAME)?;
    metrics::start()?;
    let clients = Clients::from_environment().await;
    let ports = C::build(&mut Environment::of_process(&clients))?;
    let (ports, handler) = (&ports, &handler);
    let service = service_fn(move |event: LambdaEvent<Value>| async move {
        log::begin_request(&event.context.request_id);
        let answer = match serde_json::from_value(event.payload) {
            Ok(event) => handler(ports, event)
                .await
                .map_err(|error| diagnostic::<C, E>(&error)),
            Err(error) => Err(not_understood::<C>(&error)),
        };
        answer.inspect_err(|failure| {
            log::error(
                "invocation failed",
                json!({ "error": failure.error_message, "error_type": failure.error_type }),
            );
        })
    });
    lambda_runtime::Runtime::new(service).run().await
}

/// The runtime's own report of this would not reach the log.
fn not_understood<C: Contract>(error: &serde_json::Error) -> Diagnostic {
    Diagnostic {
        error_type: "InvalidEvent".to_owned(),
        error_message: format!("not an event of `{}`: {error}", C::NAME),
    }
}

fn diagnostic<C: Contract, E: Fails<C::Failure>>(error: &E) -> Diagnostic {
    let name = error.failure().map(Variants::name);
    Diagnostic {
        error_type: name.unwrap_or(std::any::type_name::<E>()).to_owned(),
        error_message: error.to_string(),
    }
}

/// Written whatever the log level: the level may be what is wrong.
fn report_start_failure(function: &str, error: &(dyn Error + 'static)) {
    let line = Line {
        at: std::time::SystemTime::now(),
        level: Level::Critical,
        message: "the function cannot start",
        function,
        request_id: None,
        fields: std::iter::once(("error".to_owned(), json!(error.to_string()))).collect(),
    };
    log::write_line(&line.to_json());
}
