//! Requests to the Hub: with the token where it belongs, and again where that may help.

use std::fmt;
use std::ops::Range;
use std::thread;
use std::time::Duration;

use shared::contracts::batch::RunFailure;
use ureq::Agent;
use ureq::http::{HeaderMap, Uri};

use crate::error::StoreError;

/// Redirects on the way to a file: to its name, to its content, to the storage, and some to spare.
const REDIRECTS: usize = 6;

/// How long to go on with a Hub that is busy or unwell.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Attempts at a request.
    pub attempts: u32,
    /// Pause after the first one; it doubles.
    pub pause: Duration,
    /// The longest pause, also where the Hub asks for a longer one.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 6,
            pause: Duration::from_secs(1),
            longest: Duration::from_secs(30),
        }
    }
}

/// A client of one server, which alone is given the token.
#[derive(Clone)]
pub(super) struct Http {
    agent: Agent,
    base: String,
    origin: Origin,
    /// The header `Authorization`.
    authorization: Option<String>,
    patience: Patience,
}

/// Without the token.
impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Http")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

/// A server: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin(String);

impl Origin {
    fn of(address: &str) -> Option<Self> {
        let uri: Uri = address.parse().ok()?;
        let scheme = uri
            .scheme_str()
            .filter(|scheme| ["https", "http"].contains(scheme))?;
        let host = uri.host().filter(|host| !host.is_empty())?;
        let port = uri
            .port_u16()
            .unwrap_or(if scheme == "https" { 443 } else { 80 });
        Some(Self(format!("{scheme}://{host}:{port}")))
    }
}

/// An answer that is not worth another attempt.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// Where it came from in the end. It may hold a signature, so it is not for messages.
    pub(super) address: String,
    /// What the Hub says is wrong.
    pub(super) error_code: Option<String>,
    pub(super) etag: Option<String>,
    /// Size of the whole file, where a part was asked for.
    pub(super) size: Option<u64>,
}

/// Why an attempt led to no answer.
enum Obstacle {
    /// Another attempt may lead to one.
    Passing {
        failure: RunFailure,
        why: String,
        pause: Option<Duration>,
    },
    Lasting(String),
}

impl Http {
    pub(super) fn new(
        base: &str,
        token: Option<&str>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let broken = |message: String| StoreError::new(RunFailure::Broken, message);
        let base = base.trim_end_matches('/');
        let origin = Origin::of(base).ok_or_else(|| {
            broken(format!(
                "`{base}` is not the address of the Hugging Face Hub: set one like `https://huggingface.co` in the deployment"
            ))
        })?;
        let token = token.map(str::trim).filter(|token| !token.is_empty());
        let plain = |token: &str| token.bytes().all(|byte| byte.is_ascii_graphic());
        if token.is_some_and(|token| !plain(token)) {
            return Err(broken(
                "the secret with the token of the Hub holds something else: store the token itself, as text and without quotes".to_owned(),
            ));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here, because the token must not follow to another server.
            .max_redirects(0)
            .https_only(origin.0.starts_with("https://"))
            .accept_encoding("identity")
            .user_agent(concat!("batch-inference/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(30)))
            .timeout_recv_body(Some(Duration::from_mins(1)))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            base: base.to_owned(),
            origin,
            authorization: token.map(|token| format!("Bearer {token}")),
            patience,
        })
    }

    /// The address of a path on the server.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) fn has_token(&self) -> bool {
        self.authorization.is_some()
    }

    /// Asks for a file or a part of it, of at most `limit` bytes, as often as patience allows. `address` appears in messages.
    pub(super) fn get(
        &self,
        address: &str,
        range: Option<&Range<u64>>,
        limit: u64,
    ) -> Result<Answer, StoreError> {
        let mut pause = self.patience.pause;
        let mut attempt = 1;
        loop {
            let (failure, why) = match self.attempt(address, range, limit) {
                Ok(answer) => return Ok(answer),
                Err(Obstacle::Lasting(why)) => (RunFailure::Broken, why),
                Err(Obstacle::Passing { pause: asked, .. }) if attempt < self.patience.attempts => {
                    thread::sleep(asked.unwrap_or(pause).min(self.patience.longest));
                    pause = pause.saturating_mul(2);
                    attempt += 1;
                    continue;
                }
                Err(Obstacle::Passing { failure, why, .. }) => (
                    failure,
                    format!("{why}, {attempt} times; start the run again later"),
                ),
            };
            let place = address.split('?').next().unwrap_or_default();
            return Err(StoreError::new(failure, format!("`{place}`: {why}")));
        }
    }

    /// One attempt, through all redirects.
    fn attempt(
        &self,
        address: &str,
        range: Option<&Range<u64>>,
        limit: u64,
    ) -> Result<Answer, Obstacle> {
        let mut address = address.to_owned();
        for _ in 0..=REDIRECTS {
            let mut request = self.agent.get(&address);
            let ours = Origin::of(&address).as_ref() == Some(&self.origin);
            if let Some(authorization) = self.authorization.as_ref().filter(|_| ours) {
                request = request.header("Authorization", authorization);
            }
            if let Some(range) = range {
                let bytes = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
                request = request.header("Range", bytes);
            }
            let mut response = request.call().map_err(|error| obstacle(&error))?;
            let status = response.status().as_u16();
            let headers = response.headers();
            match status {
                301 | 302 | 303 | 307 | 308 => address = redirected(&address, headers)?,
                408 | 429 | 500.. => return Err(busy(status, headers)),
                _ => {
                    let mut answer = Answer {
                        status,
                        body: Vec::new(),
                        address,
                        error_code: text(headers, "x-error-code"),
                        etag: text(headers, "etag"),
                        size: text(headers, "content-range").and_then(|range| total(&range)),
                    };
                    // A server that does not know ranges would send the whole file.
                    if status == 206 || (status == 200 && range.is_none()) {
                        let body = response.body_mut().with_config().limit(limit + 1);
                        answer.body = body.read_to_vec().map_err(|error| obstacle(&error))?;
                    }
                    return Ok(answer);
                }
            }
        }
        Err(Obstacle::Lasting(format!(
            "more than {REDIRECTS} redirects; check the base address of the Hub in the deployment"
        )))
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// The size in `bytes 0-0/1234`.
fn total(range: &str) -> Option<u64> {
    range.rsplit_once('/')?.1.parse().ok()
}

fn redirected(from: &str, headers: &HeaderMap) -> Result<String, Obstacle> {
    let unusable =
        || Obstacle::Lasting("it redirects to nowhere; try a newer version of the dataset".into());
    let to = text(headers, "location").ok_or_else(unusable)?;
    if to.starts_with("https://") || to.starts_with("http://") {
        return Ok(to);
    }
    let origin = Origin::of(from).ok_or_else(unusable)?;
    if to.starts_with('/') && !to.starts_with("//") {
        return Ok(format!("{}{to}", origin.0));
    }
    Err(unusable())
}

fn busy(status: u16, headers: &HeaderMap) -> Obstacle {
    let seconds = text(headers, "retry-after").and_then(|seconds| seconds.parse().ok());
    let failure = match status {
        429 => RunFailure::Throttled,
        _ => RunFailure::Unavailable,
    };
    let hint = match status {
        429 => " (too many requests; a token raises the limit)",
        _ => "",
    };
    Obstacle::Passing {
        failure,
        why: format!("the server answered with the status {status}{hint}"),
        pause: seconds.map(Duration::from_secs),
    }
}

/// What the client says names no headers, but it may name an address.
fn obstacle(error: &ureq::Error) -> Obstacle {
    use ureq::Error;
    match error {
        Error::BadUri(_) | Error::Http(_) | Error::RequireHttpsOnly(_) => Obstacle::Lasting(
            "it leads to an address that cannot be asked; check the base address of the Hub in the deployment".to_owned(),
        ),
        Error::BodyExceedsLimit(limit) => {
            Obstacle::Lasting(format!("the answer is longer than {limit} bytes"))
        }
        error => Obstacle::Passing {
            failure: RunFailure::Unavailable,
            why: format!("the server cannot be asked ({error})"),
            pause: None,
        },
    }
}
