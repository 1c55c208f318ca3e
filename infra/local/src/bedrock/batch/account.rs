//! What a batch job finds in its account: the objects of S3 and the event bus.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use serde_json::Value;

use super::S3Uri;

/// Something an account does, in its time.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, AccountError>> + Send + 'a>>;

/// Why an account did not do it. A job that meets one ends with this as its failure message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// No such object or bucket.
    #[error("{0} does not exist, upload it or correct the S3 URI")]
    Missing(S3Uri),
    /// Anything else.
    #[error("could not {action}: {reason}")]
    Failed {
        /// What was tried.
        action: String,
        /// What the service said.
        reason: String,
    },
}

/// S3 and `EventBridge`, as much of them as a batch job uses.
pub trait Account: Debug + Send + Sync {
    /// The bytes of an object.
    fn get<'a>(&'a self, object: &'a S3Uri) -> Doing<'a, Bytes>;
    /// Writes an object.
    fn put<'a>(&'a self, object: &'a S3Uri, body: Vec<u8>) -> Doing<'a, ()>;
    /// The keys that begin with the URI's, in their order.
    fn list<'a>(&'a self, prefix: &'a S3Uri) -> Doing<'a, Vec<String>>;
    /// Puts an event, envelope and all, on the default bus.
    fn publish<'a>(&'a self, event: &'a Value) -> Doing<'a, ()>;
}

/// An account in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryAccount {
    objects: Mutex<BTreeMap<S3Uri, Bytes>>,
    events: Mutex<Vec<Value>>,
}

impl MemoryAccount {
    /// All objects, by their URIs.
    pub fn objects(&self) -> BTreeMap<S3Uri, Bytes> {
        locked(&self.objects).clone()
    }

    /// All events so far, in the order in which they were sent.
    pub fn events(&self) -> Vec<Value> {
        locked(&self.events).clone()
    }
}

impl Account for MemoryAccount {
    fn get<'a>(&'a self, object: &'a S3Uri) -> Doing<'a, Bytes> {
        let found = locked(&self.objects).get(object).cloned();
        let found = found.ok_or_else(|| AccountError::Missing(object.clone()));
        Box::pin(std::future::ready(found))
    }

    fn put<'a>(&'a self, object: &'a S3Uri, body: Vec<u8>) -> Doing<'a, ()> {
        locked(&self.objects).insert(object.clone(), body.into());
        Box::pin(std::future::ready(Ok(())))
    }

    fn list<'a>(&'a self, prefix: &'a S3Uri) -> Doing<'a, Vec<String>> {
        let keys = locked(&self.objects)
            .keys()
            .filter(|uri| uri.bucket == prefix.bucket && uri.key.starts_with(&prefix.key))
            .map(|uri| uri.key.clone())
            .collect();
        Box::pin(std::future::ready(Ok(keys)))
    }

    fn publish<'a>(&'a self, event: &'a Value) -> Doing<'a, ()> {
        locked(&self.events).push(event.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A thread that panicked while it held the lock left nothing half-done: every change is one statement.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
