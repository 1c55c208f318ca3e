use std::collections::BTreeMap;
use std::fmt;

use deploy::Event;

use crate::packaging::megabytes;

/// How far the uploads are.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    /// Files that were not in the bucket yet.
    pub(super) uploaded: usize,
    /// Bytes that have arrived and bytes there are, of each file.
    files: BTreeMap<String, (u64, u64)>,
}

impl Sending {
    pub(crate) fn count(&mut self, event: &Event) {
        match event {
            // One that broke off is begun again.
            Event::Uploading { key, size } => {
                self.files.insert(key.clone(), (0, *size));
            }
            Event::Sent { key, bytes } | Event::Resumed { key, bytes } => {
                self.files.entry(key.clone()).or_default().0 += bytes;
            }
            Event::Uploaded { .. } => self.uploaded += 1,
            _ => {}
        }
    }
}

impl fmt::Display for Sending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = || self.files.values();
        let sent = files().map(|(sent, _)| sent).sum();
        let total = files().map(|(_, total)| total).sum();
        write!(formatter, "{} of {}", megabytes(sent), megabytes(total))
    }
}
