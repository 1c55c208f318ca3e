//! The contract's ports as services.

use std::time::SystemTime;

use shared::contracts::batch::StopJobs;
use shared::run::{Error, Run};

use crate::Services;

impl Services for StopJobs<Run> {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn stop(&self, arn: &str) -> Result<bool, Error> {
        self.stop.stop(arn).await
    }
}
