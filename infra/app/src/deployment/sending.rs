use std::fmt;

use deploy::Event;

use crate::packaging::megabytes;

/// How far the uploads are.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    /// Files that were not in the bucket yet.
    pub(super) uploaded: usize,
    /// Bytes.
    sent: u64,
    /// Bytes.
    total: u64,
}

impl Sending {
    pub(crate) fn count(&mut self, event: &Event) {
        match event {
            Event::Uploading { size, .. } => self.total += size,
            Event::Sent { bytes, .. } | Event::Resumed { bytes, .. } => self.sent += bytes,
            Event::Uploaded { .. } => self.uploaded += 1,
            _ => {}
        }
    }
}

impl fmt::Display for Sending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sent, total) = (megabytes(self.sent), megabytes(self.total));
        write!(formatter, "{sent} of {total}")
    }
}
