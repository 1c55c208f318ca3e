//! Batch inference, simulated: the control plane of model invocation jobs, and the jobs.
//!
//! A job reads its records from S3, the simulator's models answer them, and the output files, the manifest and the
//! events are those of the service. A [`BatchScenario`] sets the clock and the quotas, and says what goes wrong.
//!
//! A job works under the role it was given: the local AWS lends a session of it when its trust policy says so, objects are
//! read and written with that session, and the role is asked whether it may invoke the model. Jobs are in memory. A
//! simulator that ends takes them with it, those that run included: nothing more is written or sent.

mod account;
mod control;
mod event;
mod input;
mod job;
mod listing;
mod local_account;
mod record;
mod request;
mod routes;
mod run;
mod scenario;
mod uri;

pub use account::{Account, AccountError, Doing, MemoryAccount, Objects};
pub use job::Status;
pub use scenario::{BatchScenario, Clock, JobFault, JobRule, JobWhen, Quotas};
pub use uri::S3Uri;

pub(super) use control::Batch;
pub(super) use local_account::LocalAccount;
pub(super) use routes::router;
