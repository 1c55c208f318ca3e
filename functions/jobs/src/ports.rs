//! The contracts' ports as what is needed of the world.

use std::time::SystemTime;

use shared::TaskToken;
use shared::contracts::batch::{JobEnd, ReconcileJobs, StopJobs, SubmitJob, TrackJob, job_row};
use shared::run::{BatchJob, Error, ErrorKind, Item, ItemUpdate, Run};

use crate::{Finder, Ledger, OpenRows};

macro_rules! ledger {
    ($($contract:ident)*) => {
        $(impl Ledger for $contract<Run> {
            fn now(&self) -> SystemTime {
                SystemTime::now()
            }

            async fn row(&self, name: &str) -> Result<Option<Item>, Error> {
                self.rows.get((job_row::JOB_NAME, name)).await
            }

            async fn change(&self, update: &ItemUpdate) -> Result<bool, Error> {
                self.row_writes.update(update).await
            }

            async fn job(&self, arn: &str) -> Result<BatchJob, Error> {
                self.job_states.get(arn).await
            }

            async fn tags(&self, arn: &str) -> Result<Vec<(String, String)>, Error> {
                self.job_states.tags(arn).await
            }

            async fn tell(&self, token: &TaskToken, end: &JobEnd) -> Result<bool, Error> {
                self.tasks.succeed(&token.0, &json(end)?).await
            }
        })*
    };
}

macro_rules! finder {
    ($($contract:ident)*) => {
        $(impl Finder for $contract<Run> {
            async fn find(&self, name: &str) -> Result<Option<String>, Error> {
                let found = self.find.find(name).await?;
                Ok(found.map(|(arn, _)| arn))
            }
        })*
    };
}

macro_rules! open_rows {
    ($($contract:ident)*) => {
        $(impl OpenRows for $contract<Run> {
            async fn open_rows(&self) -> Result<Vec<Item>, Error> {
                self.open.query((job_row::OPEN, job_row::IS_OPEN)).await
            }
        })*
    };
}

ledger!(SubmitJob TrackJob ReconcileJobs);
finder!(SubmitJob ReconcileJobs StopJobs);
open_rows!(ReconcileJobs StopJobs);

fn json(end: &JobEnd) -> Result<String, Error> {
    serde_json::to_string(end).map_err(|error| Error {
        kind: ErrorKind::Invalid,
        operation: "SendTaskSuccess",
        target: end.job_arn.clone().unwrap_or_default(),
        code: "Invalid".to_owned(),
        message: error.to_string(),
    })
}
