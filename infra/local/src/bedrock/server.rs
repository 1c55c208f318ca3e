//! The HTTP server: what the client sent, in; what the rules and the model make of it, out.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::answer::Answer;
use super::conversation::Conversation;
use super::error::ServiceError;
use super::faults::{Facts, Rules, spoil};
use super::model_id::ModelId;
use super::record::credential;
use super::reply::Reply;
use super::throttle::TokenBucket;
use super::upstream::Forwarder;
use super::{ErrorCode, Fault, Request, Scenario, Upstream, authorize, converse, messages, vision};
use crate::barcode::Reading;
use crate::hash::sha256;
use crate::http::HttpClient;

/// The largest request body the service takes, in bytes.
const MAX_BODY: usize = 25 * 1024 * 1024;

/// How a simulator behaves.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Latency, throttling and faults.
    pub scenario: Scenario,
    /// Who answers instead of the built-in model.
    pub upstream: Option<Upstream>,
}

/// A simulator in this process, on a free port of 127.0.0.1. It ends with the value.
#[derive(Debug)]
pub struct Simulator {
    service: Arc<Service>,
    endpoint: String,
    task: JoinHandle<()>,
}

impl Simulator {
    /// Starts it.
    ///
    /// # Errors
    /// No free port, or an upstream URL that is none.
    pub async fn start(config: Config) -> io::Result<Self> {
        let service = Arc::new(Service::new(config)?);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let router = router(Arc::clone(&service));
        let task = tokio::spawn(async move {
            // It ends only with its task: accepting connections is retried inside.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            service,
            endpoint,
            task,
        })
    }

    /// The base URL, for `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What it received so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        locked(&self.service.requests).clone()
    }

    /// From now on a caller needs a grant for the model it invokes; the local AWS at this address knows the roles.
    pub fn authorize_with(&self, endpoint: impl Into<String>) {
        *locked(&self.service.authorizer) = Some(endpoint.into());
    }

    /// Stops listening.
    pub async fn stop(mut self) {
        self.task.abort();
        // The only outcome of an aborted task is that it was cancelled.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves on a listener until the future is dropped: for a process that is nothing but a simulator.
///
/// Beside the service's own paths it answers `GET /_simulator/requests` with the [`Request`]s so far, and takes
/// `PUT /_simulator/authorizer` with the base URL of the local AWS as its body.
///
/// # Errors
/// An upstream URL that is none, or a listener that fails.
pub async fn serve(config: Config, listener: TcpListener) -> io::Result<()> {
    axum::serve(listener, router(Arc::new(Service::new(config)?))).await
}

fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/model/{model}/{operation}", post(invoke))
        .route("/_simulator/requests", get(async |State(service): State<Arc<Service>>| Json(locked(&service.requests).clone())))
        .route("/_simulator/authorizer", put(set_authorizer))
        .fallback(async || ServiceError::new(ErrorCode::UnknownOperationException, "the simulator serves InvokeModel, InvokeModelWithResponseStream, Converse and ConverseStream"))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(service)
}

async fn set_authorizer(State(service): State<Arc<Service>>, endpoint: String) -> StatusCode {
    *locked(&service.authorizer) = Some(endpoint);
    StatusCode::NO_CONTENT
}

#[derive(Debug)]
struct Service {
    latency: Duration,
    bucket: Option<Mutex<TokenBucket>>,
    rules: Mutex<Rules>,
    upstream: Option<Forwarder>,
    authorizer: Mutex<Option<String>>,
    client: HttpClient,
    requests: Mutex<Vec<Request>>,
}

/// What a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Invoke,
    InvokeStream,
    Converse,
    ConverseStream,
}

impl Operation {
    fn parse(name: &str) -> Result<Self, ServiceError> {
        match name {
            "invoke" => Ok(Self::Invoke),
            "invoke-with-response-stream" => Ok(Self::InvokeStream),
            "converse" => Ok(Self::Converse),
            "converse-stream" => Ok(Self::ConverseStream),
            _ => Err(ServiceError::new(
                ErrorCode::UnknownOperationException,
                format!("no operation `{name}`"),
            )),
        }
    }

    /// The action that a caller needs; Converse is authorised as the invocation it is.
    fn action(self) -> &'static str {
        match self {
            Self::Invoke | Self::Converse => "bedrock:InvokeModel",
            Self::InvokeStream | Self::ConverseStream => "bedrock:InvokeModelWithResponseStream",
        }
    }
}

async fn invoke(
    State(service): State<Arc<Service>>,
    Path((model, operation)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let authorization = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(credential);
    let index = service.record(
        &model,
        &operation,
        authorization.map_or("", |(key, _)| key),
        &body,
    );
    let outcome = match Operation::parse(&operation) {
        Ok(operation) => {
            service
                .answer(operation, &model, authorization, body, index)
                .await
        }
        Err(error) => Err(error),
    };
    let response = outcome.unwrap_or_else(IntoResponse::into_response);
    locked(&service.requests)[index].status = response.status().as_u16();
    response
}

impl Service {
    fn new(config: Config) -> io::Result<Self> {
        Ok(Self {
            latency: Duration::from_millis(config.scenario.latency_ms),
            bucket: config
                .scenario
                .throttle
                .map(|throttle| Mutex::new(TokenBucket::new(throttle, Instant::now()))),
            rules: Mutex::new(Rules::new(&config.scenario.rules)),
            upstream: config.upstream.map(Forwarder::new).transpose()?,
            authorizer: Mutex::default(),
            client: HttpClient::plain(),
            requests: Mutex::default(),
        })
    }

    fn record(&self, model: &str, operation: &str, access_key_id: &str, body: &[u8]) -> usize {
        let body_sha256 = sha256(body);
        let mut requests = locked(&self.requests);
        let number = requests.len() as u64 + 1;
        let (model_id, operation, access_key_id) =
            (model.into(), operation.into(), access_key_id.into());
        requests.push(Request {
            number,
            operation,
            model_id,
            body_sha256,
            access_key_id,
            status: 0,
        });
        requests.len() - 1
    }

    async fn answer(
        &self,
        operation: Operation,
        model: &str,
        caller: Option<(&str, &str)>,
        body: Bytes,
        index: usize,
    ) -> Result<Response, ServiceError> {
        let begun = Instant::now();
        let caller = caller.ok_or_else(|| {
            let code = ErrorCode::MissingAuthenticationTokenException;
            ServiceError::new(code, code.default_message())
        })?;
        let model = ModelId::parse(model)?;
        let authorizer = locked(&self.authorizer).clone();
        if let Some(endpoint) = authorizer {
            authorize::check(&self.client, &endpoint, caller, operation.action(), &model).await?;
        }
        if self
            .bucket
            .as_ref()
            .is_some_and(|bucket| !locked(bucket).take(Instant::now()))
        {
            let code = ErrorCode::ThrottlingException;
            return Err(ServiceError::new(code, code.default_message()));
        }
        let conversation = Arc::new(parse(operation, &model, &body)?);
        let reading = self.look(&conversation).await?;
        let (delay, fault) = self.decide(&model, &conversation, reading.as_ref());
        tokio::time::sleep(self.latency + delay).await;
        if let Some(Fault::Error { code, message }) = &fault {
            return Err(ServiceError::new(
                *code,
                message.as_deref().unwrap_or(code.default_message()),
            ));
        }
        let honest = match &self.upstream {
            Some(upstream) => upstream.answer(&model.given, &conversation).await?,
            None => Answer::new(
                vision::answer(&conversation, reading.as_ref()),
                conversation.max_tokens,
            ),
        };
        let answer = fault
            .as_ref()
            .map_or_else(|| honest.clone(), |fault| spoil(fault, honest.clone()));
        let reply = Reply {
            operation,
            model: &model,
            id: format!(
                "msg_bdrk_{}",
                &sha256(format!("{}:{index}", sha256(&body)).as_bytes())[..24]
            ),
            input_tokens: honest
                .input_tokens
                .unwrap_or_else(|| conversation.input_tokens()),
            answer,
            latency_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        reply
            .into_response(fault == Some(Fault::Truncated))
            .map_err(|error| {
                ServiceError::new(ErrorCode::InternalServerException, error.to_string())
            })
    }

    /// Reads the barcode, off the threads that serve: it takes a tenth of a second.
    async fn look(
        &self,
        conversation: &Arc<Conversation>,
    ) -> Result<Option<Reading>, ServiceError> {
        if self.upstream.is_some() && !locked(&self.rules).ask_for_isbn() {
            return Ok(None);
        }
        let conversation = Arc::clone(conversation);
        tokio::task::spawn_blocking(move || vision::look(&conversation))
            .await
            .map_err(|error| {
                ServiceError::new(
                    ErrorCode::InternalServerException,
                    format!("the barcode reader failed: {error}"),
                )
            })
    }

    fn decide(
        &self,
        model: &ModelId,
        conversation: &Conversation,
        reading: Option<&Reading>,
    ) -> (Duration, Option<Fault>) {
        let image_hashes: Vec<String> = conversation
            .pictures()
            .map(|picture| sha256(&picture.bytes))
            .collect();
        let text = conversation.text();
        let isbn = reading.map(|reading| reading.isbn.as_str());
        let facts = Facts {
            model: &model.given,
            text: &text,
            image_hashes: &image_hashes,
            isbn,
        };
        locked(&self.rules).decide(&facts)
    }
}

fn parse(operation: Operation, model: &ModelId, body: &[u8]) -> Result<Conversation, ServiceError> {
    match operation {
        Operation::Converse | Operation::ConverseStream => converse::parse(body),
        Operation::Invoke | Operation::InvokeStream if model.is_anthropic() => {
            messages::parse(body)
        }
        Operation::Invoke | Operation::InvokeStream => Err(ServiceError::validation(format!(
            "the simulator knows the InvokeModel body of Anthropic models only, not of {}: use Converse",
            model.foundation
        ))),
    }
}

/// A thread that panicked while it held the lock left nothing half-done: every change is one statement.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
