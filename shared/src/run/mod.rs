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
mod buckets;
mod clients;
mod environment;
mod error;
mod fails;
mod items;
mod jobs;
pub mod log;
pub mod metrics;
mod model;
mod objects;
mod queue;
mod secret;
mod tasks;

use crate::{Phase, SettingValue};

pub use bootstrap::main;
pub use buckets::BucketsReader;
pub use clients::Clients;
pub use environment::{Environment, PortError};
pub use error::{Error, ErrorKind};
pub use fails::Fails;
pub use items::{Condition, Item, ItemQuery, ItemReader, ItemUpdate, ItemWriter, Scalar};
pub use jobs::{BatchJob, JobFinder, JobReader, JobStopper, JobSubmitter, NewJob};
pub use model::{Invocation, ModelInvoker, ModelsInvoker};
pub use objects::{
    Entry, Head, Location, LocationError, Object, ObjectLister, ObjectReader, ObjectRemover,
    ObjectWriter, Upload,
};
pub use queue::MessageSender;
pub use secret::SecretReader;
pub use tasks::TaskAnswerer;

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
    type ReadBuckets = BucketsReader;
    type ReadItems = ItemReader;
    type WriteItems = ItemWriter;
    type QueryItems = ItemQuery;
    type InvokeModels = ModelsInvoker;
    type SubmitJobs = JobSubmitter;
    type ReadJobs = JobReader;
    type FindJobs = JobFinder;
    type StopJobs = JobStopper;
    type AnswerTasks = TaskAnswerer;
    type ReadSecret = SecretReader;
    type Setting<T: SettingValue> = T;
}
