//! What a batch job finds in its account: its role, the objects of S3, and the event bus.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// The role does not trust the service, or may not do it.
    #[error("{0}")]
    Denied(String),
    /// Anything else.
    #[error("could not {action}: {reason}")]
    Failed {
        /// What was tried.
        action: String,
        /// What the service said.
        reason: String,
    },
}

/// The account of a job, as the service sees it.
pub trait Account: Debug + Send + Sync {
    /// S3 as the role sees it, for the job that was given it.
    fn assume<'a>(&'a self, role_arn: &'a str, job_arn: &'a str) -> Doing<'a, Arc<dyn Objects>>;
    /// Puts an event, envelope and all, on the default bus. This the service does itself, under no role.
    fn publish<'a>(&'a self, event: &'a Value) -> Doing<'a, ()>;
}

/// S3, as much of it as a batch job uses.
pub trait Objects: Debug + Send + Sync {
    /// The key of the session that it is used with; none where nobody is asked for permission.
    fn access_key_id(&self) -> Option<&str>;
    /// The bytes of an object.
    fn get<'a>(&'a self, object: &'a S3Uri) -> Doing<'a, Bytes>;
    /// Writes an object.
    fn put<'a>(&'a self, object: &'a S3Uri, body: Vec<u8>) -> Doing<'a, ()>;
    /// The keys that begin with the URI's, in their order.
    fn list<'a>(&'a self, prefix: &'a S3Uri) -> Doing<'a, Vec<String>>;
}

/// An account in memory, for tests. Its roles may do everything. Clones are the same account.
#[derive(Debug, Clone, Default)]
pub struct MemoryAccount {
    objects: Arc<Mutex<BTreeMap<S3Uri, Bytes>>>,
    events: Arc<Mutex<Vec<Value>>>,
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
    fn assume<'a>(&'a self, _role_arn: &'a str, _job_arn: &'a str) -> Doing<'a, Arc<dyn Objects>> {
        let same: Arc<dyn Objects> = Arc::new(self.clone());
        Box::pin(std::future::ready(Ok(same)))
    }

    fn publish<'a>(&'a self, event: &'a Value) -> Doing<'a, ()> {
        locked(&self.events).push(event.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Objects for MemoryAccount {
    fn access_key_id(&self) -> Option<&str> {
        None
    }

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
}

/// A thread that panicked while it held the lock left nothing half-done: every change is one statement.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
