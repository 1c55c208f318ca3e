//! What goes back: an answer in the wire format of the operation that asked.

use std::io;

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::Value;

use super::answer::Answer;
use super::model_id::ModelId;
use super::server::Operation;
use super::{converse, messages, stream};
use crate::hash::sha256;

/// The header that counts what was sent.
pub(super) const INPUT_TOKENS: &str = "x-amzn-bedrock-input-token-count";

/// An answer on its way into a wire format.
pub(super) struct Reply<'a> {
    pub(super) operation: Operation,
    pub(super) model: &'a ModelId,
    pub(super) id: String,
    pub(super) input_tokens: u32,
    pub(super) answer: Answer,
    pub(super) latency_ms: u64,
}

/// The id of an answer in the Messages format: the same for the same request in the same place.
pub(super) fn message_id(body: &[u8], index: usize) -> String {
    let hash = sha256(format!("{}:{index}", sha256(body)).as_bytes());
    format!("msg_bdrk_{}", &hash[..24])
}

impl Reply<'_> {
    pub(super) fn into_response(self, truncated: bool) -> io::Result<Response> {
        let pieces = self.pieces()?;
        let length: usize = pieces.iter().map(Bytes::len).sum();
        let body = if truncated {
            stream::truncated(&pieces)
        } else {
            stream::whole(pieces)
        };
        let mut response = Response::new(body);
        let streams = matches!(
            self.operation,
            Operation::InvokeStream | Operation::ConverseStream
        );
        let kind = if streams {
            "application/vnd.amazon.eventstream"
        } else {
            "application/json"
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if streams {
            headers.insert(
                "x-amzn-bedrock-content-type",
                HeaderValue::from_static("application/json"),
            );
        } else {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            headers.insert(INPUT_TOKENS, HeaderValue::from(self.input_tokens));
            headers.insert(
                "x-amzn-bedrock-output-token-count",
                HeaderValue::from(self.answer.output_tokens),
            );
            headers.insert(
                "x-amzn-bedrock-invocation-latency",
                HeaderValue::from(self.latency_ms),
            );
        }
        Ok(response)
    }

    fn pieces(&self) -> io::Result<Vec<Bytes>> {
        let whole = |body: Value| vec![Bytes::from(body.to_string())];
        let name = self.model.foundation.trim_start_matches("anthropic.");
        match self.operation {
            // Nova's own format is that of Converse.
            Operation::Invoke if !self.model.is_anthropic() => Ok(whole(converse::response(
                self.input_tokens,
                &self.answer,
                self.latency_ms,
            ))),
            Operation::Invoke => Ok(whole(messages::response(
                name,
                &self.id,
                self.input_tokens,
                &self.answer,
            ))),
            Operation::Converse => Ok(whole(converse::response(
                self.input_tokens,
                &self.answer,
                self.latency_ms,
            ))),
            Operation::InvokeStream => {
                let events = messages::events(
                    name,
                    &self.id,
                    self.input_tokens,
                    &self.answer,
                    self.latency_ms,
                );
                events.iter().map(stream::chunk).collect()
            }
            Operation::ConverseStream => {
                let events = converse::events(self.input_tokens, &self.answer, self.latency_ms);
                events
                    .iter()
                    .map(|(kind, payload)| stream::frame(kind, payload))
                    .collect()
            }
        }
    }
}
