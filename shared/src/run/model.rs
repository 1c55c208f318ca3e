//! The ports that invoke models.

use std::time::{Duration, Instant};

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::primitives::Blob;

use super::Error;

/// Invokes one model or inference profile.
#[derive(Clone, Debug)]
pub struct ModelInvoker {
    client: Client,
    model: String,
}

/// What a model answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The body, in the model's own format.
    pub body: Vec<u8>,
    /// From the request to the whole answer, retries included.
    pub latency: Duration,
}

impl ModelInvoker {
    pub(super) fn new(client: Client, model: String) -> Self {
        Self { client, model }
    }

    /// The id that is invoked.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Sends a request in the model's own JSON format.
    ///
    /// # Errors
    /// After three attempts, adaptively spaced while the model is throttled.
    pub async fn invoke(&self, body: Vec<u8>) -> Result<Invocation, Error> {
        invoke(&self.client, &self.model, body).await
    }
}

/// Invokes any of the models, and of the inference profiles of models, that its role allows.
#[derive(Clone, Debug)]
pub struct ModelsInvoker {
    client: Client,
}

impl ModelsInvoker {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Sends a request in the model's own JSON format to a model or an inference profile.
    ///
    /// # Errors
    /// After three attempts, adaptively spaced while the model is throttled.
    pub async fn invoke(&self, model_id: &str, body: Vec<u8>) -> Result<Invocation, Error> {
        invoke(&self.client, model_id, body).await
    }
}

async fn invoke(client: &Client, model: &str, body: Vec<u8>) -> Result<Invocation, Error> {
    let start = Instant::now();
    let answer = client
        .invoke_model()
        .model_id(model)
        .content_type("application/json")
        .accept("application/json")
        .body(Blob::new(body))
        .send()
        .await
        .map_err(|error| Error::of_sdk("InvokeModel", model, &error))?;
    Ok(Invocation {
        body: answer.body.into_inner(),
        latency: start.elapsed(),
    })
}
