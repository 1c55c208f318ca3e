//! A bucket in memory that takes multipart uploads, remembers what it was asked, and can stop taking parts.
#![expect(
    clippy::unwrap_used,
    reason = "a bucket that cannot serve fails its test"
)]

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_credential_types::Credentials;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use deploy::{AssetBucket, Connection, Target};

/// A part or an object: its bytes and the SHA-256 that came with them.
type Stored = (Vec<u8>, String);

#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) objects: BTreeMap<String, Stored>,
    /// Uploads that were begun and not completed: key and parts by id.
    pub(crate) uploads: BTreeMap<String, (String, BTreeMap<i32, Stored>)>,
    /// Method, key and part of each request.
    pub(crate) requests: Vec<String>,
    /// Refuses parts once it holds so many.
    pub(crate) most_parts: Option<usize>,
    /// How many of the next parts meet a server in trouble.
    pub(crate) troubled: usize,
    /// How many uploads in parts were begun.
    pub(crate) begun: usize,
    /// Forgets so many of the next uploads as soon as they are begun, as if somebody had given them up.
    pub(crate) forgotten: usize,
    under_way: usize,
    /// The most requests that were under way at once.
    pub(crate) at_once: usize,
}

pub(crate) struct Bucket {
    pub(crate) target: Target,
    contents: Arc<Mutex<Contents>>,
}

impl Bucket {
    pub(crate) async fn new() -> Self {
        let contents = Arc::<Mutex<Contents>>::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .fallback(serve)
            .layer(DefaultBodyLimit::disable())
            .with_state(contents.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let target = Target::connect(Connection {
            region: Some("eu-central-1".into()),
            endpoint_url: Some(format!("http://{address}")),
            credentials: Some(Credentials::new("test", "test", None, None, "test")),
        });
        Self {
            target: target.await.unwrap(),
            contents,
        }
    }

    pub(crate) fn described() -> AssetBucket {
        AssetBucket {
            name: "assets".into(),
            owner: "111122223333".into(),
        }
    }

    pub(crate) fn contents(&self) -> std::sync::MutexGuard<'_, Contents> {
        self.contents.lock().unwrap()
    }
}

async fn serve(
    State(contents): State<Arc<Mutex<Contents>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    {
        let mut contents = contents.lock().unwrap();
        contents.under_way += 1;
        contents.at_once = contents.at_once.max(contents.under_way);
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut contents = contents.lock().unwrap();
    contents.under_way -= 1;
    let pairs = uri.query().unwrap_or_default().split('&');
    let query: HashMap<&str, &str> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    let key = uri.path().trim_start_matches("/assets/").to_owned();
    let part = query.get("partNumber");
    contents.requests.push(match part {
        Some(part) => format!("{method} {key} {part}"),
        None => format!("{method} {key}"),
    });
    let checksum = headers
        .get("x-amz-checksum-sha256")
        .map(|value| value.to_str().unwrap().to_owned());
    let request = Request {
        key,
        part: part.map(|part| part.parse().unwrap()),
        upload: query.get("uploadId").map(ToString::to_string),
        lists_uploads: query.contains_key("uploads"),
        stored: (body.to_vec(), checksum.unwrap_or_default()),
    };
    contents.answer(&method, request)
}

struct Request {
    key: String,
    part: Option<i32>,
    upload: Option<String>,
    lists_uploads: bool,
    stored: Stored,
}

impl Contents {
    fn answer(&mut self, method: &Method, request: Request) -> Response {
        match (method.as_str(), request.upload) {
            ("HEAD", _) => match self.objects.get(&request.key) {
                Some((_, checksum)) => with_checksum(checksum),
                None => StatusCode::NOT_FOUND.into_response(),
            },
            ("GET", _) if request.lists_uploads => self.list_uploads().into_response(),
            (_, Some(id)) if !self.uploads.contains_key(&id) => {
                refused(StatusCode::NOT_FOUND, "NoSuchUpload")
            }
            ("GET", Some(id)) => self.list_parts(&id).into_response(),
            ("POST", None) => {
                let id = format!("upload-{}", self.begun);
                self.begun += 1;
                if self.forgotten > 0 {
                    self.forgotten -= 1;
                } else {
                    self.uploads
                        .insert(id.clone(), (request.key, BTreeMap::new()));
                }
                format!("<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>").into_response()
            }
            ("POST", Some(id)) => self.complete(&id).into_response(),
            ("PUT", Some(id)) => self.take_part(&id, request.part.unwrap(), request.stored),
            ("PUT", None) => {
                self.objects.insert(request.key, request.stored);
                StatusCode::OK.into_response()
            }
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        }
    }

    fn take_part(&mut self, id: &str, number: i32, stored: Stored) -> Response {
        if self.troubled > 0 {
            self.troubled -= 1;
            return refused(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable");
        }
        let (_, parts) = self.uploads.get_mut(id).unwrap();
        if self.most_parts.is_some_and(|most| parts.len() >= most) {
            // A client error, which the SDK does not try again.
            return refused(StatusCode::BAD_REQUEST, "Broken");
        }
        parts.insert(number, stored);
        ([("etag", format!("\"{number}\""))], "").into_response()
    }

    fn list_uploads(&self) -> String {
        let uploads: Vec<String> = self
            .uploads
            .iter()
            .map(|(id, (key, _))| format!("<Upload><UploadId>{id}</UploadId><Key>{key}</Key><Initiated>2026-11-21T00:00:00Z</Initiated><ChecksumAlgorithm>SHA256</ChecksumAlgorithm></Upload>"))
            .collect();
        format!(
            "<ListMultipartUploadsResult>{}</ListMultipartUploadsResult>",
            uploads.concat()
        )
    }

    fn list_parts(&self, id: &str) -> String {
        let parts: Vec<String> = self.uploads[id]
            .1
            .iter()
            .map(|(number, (_, checksum))| format!("<Part><PartNumber>{number}</PartNumber><ETag>\"{number}\"</ETag><ChecksumSHA256>{checksum}</ChecksumSHA256></Part>"))
            .collect();
        format!("<ListPartsResult>{}</ListPartsResult>", parts.concat())
    }

    fn complete(&mut self, id: &str) -> String {
        use sha2::{Digest, Sha256};
        let (key, parts) = self.uploads.remove(id).unwrap();
        let hashes: Vec<u8> = parts
            .values()
            .flat_map(|(bytes, _)| Sha256::digest(bytes))
            .collect();
        let hash = aws_smithy_types::base64::encode(Sha256::digest(hashes));
        let checksum = format!("{hash}-{}", parts.len());
        let bytes = parts.into_values().flat_map(|(bytes, _)| bytes).collect();
        self.objects.insert(key, (bytes, checksum));
        "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>".into()
    }
}

fn refused(status: StatusCode, code: &str) -> Response {
    (status, format!("<Error><Code>{code}</Code></Error>")).into_response()
}

fn with_checksum(checksum: &str) -> Response {
    ([("x-amz-checksum-sha256", checksum.to_owned())], "").into_response()
}
