//! The one small HTTP client of this crate: health checks, the policy question, the upstream model server.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    #[error("{0}")]
    Transport(String),
}

/// Speaks HTTP, and HTTPS where it was made for that. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct HttpClient<C = HttpConnector>(Client<C, Full<Bytes>>);

/// Also speaks HTTPS.
pub(crate) type HttpsClient = HttpClient<HttpsConnector<HttpConnector>>;

impl HttpClient {
    pub(crate) fn plain() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }
}

impl HttpsClient {
    /// Fails on a machine without root certificates.
    pub(crate) fn with_native_roots() -> std::io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }
}

impl<C: Connect + Clone + Send + Sync + 'static> HttpClient<C> {
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        timeout: Duration,
    ) -> Result<(StatusCode, Bytes), HttpError> {
        let exchange = async {
            let response = self.0.request(request).await.map_err(transport)?;
            let status = response.status();
            let body = response.into_body().collect().await.map_err(transport)?;
            Ok((status, body.to_bytes()))
        };
        tokio::time::timeout(timeout, exchange)
            .await
            .map_err(|_| HttpError::Timeout(timeout))?
    }
}

/// The innermost cause says what happened ("connection refused"); the outer ones only that something did.
fn transport(error: impl std::error::Error) -> HttpError {
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    HttpError::Transport(cause.to_string())
}
