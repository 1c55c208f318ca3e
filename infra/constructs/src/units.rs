//! Quantities with their unit in the type, so that a memory size is never mistaken for a timeout.

/// Memory or storage in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mebibytes(pub(crate) u32);

/// A span of time in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub(crate) u32);

/// A number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub(crate) u32);

/// So many MiB.
pub const fn mib(count: u32) -> Mebibytes {
    Mebibytes(count)
}

/// So many seconds.
pub const fn seconds(count: u32) -> Seconds {
    Seconds(count)
}

/// So many minutes.
pub const fn minutes(count: u32) -> Seconds {
    Seconds(count * 60)
}

/// So many hours.
pub const fn hours(count: u32) -> Seconds {
    Seconds(count * 3600)
}

/// So many days.
pub const fn days(count: u32) -> Days {
    Days(count)
}

impl Seconds {
    /// The count.
    pub const fn count(self) -> u32 {
        self.0
    }
}

/// Workflows count in the standard library's durations.
impl From<Seconds> for std::time::Duration {
    fn from(seconds: Seconds) -> Self {
        Self::from_secs(seconds.0.into())
    }
}

impl Days {
    /// The count.
    pub const fn count(self) -> u32 {
        self.0
    }

    /// The same span in seconds.
    pub const fn in_seconds(self) -> Seconds {
        Seconds(self.0 * 86_400)
    }
}

impl Mebibytes {
    /// The count.
    pub const fn count(self) -> u32 {
        self.0
    }
}
