//! A server of HTTP for tests: what it answers is a function of the request, and requests are kept.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) range: Option<(usize, usize)>,
}

/// What is answered.
#[derive(Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// The length that is told, where it is not that of the body.
    pub(crate) length: Option<usize>,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// An answer to `HEAD` for an object of this length.
    pub(crate) fn head(length: usize) -> Self {
        Self {
            length: Some(length),
            ..Self::status(200)
        }
    }

    pub(crate) fn json(body: &serde_json::Value) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
            length: None,
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The part of a file that was asked for.
    pub(crate) fn part(request: &Request, file: &[u8], etag: &str) -> Self {
        let Some((start, end)) = request.range else {
            return Self::status(400);
        };
        let end = end.min(file.len() - 1);
        let range = format!("bytes {start}-{end}/{}", file.len());
        Self {
            body: file[start..=end].to_vec(),
            ..Self::status(206)
        }
        .with("Content-Range", range)
        .with("ETag", etag)
    }
}

/// A running server; it ends with the process.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
        };
        let requests = Arc::clone(&server.requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &requests, &answer);
            }
        });
        server
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    requests: &Mutex<Vec<Request>>,
    answer: &dyn Fn(&Request) -> Reply,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    // What is not HTTP is not answered.
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    let mut request = Request {
        method: first.split(' ').next().unwrap().to_owned(),
        path: first.split(' ').nth(1).unwrap().to_owned(),
        authorization: None,
        range: None,
    };
    for line in lines
        .map(Result::unwrap)
        .take_while(|line| !line.is_empty())
    {
        let (name, value) = line.split_once(": ").unwrap();
        match name.to_ascii_lowercase().as_str() {
            "authorization" => request.authorization = Some(value.to_owned()),
            "range" => {
                let (start, end) = value
                    .strip_prefix("bytes=")
                    .unwrap()
                    .split_once('-')
                    .unwrap();
                request.range = Some((start.parse().unwrap(), end.parse().unwrap()));
            }
            _ => {}
        }
    }
    requests.lock().unwrap().push(request.clone());
    let reply = answer(&request);
    let mut head = format!(
        "HTTP/1.1 {} Word\r\nContent-Length: {}\r\nConnection: close\r\n",
        reply.status,
        reply.length.unwrap_or(reply.body.len())
    );
    for (name, value) in reply.headers {
        for part in [name, ": ", &value, "\r\n"] {
            head += part;
        }
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    stream.write_all(&reply.body).unwrap();
}
