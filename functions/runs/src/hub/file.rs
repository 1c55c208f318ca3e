//! A file of the Hub, read by ranges.

use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use shared::contracts::batch::RunFailure;

use super::http::{Answer, Http};
use crate::error::{Failures, StoreError};
use crate::ranged::{Fetch, RangedFile};

/// The status of an answer with a part of a file.
const PARTIAL_CONTENT: u16 = 206;

/// A file of the Hub. What it was when it was opened first it has to be whenever it is read; copies share that.
#[derive(Clone, Debug)]
pub struct HubFile(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: Http,
    name: String,
    /// The Hub's address of it.
    address: String,
    pinned: OnceLock<Pinned>,
    /// Where its content was found last. Asking there spares the Hub, which counts requests; the address holds for a while.
    storage: Mutex<Option<String>>,
}

/// What tells a file apart from its successor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pinned {
    size: u64,
    etag: Option<String>,
}

impl HubFile {
    pub(super) fn new(http: &Http, name: String, address: String) -> Self {
        Self(Arc::new(Inner {
            http: http.clone(),
            name,
            address,
            pinned: OnceLock::new(),
            storage: Mutex::default(),
        }))
    }

    /// Its name, for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Opens the file.
    ///
    /// # Errors
    /// When it cannot be had, or not by ranges.
    pub fn open(&self, failures: &Failures) -> Result<RangedFile, StoreError> {
        if self.0.pinned.get().is_none() {
            self.0.part(&(0..1))?;
        }
        let pinned = self.0.pinned.get();
        let size = pinned.map(|pinned| pinned.size).unwrap_or_default();
        Ok(RangedFile::new(size, self.clone(), failures))
    }
}

impl Fetch for HubFile {
    fn fetch(&self, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.0.part(&range)
    }
}

impl Inner {
    fn part(&self, range: &Range<u64>) -> Result<Vec<u8>, StoreError> {
        let storage = || self.storage.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = range.end - range.start;
        let known = storage().clone();
        let known = known.and_then(|known| self.http.get(&known, Some(range), limit).ok());
        let answer = match known.filter(|answer| answer.status == PARTIAL_CONTENT) {
            Some(answer) => answer,
            None => self.http.get(&self.address, Some(range), limit)?,
        };
        if answer.status != PARTIAL_CONTENT {
            return Err(self.refusal(&answer));
        }
        self.must_be_the_same(&answer)?;
        *storage() = Some(answer.address);
        Ok(answer.body)
    }

    fn must_be_the_same(&self, answer: &Answer) -> Result<(), StoreError> {
        let Some(size) = answer.size else {
            return Err(self.broken("does not tell the size of the file"));
        };
        let found = Pinned {
            size,
            etag: answer.etag.clone(),
        };
        if *self.pinned.get_or_init(|| found.clone()) == found {
            return Ok(());
        }
        let message = format!(
            "`{}` was replaced while it was being read: start again, to read it from its beginning",
            self.name
        );
        Err(StoreError::new(RunFailure::Unavailable, message))
    }

    fn refusal(&self, answer: &Answer) -> StoreError {
        match answer.status {
            200 => self.broken("does not send parts of files"),
            401 | 403 => StoreError::new(
                RunFailure::InvalidRequest,
                format!(
                    "the Hub lists `{}` and does not hand it out: accept the conditions of the dataset with the account whose token the deployment has, or store a token that may read in the secret",
                    self.name
                ),
            ),
            404 | 410 => StoreError::new(
                RunFailure::Unavailable,
                format!(
                    "`{}` is gone: start again, to read what is there now",
                    self.name
                ),
            ),
            status => self.broken(&format!("answered with the status {status}")),
        }
    }

    fn broken(&self, problem: &str) -> StoreError {
        let message = format!(
            "the server that has `{}` {problem}: check the base address of the Hub in the deployment, or save the dataset in a bucket and give its `s3_uri`",
            self.name
        );
        StoreError::new(RunFailure::Broken, message)
    }
}
