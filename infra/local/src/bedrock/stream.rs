//! `application/vnd.amazon.eventstream`: the frames that streamed answers travel in.

use std::io;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::body::{Body, Bytes};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::channel::Channel;
use serde_json::{Value, json};

/// A `chunk` of `InvokeModelWithResponseStream`: the model's own event, in base64.
pub(super) fn chunk(event: &Value) -> io::Result<Bytes> {
    frame(
        "chunk",
        &json!({ "bytes": BASE64_STANDARD.encode(event.to_string()) }),
    )
}

/// One event of a stream.
pub(super) fn frame(kind: &'static str, payload: &Value) -> io::Result<Bytes> {
    let header = |name: &'static str, value: &'static str| {
        Header::new(name, HeaderValue::String(value.into()))
    };
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(header(":event-type", kind))
        .add_header(header(":content-type", "application/json"))
        .add_header(header(":message-type", "event"));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).map_err(io::Error::other)?;
    Ok(bytes.into())
}

/// A body that arrives whole, piece by piece.
pub(super) fn whole(pieces: Vec<Bytes>) -> Body {
    sending(pieces, false)
}

/// A body whose connection breaks half-way, in the middle of a piece.
pub(super) fn truncated(pieces: &[Bytes]) -> Body {
    let all: Vec<u8> = pieces.concat();
    let half = Bytes::from(all).slice(..pieces.iter().map(Bytes::len).sum::<usize>() / 2);
    sending(vec![half], true)
}

fn sending(pieces: Vec<Bytes>, broken: bool) -> Body {
    let (mut sender, channel) = Channel::<Bytes, io::Error>::new(1);
    tokio::spawn(async move {
        for piece in pieces {
            // The client may have gone; then nobody is left to send to.
            if sender.send_data(piece).await.is_err() {
                return;
            }
        }
        if broken {
            sender.abort(io::Error::from(io::ErrorKind::ConnectionAborted));
        }
    });
    Body::new(channel)
}
