//! Points in virtual time, written as Step Functions writes them.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

const MILLISECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// A point in time, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(OffsetDateTime);

impl Moment {
    /// None unless it is a timestamp by RFC 3339.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .map(|time| Self(time.to_offset(time::UtcOffset::UTC)))
    }

    pub(crate) fn after(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(time::Duration::try_from(duration).unwrap_or(time::Duration::MAX)),
        )
    }

    /// How long from the other one to this; nothing if this is the earlier one.
    pub(crate) fn since(self, other: Self) -> Duration {
        Duration::try_from(self.0 - other.0).unwrap_or_default()
    }

    /// Milliseconds since 1970.
    pub(crate) fn milliseconds(self) -> i64 {
        self.0.unix_timestamp() * 1000 + i64::from(self.0.millisecond())
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.0.format(MILLISECONDS).map_err(|_| std::fmt::Error)?;
        formatter.write_str(&text)
    }
}
