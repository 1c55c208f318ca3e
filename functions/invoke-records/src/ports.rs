//! The contract's ports as services.

use std::time::Instant;

use shared::contracts::batch::InvokeRecords;
use shared::run::{Error, ModelsInvoker, Run};
use tokio::runtime::Handle;

use crate::model::Model;

/// The models behind their port, for a thread that waits.
pub(crate) struct PortModel {
    models: ModelsInvoker,
    runtime: Handle,
}

impl PortModel {
    /// # Panics
    /// Outside of a runtime.
    pub(crate) fn new(ports: &InvokeRecords<Run>) -> Self {
        Self {
            models: ports.models.clone(),
            runtime: Handle::current(),
        }
    }
}

impl Model for PortModel {
    fn now(&self) -> Instant {
        Instant::now()
    }

    async fn invoke(&self, model_id: &str, body: Vec<u8>) -> Result<Vec<u8>, Error> {
        Ok(self.models.invoke(model_id, body).await?.body)
    }

    fn wait<T>(&self, calls: impl Future<Output = T>) -> T {
        self.runtime.block_on(calls)
    }
}
