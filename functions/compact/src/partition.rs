//! A day of the table, as its folder names it.

use std::fmt;
use std::str::FromStr;

use time::{Date, Duration, Month, OffsetDateTime};

/// The partition of one day: `year=YYYY/month=MM/day=DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition(Date);

impl Partition {
    /// Whether the day and the margin after it are over. What comes later still is merged by a later run.
    #[must_use]
    pub fn is_closed(self, now: OffsetDateTime, close_after_hours: u32) -> bool {
        let midnight = self.0.midnight().assume_utc();
        let closes = midnight + Duration::days(1) + Duration::hours(i64::from(close_after_hours));
        closes <= now
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), u8::from(self.0.month()), self.0.day());
        write!(formatter, "year={year:04}/month={month:02}/day={day:02}")
    }
}

/// A folder that is no partition.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a partition: `year=YYYY/month=MM/day=DD` is expected")]
pub struct NotAPartition(String);

impl FromStr for Partition {
    type Err = NotAPartition;

    fn from_str(folder: &str) -> Result<Self, NotAPartition> {
        let refused = || NotAPartition(folder.to_owned());
        let mut parts = folder.split('/');
        let mut number = |name: &str| {
            let part = parts.next()?.strip_prefix(name)?.strip_prefix('=')?;
            part.parse::<u16>().ok()
        };
        let (year, month, day) = (number("year"), number("month"), number("day"));
        let (Some(year), Some(month), Some(day)) = (year, month, day) else {
            return Err(refused());
        };
        let month = u8::try_from(month)
            .ok()
            .and_then(|month| Month::try_from(month).ok())
            .ok_or_else(refused)?;
        let day = u8::try_from(day).map_err(|_| refused())?;
        let date = Date::from_calendar_date(i32::from(year), month, day).map_err(|_| refused())?;
        let partition = Self(date);
        // Only the form that is written is read: `day=3` and `day=03` would be two folders of one day.
        (partition.to_string() == folder)
            .then_some(partition)
            .ok_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn folders_are_read_and_written_in_one_form() {
        let partition: Partition = "year=2026/month=03/day=09".parse().unwrap();
        assert_eq!(partition.to_string(), "year=2026/month=03/day=09");
        for folder in [
            "year=2026/month=3/day=09",
            "year=2026/month=02/day=30",
            "year=2026/month=03",
            "year=2026/month=03/day=09/hour=01",
            "month=03/year=2026/day=09",
            "",
        ] {
            assert!(folder.parse::<Partition>().is_err(), "{folder}");
        }
    }

    #[test]
    fn a_day_closes_after_its_margin() {
        let partition: Partition = "year=2026/month=12/day=31".parse().unwrap();
        assert!(!partition.is_closed(datetime!(2027-01-01 00:59:59 UTC), 1));
        assert!(partition.is_closed(datetime!(2027-01-01 01:00 UTC), 1));
    }
}
