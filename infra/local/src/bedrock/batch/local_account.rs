//! The account of the local AWS, over plain signed HTTP: three requests are not worth an SDK.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode};
use http_body_util::Full;
use roxmltree::Document;
use serde::Deserialize;
use serde_json::{Value, json};

use super::job::id;
use super::{Account, AccountError, Doing, Objects, S3Uri};
use crate::http::HttpClient;

const TIMEOUT: Duration = Duration::from_mins(1);

/// The service whose jobs these are.
const SERVICE: &str = "bedrock.amazonaws.com";

/// The local AWS at an address.
#[derive(Debug, Clone)]
pub(in crate::bedrock) struct LocalAccount {
    endpoint: String,
    region: String,
    client: HttpClient,
}

/// S3 of the local AWS, used with a session of a role.
#[derive(Debug)]
struct Session {
    account: LocalAccount,
    keys: Keys,
}

#[derive(Debug, Deserialize)]
struct Keys {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

/// One of the two.
#[derive(Deserialize)]
struct Assumed {
    credentials: Option<Keys>,
    denied: Option<String>,
}

impl LocalAccount {
    pub(in crate::bedrock) fn new(endpoint: String, region: String, client: HttpClient) -> Self {
        Self {
            endpoint,
            region,
            client,
        }
    }

    /// Asks at one of the doors of the launcher: no service of AWS has an API for this.
    async fn ask(&self, door: &str, question: &Value) -> Result<Bytes, String> {
        let request = Request::post(format!("{}/_local/{door}", self.endpoint))
            .body(Full::new(Bytes::from(question.to_string())))
            .map_err(|error| error.to_string())?;
        match self.client.send(request, TIMEOUT).await {
            Ok((status, body)) if status.is_success() => Ok(body),
            Ok((status, body)) => Err(said(status, &body)),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn session(&self, role_arn: &str, job_arn: &str) -> Result<Session, AccountError> {
        let failed = |reason: String| AccountError::Failed {
            action: format!("assume {role_arn}"),
            reason,
        };
        let question = json!({
            "role_arn": role_arn,
            "service": SERVICE,
            "source_arn": job_arn,
            "session_name": format!("batch-{}", id(job_arn)),
        });
        let answer = self.ask("session", &question).await.map_err(failed)?;
        let assumed: Assumed =
            serde_json::from_slice(&answer).map_err(|error| failed(error.to_string()))?;
        if let Some(reason) = assumed.denied {
            return Err(AccountError::Denied(reason));
        }
        let keys = assumed
            .credentials
            .ok_or_else(|| failed("it answered without credentials".into()))?;
        Ok(Session {
            account: self.clone(),
            keys,
        })
    }
}

impl Account for LocalAccount {
    fn assume<'a>(&'a self, role_arn: &'a str, job_arn: &'a str) -> Doing<'a, Arc<dyn Objects>> {
        Box::pin(async move {
            let session = self.session(role_arn, job_arn).await?;
            Ok(Arc::new(session) as Arc<dyn Objects>)
        })
    }

    fn publish<'a>(&'a self, event: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let sent = self.ask("events", event).await;
            sent.map(drop).map_err(|reason| AccountError::Failed {
                action: "publish an event".into(),
                reason,
            })
        })
    }
}

impl Session {
    /// Path-style, because buckets' names do not resolve on 127.0.0.1.
    async fn s3(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Bytes), String> {
        let url = format!("{}/{path}", self.account.endpoint);
        let mut request = Request::builder()
            .method(method)
            .uri(&url)
            .body(Full::new(Bytes::from(body.clone())))
            .map_err(|error| error.to_string())?;
        self.sign(&mut request, &body)?;
        self.account
            .client
            .send(request, TIMEOUT)
            .await
            .map_err(|error| error.to_string())
    }

    fn sign(&self, request: &mut Request<Full<Bytes>>, body: &[u8]) -> Result<(), String> {
        let identity = Credentials::new(
            &self.keys.access_key_id,
            &self.keys.secret_access_key,
            Some(self.keys.session_token.clone()),
            None,
            "batch job",
        )
        .into();
        // S3 signs the path as it is, and wants the hash of the body beside the signature.
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.account.region)
            .name("s3")
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let signable = SignableRequest::new(
            request.method().as_str(),
            request.uri().to_string(),
            std::iter::empty(),
            SignableBody::Bytes(body),
        )
        .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(signable, &parameters)
            .map_err(|error| error.to_string())?
            .into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }

    async fn page(
        &self,
        prefix: &S3Uri,
        token: Option<&str>,
    ) -> Result<(Vec<String>, Option<String>), AccountError> {
        let query = listing_query(&prefix.key, token);
        let path = format!("{}?{query}", prefix.bucket);
        let answer = self.s3(Method::GET, &path, Vec::new()).await;
        let (status, body) = answer.map_err(|reason| failed("list", prefix, reason))?;
        if !status.is_success() {
            return Err(refused("list", prefix, status, &body));
        }
        let text = String::from_utf8_lossy(&body);
        let document =
            Document::parse(&text).map_err(|error| failed("list", prefix, error.to_string()))?;
        let texts = |name: &'static str| {
            document
                .descendants()
                .filter(move |node| node.tag_name().name() == name)
                .filter_map(|node| node.text().map(str::to_owned))
        };
        let next = texts("NextContinuationToken").next();
        Ok((texts("Key").collect(), next))
    }
}

impl Objects for Session {
    fn access_key_id(&self) -> Option<&str> {
        Some(&self.keys.access_key_id)
    }

    fn get<'a>(&'a self, object: &'a S3Uri) -> Doing<'a, Bytes> {
        Box::pin(async move {
            match self.s3(Method::GET, &path(object), Vec::new()).await {
                Ok((StatusCode::NOT_FOUND, _)) => Err(AccountError::Missing(object.clone())),
                Ok((status, body)) if status.is_success() => Ok(body),
                Ok((status, body)) => Err(refused("read", object, status, &body)),
                Err(reason) => Err(failed("read", object, reason)),
            }
        })
    }

    fn put<'a>(&'a self, object: &'a S3Uri, body: Vec<u8>) -> Doing<'a, ()> {
        Box::pin(async move {
            match self.s3(Method::PUT, &path(object), body).await {
                Ok((status, _)) if status.is_success() => Ok(()),
                Ok((status, body)) => Err(refused("write", object, status, &body)),
                Err(reason) => Err(failed("write", object, reason)),
            }
        })
    }

    fn list<'a>(&'a self, prefix: &'a S3Uri) -> Doing<'a, Vec<String>> {
        Box::pin(async move {
            let mut keys = Vec::new();
            let mut token = None;
            loop {
                let (page, next) = self.page(prefix, token.as_deref()).await?;
                keys.extend(page);
                if next.is_none() {
                    return Ok(keys);
                }
                token = next;
            }
        })
    }
}

fn listing_query(prefix: &str, token: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("list-type", "2");
    query.append_pair("prefix", prefix);
    if let Some(token) = token {
        query.append_pair("continuation-token", token);
    }
    // A plus is a space in forms, and a plus in a signature.
    query.finish().replace('+', "%20")
}

/// Slashes stay; everything else but the unreserved characters is encoded, as signatures want it.
fn path(object: &S3Uri) -> String {
    let encoded: String = form_urlencoded::byte_serialize(object.key.as_bytes()).collect();
    let key = encoded
        .replace('+', "%20")
        .replace("%2F", "/")
        .replace('*', "%2A")
        .replace("%7E", "~");
    format!("{}/{key}", object.bucket)
}

fn failed(verb: &str, place: &S3Uri, reason: String) -> AccountError {
    AccountError::Failed {
        action: format!("{verb} {place}"),
        reason,
    }
}

/// A denial in the words of S3, which name who may not do what to which object.
fn refused(verb: &str, place: &S3Uri, status: StatusCode, body: &[u8]) -> AccountError {
    if status == StatusCode::FORBIDDEN {
        let text = String::from_utf8_lossy(body);
        let document = Document::parse(&text).ok();
        let message = document.as_ref().and_then(|document| {
            let mut nodes = document.descendants();
            nodes
                .find(|node| node.tag_name().name() == "Message")?
                .text()
        });
        if let Some(message) = message {
            return AccountError::Denied(message.to_owned());
        }
    }
    failed(verb, place, said(status, body))
}

fn said(status: StatusCode, body: &[u8]) -> String {
    let body: String = String::from_utf8_lossy(body).chars().take(300).collect();
    format!("{status}: {body}")
}
