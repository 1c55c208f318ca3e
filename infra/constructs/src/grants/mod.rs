//! Grants: what a function may do with a resource, as the synth phase's ports.
//!
//! Each grant knows the environment variable that leads the function to the resource and the IAM statements it needs. The
//! actions are those of [`shared::capability`] and no others; only a bucket with a key of its own adds the key's.

mod buckets;
mod items;
mod jobs;
mod model;
mod objects;
mod queue;
mod secret;
mod tasks;

use cfn::{Statement, Value};
use shared::capability::Capability;

use crate::Name;

pub(crate) use buckets::FurtherBuckets;
pub use buckets::ReadBucketsGrant;
pub(crate) use items::Items;
pub use items::{QueryItemsGrant, ReadItemsGrant, WriteItemsGrant};
pub(crate) use jobs::JOB_ARNS;
pub use jobs::{
    FindJobsGrant, ReadJobsGrant, StopJobsGrant, SubmitJobsGrant, find_jobs, read_jobs, stop_jobs,
};
pub(crate) use model::ModelResource;
pub use model::{ModelGrant, ModelsGrant};
pub(crate) use objects::Objects;
pub use objects::{DeleteGrant, ListGrant, ReadGrant, WriteGrant};
pub use queue::SendGrant;
pub use secret::ReadSecretGrant;
pub use tasks::AnswerTasksGrant;

/// The environment variable of a port that needs no place.
const ANYWHERE: &str = "any";

/// What the wiring of a function asks of a grant.
pub(crate) trait Grant {
    /// The value of the port's environment variable.
    fn environment(&self) -> Value<String>;

    /// The IAM statements, each with what its name adds to that of the port.
    fn statements(&self) -> Vec<(&'static str, Statement)>;

    /// What is wrong with the grant, if anything.
    fn problem(&self) -> Option<String>;

    /// The state machine that has to be in the stack for the grant to be of use.
    fn machine(&self) -> Option<&Name> {
        None
    }

    /// The IAM statements, named after the port.
    fn statements_of(&self, port: &Name) -> Vec<Statement> {
        let named = |(suffix, statement): (&str, Statement)| statement.sid(port.logical_id(suffix));
        self.statements().into_iter().map(named).collect()
    }
}

fn of(capability: Capability) -> Statement {
    Statement::allow().actions(capability.actions.iter().copied())
}
