//! The run phase: every port is a client that offers the operations granted to it and no others.
//!
//! A function's `main.rs` is one call of [`main`]:
//!
//! ```no_run
//! use shared::contracts::{Unzip, UnzipReport};
//! use shared::events::s3::Notification;
//! use shared::run::{self, Error, Run};
//!
//! async fn handle(ports: &Unzip<Run>, event: Notification) -> Result<UnzipReport, Error> {
//!     for record in event.records {
//!         ports.landing.head(&record.s3.object.key).await?;
//!     }
//!     Ok(UnzipReport::default())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     run::main(handle)
//! }
//! ```

mod bootstrap;
mod clients;
mod environment;
mod error;
mod fails;
pub mod log;
pub mod metrics;
mod model;
mod objects;
mod queue;

use crate::{Phase, SettingValue};

pub use bootstrap::main;
pub use clients::Clients;
pub use environment::{Environment, PortError};
pub use error::{Error, ErrorKind};
pub use fails::Fails;
pub use model::{Invocation, ModelInvoker};
pub use objects::{
    Entry, Head, Location, LocationError, Object, ObjectLister, ObjectReader, ObjectRemover,
    ObjectWriter,
};
pub use queue::MessageSender;

/// Ports are clients.
#[derive(Clone, Copy, Debug)]
pub struct Run;

impl Phase for Run {
    type ReadObjects = ObjectReader;
    type ListObjects = ObjectLister;
    type WriteObjects = ObjectWriter;
    type DeleteObjects = ObjectRemover;
    type InvokeModel = ModelInvoker;
    type SendMessages = MessageSender;
    type Setting<T: SettingValue> = T;
}
