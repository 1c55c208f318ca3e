//! The account of the local AWS, over plain signed HTTP: four requests are not worth an SDK.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::SigningParams;
use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode};
use http_body_util::Full;
use roxmltree::Document;
use serde_json::Value;

use super::{Account, AccountError, Doing, S3Uri};
use crate::aws::ROOT;
use crate::http::HttpClient;

const TIMEOUT: Duration = Duration::from_mins(1);

/// The local AWS at an address.
#[derive(Debug)]
pub(in crate::bedrock) struct LocalAccount {
    endpoint: String,
    region: String,
    client: HttpClient,
}

impl LocalAccount {
    pub(in crate::bedrock) fn new(endpoint: String, region: String, client: HttpClient) -> Self {
        Self {
            endpoint,
            region,
            client,
        }
    }

    /// Path-style, because buckets' names do not resolve on 127.0.0.1.
    async fn s3(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Bytes), String> {
        let url = format!("{}/{path}", self.endpoint);
        let mut request = Request::builder()
            .method(method)
            .uri(&url)
            .body(Full::new(Bytes::from(body.clone())))
            .map_err(|error| error.to_string())?;
        self.sign(&mut request, &body)?;
        self.client
            .send(request, TIMEOUT)
            .await
            .map_err(|error| error.to_string())
    }

    fn sign(&self, request: &mut Request<Full<Bytes>>, body: &[u8]) -> Result<(), String> {
        let identity = Credentials::new(
            ROOT.access_key_id,
            ROOT.secret_access_key,
            None,
            None,
            "root",
        )
        .into();
        // S3 signs the path as it is.
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
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
    ) -> Result<(Vec<String>, Option<String>), String> {
        let query = listing_query(&prefix.key, token);
        let path = format!("{}?{query}", prefix.bucket);
        let (status, body) = self.s3(Method::GET, &path, Vec::new()).await?;
        if !status.is_success() {
            return Err(said(status, &body));
        }
        let text = String::from_utf8_lossy(&body);
        let document = Document::parse(&text).map_err(|error| error.to_string())?;
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

impl Account for LocalAccount {
    fn get<'a>(&'a self, object: &'a S3Uri) -> Doing<'a, Bytes> {
        Box::pin(async move {
            match self.s3(Method::GET, &path(object), Vec::new()).await {
                Ok((StatusCode::NOT_FOUND, _)) => Err(AccountError::Missing(object.clone())),
                Ok((status, body)) if status.is_success() => Ok(body),
                Ok((status, body)) => Err(failed("read", object, said(status, &body))),
                Err(reason) => Err(failed("read", object, reason)),
            }
        })
    }

    fn put<'a>(&'a self, object: &'a S3Uri, body: Vec<u8>) -> Doing<'a, ()> {
        Box::pin(async move {
            match self.s3(Method::PUT, &path(object), body).await {
                Ok((status, _)) if status.is_success() => Ok(()),
                Ok((status, body)) => Err(failed("write", object, said(status, &body))),
                Err(reason) => Err(failed("write", object, reason)),
            }
        })
    }

    fn list<'a>(&'a self, prefix: &'a S3Uri) -> Doing<'a, Vec<String>> {
        Box::pin(async move {
            let mut keys = Vec::new();
            let mut token = None;
            loop {
                let (page, next) = self
                    .page(prefix, token.as_deref())
                    .await
                    .map_err(|reason| failed("list", prefix, reason))?;
                keys.extend(page);
                if next.is_none() {
                    return Ok(keys);
                }
                token = next;
            }
        })
    }

    /// By a door of the local AWS: `PutEvents` takes no event whose source is a service of AWS.
    fn publish<'a>(&'a self, event: &'a Value) -> Doing<'a, ()> {
        let failed = |reason: String| AccountError::Failed {
            action: "publish an event".into(),
            reason,
        };
        Box::pin(async move {
            let request = Request::post(format!("{}/_local/events", self.endpoint))
                .body(Full::new(Bytes::from(event.to_string())))
                .map_err(|error| failed(error.to_string()))?;
            match self.client.send(request, TIMEOUT).await {
                Ok((status, _)) if status.is_success() => Ok(()),
                Ok((status, body)) => Err(failed(said(status, &body))),
                Err(error) => Err(failed(error.to_string())),
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

fn said(status: StatusCode, body: &[u8]) -> String {
    let body: String = String::from_utf8_lossy(body).chars().take(300).collect();
    format!("{status}: {body}")
}
