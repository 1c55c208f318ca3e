//! Records go to the model, several at a time, and their lines come out in the order of the input.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesOrdered;
use shared::contracts::batch::InvocationPolicy;

use crate::answer::ask;
use crate::error::InvokeError;
use crate::input::Records;
use crate::model::Model;
use crate::parts::Parts;

/// Sends records until there are no more, or time runs out; tells how many it sent.
///
/// # Errors
/// The first, after which no record is sent. Those in flight are waited for, and what they bring is kept.
pub(crate) fn send(
    model: &impl Model,
    model_id: &str,
    policy: &InvocationPolicy,
    records: &mut Records,
    parts: &mut Parts<'_>,
) -> Result<u64, InvokeError> {
    let deadline = model.now() + Duration::from_secs(policy.seconds.into());
    let concurrency = usize::try_from(policy.concurrency).unwrap_or(usize::MAX);
    let (mut sent, mut failed) = (0, None);
    let mut calls = FuturesOrdered::new();
    loop {
        while failed.is_none() && calls.len() < concurrency && model.now() < deadline {
            match records.next() {
                Ok(Some(record)) => calls.push_back(ask(model, model_id, record)),
                Ok(None) => break,
                Err(error) => failed = Some(error),
            }
        }
        match model.wait(calls.next()) {
            None => break,
            Some(Ok(line)) => parts.push(&line)?,
            Some(Err(error)) => {
                failed.get_or_insert(error);
            }
        }
        sent += 1;
    }
    parts.flush()?;
    failed.map_or(Ok(sent), Err)
}
