//! Settings there and back through the environment.

use serde::{Deserialize, Serialize};
use shared::SettingValue;
use shared::contracts::{ArchiveLimits, CompactionPolicy, ParseMode, ReviewPolicy};

#[expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]
fn round_trips<T: SettingValue + PartialEq + std::fmt::Debug>(value: &T, text: &str) {
    assert_eq!(value.to_environment().unwrap(), text);
    assert_eq!(&T::from_environment(text).unwrap(), value);
}

#[test]
fn values_travel_as_plain_as_they_can() {
    round_trips(&42_u32, "42");
    round_trips(&-7_i64, "-7");
    round_trips(&0.5_f64, "0.5");
    round_trips(&true, "true");
    round_trips(&ParseMode::Lenient, "lenient");
    round_trips(
        &CompactionPolicy::default(),
        r#"{"close_after_hours":1,"grace_hours":12}"#,
    );
}

#[test]
fn text_travels_as_it_is() {
    for text in [
        "",
        "plain",
        "42",
        "true",
        "null",
        "\"quoted\"",
        "{\"a\": 1}",
        "ü\n",
    ] {
        round_trips(&text.to_owned(), text);
    }
}

#[test]
fn defaults_are_within_their_own_ranges() {
    assert!(ArchiveLimits::default().validate().is_ok());
    assert!(CompactionPolicy::default().validate().is_ok());
    assert!(ReviewPolicy::default().validate().is_ok());
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Percent(u32);

impl SettingValue for Percent {
    fn validate(&self) -> Result<(), String> {
        if self.0 <= 100 {
            Ok(())
        } else {
            Err("at most 100".into())
        }
    }
}

#[test]
fn ranges_hold_on_both_sides() {
    assert_eq!(
        Percent(101).to_environment().unwrap_err().to_string(),
        "value out of range: at most 100"
    );
    assert_eq!(
        Percent::from_environment("101").unwrap_err().to_string(),
        "value out of range: at most 100"
    );
}

#[test]
fn refusals_quote_the_text_and_name_the_cause() {
    let refusal = |error: shared::SettingError| error.to_string();
    assert_eq!(
        refusal(ParseMode::from_environment("strickt").unwrap_err()),
        "`strickt` is not a valid value: unknown variant `strickt`, expected `strict` or `lenient`"
    );
    assert_eq!(
        refusal(u32::from_environment("-1").unwrap_err()),
        "`-1` is not a valid value: invalid value: integer `-1`, expected u32 at line 1 column 2"
    );
    assert_eq!(
        refusal(u32::from_environment("many").unwrap_err()),
        "`many` is not a valid value: invalid type: string \"many\", expected u32"
    );
    assert_eq!(
        refusal(CompactionPolicy::from_environment(r#"{"grace_hours": 1}"#).unwrap_err()),
        "`{\"grace_hours\": 1}` is not a valid value: missing field `close_after_hours` at line 1 column 18"
    );
}
