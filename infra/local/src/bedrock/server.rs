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
use super::authorize::Caller;
use super::batch::{self, Batch, LocalAccount};
use super::conversation::Conversation;
use super::embedding::{self, Embedded};
use super::error::ServiceError;
use super::faults::{Facts, Rules, spoil};
use super::model_id::ModelId;
use super::record::credential;
use super::reply::{INPUT_TOKENS, Reply, message_id};
use super::throttle::TokenBucket;
use super::upstream::Forwarder;
use super::{
    Account, ErrorCode, Fault, Request, Scenario, Upstream, authorize, converse, messages, vision,
};
use crate::aws::ACCOUNT_ID;
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

    /// From now on a caller needs a grant for what it asks; the local AWS at this address knows the roles. Batch jobs
    /// find their files there, and send their events to its bus.
    pub fn authorize_with(&self, endpoint: impl Into<String>) {
        *locked(&self.service.authorizer) = Some(endpoint.into());
    }

    /// From now on batch jobs read, write and send their events here, and not in the local AWS of the authorizer.
    pub fn keep_batch_in(&self, account: Arc<dyn Account>) {
        self.service.batch.use_account(account);
    }

    /// Why events of batch jobs could not be sent; a job goes on without.
    pub fn undelivered_events(&self) -> Vec<String> {
        self.service.batch.undelivered()
    }

    /// Stops listening.
    pub async fn stop(mut self) {
        self.service.batch.abort();
        self.task.abort();
        // The only outcome of an aborted task is that it was cancelled.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.service.batch.abort();
        self.task.abort();
    }
}

/// The environment variable that names an address for [`listen`], as `127.0.0.1:4000`.
pub(crate) const ADDRESS: &str = "BEDROCK_SIMULATOR_ADDRESS";

/// A listener for [`serve`]: on a free port of 127.0.0.1, or where a simulator listened that this one stands in for.
///
/// # Errors
/// No free port, or an address that is taken or none.
pub async fn listen() -> io::Result<TcpListener> {
    match std::env::var(ADDRESS) {
        Ok(address) => TcpListener::bind(address).await,
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await,
    }
}

/// Serves on a listener until the future is dropped: for a process that is nothing but a simulator.
///
/// Beside the service's own paths it answers `GET /_simulator/requests` with the [`Request`]s so far and
/// `GET /_simulator/undelivered-events` with what kept events of batch jobs from being sent, and takes
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
        .merge(batch::router())
        .route("/_simulator/undelivered-events", get(async |State(service): State<Arc<Service>>| Json(service.batch.undelivered())))
        .route("/_simulator/requests", get(async |State(service): State<Arc<Service>>| Json(locked(&service.requests).clone())))
        .route("/_simulator/authorizer", put(set_authorizer))
        .fallback(async || ServiceError::new(ErrorCode::UnknownOperationException, "the simulator serves InvokeModel, InvokeModelWithResponseStream, Converse, ConverseStream and the operations of batch jobs and their tags"))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(service)
}

async fn set_authorizer(State(service): State<Arc<Service>>, endpoint: String) -> StatusCode {
    *locked(&service.authorizer) = Some(endpoint);
    StatusCode::NO_CONTENT
}

#[derive(Debug)]
pub(super) struct Service {
    pub(super) batch: Batch,
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
            batch: Batch::new(&config.scenario.batch),
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
        let caller = Caller::new(caller)?;
        let model = ModelId::parse(model)?;
        let resources = model.resources(caller.region, ACCOUNT_ID);
        let context = authorize::context(&model, &resources);
        self.authorize(&caller, operation.action(), &resources, context)
            .await?;
        if self
            .bucket
            .as_ref()
            .is_some_and(|bucket| !locked(bucket).take(Instant::now()))
        {
            return Err(ServiceError::of(ErrorCode::ThrottlingException, None));
        }
        if operation == Operation::Invoke
            && let Some(embedded) = embedding::answer_body(&model.foundation, &body)
        {
            return self.embed(&model, embedded?).await;
        }
        let conversation = Arc::new(parse(operation, &model, &body)?);
        let reading = self.look(&conversation).await?;
        let (delay, fault) = self.decide(&model, &conversation, reading.as_ref());
        tokio::time::sleep(self.latency + delay).await;
        let (input_tokens, answer) = self
            .compose(&model, &conversation, reading.as_ref(), fault.as_ref())
            .await?;
        let reply = Reply {
            operation,
            model: &model,
            id: message_id(&body, index),
            input_tokens,
            answer,
            latency_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        reply
            .into_response(fault == Some(Fault::Truncated))
            .map_err(|error| {
                ServiceError::new(ErrorCode::InternalServerException, error.to_string())
            })
    }

    /// An embedding, or the error that a rule makes of it.
    async fn embed(&self, model: &ModelId, embedded: Embedded) -> Result<Response, ServiceError> {
        let (delay, fault) = self.fault(model, &embedded.text);
        tokio::time::sleep(self.latency + delay).await;
        if let Some(Fault::Error { code, message }) = fault {
            return Err(ServiceError::of(code, message));
        }
        let tokens = embedded.input_tokens.to_string();
        Ok(([(INPUT_TOKENS, tokens)], Json(embedded.body)).into_response())
    }

    /// The answer with its input tokens: the model's own, or what the fault makes of it.
    async fn compose(
        &self,
        model: &ModelId,
        conversation: &Conversation,
        reading: Option<&Reading>,
        fault: Option<&Fault>,
    ) -> Result<(u32, Answer), ServiceError> {
        if let Some(Fault::Error { code, message }) = fault {
            return Err(ServiceError::of(*code, message.clone()));
        }
        let honest = match &self.upstream {
            Some(upstream) => upstream.answer(&model.given, conversation).await?,
            None => Answer::new(
                vision::answer(conversation, reading),
                conversation.max_tokens,
            ),
        };
        let input_tokens = honest
            .input_tokens
            .unwrap_or_else(|| conversation.input_tokens());
        let answer = fault.map_or_else(|| honest.clone(), |fault| spoil(fault, honest.clone()));
        Ok((input_tokens, answer))
    }

    /// The same for a record of a batch job, which is neither throttled nor delayed: jobs have quotas and a clock of
    /// their own.
    pub(super) async fn answer_record(
        &self,
        model: &ModelId,
        conversation: Conversation,
    ) -> Result<(u32, Answer), ServiceError> {
        let conversation = Arc::new(conversation);
        let reading = self.look(&conversation).await?;
        let (_, fault) = self.decide(model, &conversation, reading.as_ref());
        self.compose(model, &conversation, reading.as_ref(), fault.as_ref())
            .await
    }

    /// What a rule does to a request that is no conversation.
    pub(super) fn fault(&self, model: &ModelId, text: &str) -> (Duration, Option<Fault>) {
        let facts = Facts {
            model: &model.given,
            text,
            image_hashes: &[],
            isbn: None,
        };
        locked(&self.rules).decide(&facts)
    }

    /// Asks the local AWS, where there is one to ask.
    pub(super) async fn authorize(
        &self,
        caller: &Caller<'_>,
        action: &str,
        resources: &[String],
        context: serde_json::Value,
    ) -> Result<(), ServiceError> {
        let authorizer = locked(&self.authorizer).clone();
        match authorizer {
            Some(endpoint) => {
                authorize::check(&self.client, &endpoint, caller, action, resources, context).await
            }
            None => Ok(()),
        }
    }

    /// Where batch jobs find their files: the account they were given, or that of the local AWS.
    pub(super) fn account(&self, region: &str) -> Option<Arc<dyn Account>> {
        let local = || {
            let endpoint = locked(&self.authorizer).clone()?;
            let account = LocalAccount::new(endpoint, region.to_owned(), self.client.clone());
            Some(Arc::new(account) as Arc<dyn Account>)
        };
        self.batch.account().or_else(local)
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
        Operation::Invoke if model.is_nova() => converse::parse(body),
        Operation::Invoke | Operation::InvokeStream => Err(ServiceError::validation(format!(
            "the simulator does not know this body of {}: use Converse",
            model.foundation
        ))),
    }
}

/// A thread that panicked while it held the lock left nothing half-done: every change is one statement.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
