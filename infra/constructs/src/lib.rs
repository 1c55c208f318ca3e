//! Secure-by-default building blocks on typed CloudFormation.
//!
//! A stack is described top to bottom: each construct is a builder that [`Stack`] takes and turns into resources, giving back
//! a handle to wire others with. Grants are ports: what a function may do is the type of the field that holds the grant.
//!
//! ```
//! use constructs::{Bucket, DeadLetterQueue, Function, Setting, Stack, Synth, days, mib, minutes, suffixes};
//! use shared::contracts::Unzip;
//!
//! let mut stack = Stack::new("example", "ZIP files in, images out");
//! let landing = Bucket::new("Landing").expire_after(days(7)).add_to(&mut stack);
//! let raw = Bucket::new("Raw").expire_after(days(30)).add_to(&mut stack);
//! let failures = DeadLetterQueue::new("Failures").alarm_above(10).add_to(&mut stack);
//! let unzip = Function::new(Unzip::<Synth> {
//!     landing: landing.read(),
//!     raw: raw.write(),
//!     failures: failures.send(),
//!     limits: Setting::default(),
//! })
//! .memory(mib(512))
//! .timeout(minutes(5))
//! .on_failure(&failures)
//! .add_to(&mut stack);
//! landing.on_created(&mut stack, &suffixes([".zip"]), &unzip);
//! let template = stack.synthesize()?;
//! # assert!(template.resources().any(|(name, _)| name == "UnzipFunction"));
//! # Ok::<(), constructs::Error>(())
//! ```
//!
//! Everything is secure unless a method says otherwise, and then its name does too (`without_tls_only_policy`). Names are
//! predictable, see [`Name`].
#![warn(missing_docs)]

mod alarm;
pub mod assets;
mod athena;
mod batch_job_role;
mod bucket;
mod catalog;
mod dashboard;
pub mod deployed_name;
mod dynamo_table;
mod error;
mod function;
pub mod grants;
mod input_buckets;
mod insights;
mod local;
mod model;
mod model_families;
mod name;
mod pace;
mod phase;
mod queue;
mod secret;
mod stack;
mod state_machine;
mod topic;
mod units;
mod wiring;

pub use alarm::{Alarm, Comparison, Statistic};
pub use athena::{NamedQuery, Workgroup, WorkgroupHandle};
pub use batch_job_role::{BatchJobRole, BatchJobRoleHandle};
pub use bucket::{Bucket, BucketHandle, Suffixes, suffixes};
pub use catalog::{
    Crawler, DatabaseHandle, GlueDatabase, GlueTable, TableHandle, View, with_views,
};
pub use dashboard::{Dashboard, Graph, Widget, bars};
pub use dynamo_table::{DynamoTable, DynamoTableHandle, TableIndex};
pub use error::Error;
pub use function::{
    EventRule, Function, FunctionHandle, Messages, NamesFailures, Rate, SCHEDULED_TIME, WholeEvent,
    from_event,
};
pub use grants::{find_jobs, read_jobs, stop_jobs};
pub use input_buckets::InputBuckets;
pub use insights::LogsInsightsQuery;
pub use local::{LeftOut, LocalError, local_variant};
pub use model::{ModelParameter, invoke};
pub use model_families::ModelFamilies;
pub use name::Name;
pub use pace::{Pace, PaceBuilder};
pub use phase::{Setting, Synth};
pub use queue::{DeadLetterQueue, Queue, QueueHandle};
pub use secret::SecretParameter;
pub use stack::Stack;
pub use state_machine::{StateMachine, StateMachineHandle, answers, state_machine_arn};
pub use topic::{Topic, TopicHandle};
pub use units::{Days, Mebibytes, Seconds, days, hours, mib, minutes, seconds};
pub use workflow::Problem;
