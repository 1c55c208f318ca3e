//! The objects that item readers read and result writers write.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Buckets in memory. Clones share their contents, so a handler can write what an item reader reads.
#[derive(Clone, Debug, Default)]
pub struct Objects(Rc<RefCell<Contents>>);

/// Bytes by bucket and key.
type Contents = BTreeMap<(String, String), Vec<u8>>;

impl Objects {
    /// No buckets, no objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes an object.
    pub fn put(
        &self,
        bucket: impl Into<String>,
        key: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
    ) {
        let mut objects = self.0.borrow_mut();
        objects.insert((bucket.into(), key.into()), bytes.into());
    }

    /// An object's bytes, if it is there.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let objects = self.0.borrow();
        objects.get(&(bucket.to_owned(), key.to_owned())).cloned()
    }

    /// The keys of a bucket that start so, and the sizes in bytes, by key.
    pub fn list(&self, bucket: &str, prefix: &str) -> Vec<(String, usize)> {
        let objects = self.0.borrow();
        let listed = objects
            .iter()
            .filter(|((b, key), _)| b == bucket && key.starts_with(prefix));
        listed
            .map(|((_, key), bytes)| (key.clone(), bytes.len()))
            .collect()
    }
}
