//! The grammar of schedule expressions: `rate(5 minutes)`, `cron(0 8 * * ? *)`, `at(2026-11-21T08:00:00)`.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>

/// A form of schedule expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Rate,
    Cron,
    At,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        match name {
            "rate" => Some(Self::Rate),
            "cron" => Some(Self::Cron),
            "at" => Some(Self::At),
            _ => None,
        }
    }
}

/// Whether a text is a schedule of one of the kinds; the error says what is wrong.
pub(crate) fn parse(text: &str, kinds: &[Kind]) -> Result<(), String> {
    let (name, arguments) = text
        .strip_suffix(')')
        .and_then(|text| text.split_once('('))
        .ok_or("it is not of the form name(...)")?;
    let kind = Kind::named(name).filter(|kind| kinds.contains(kind));
    match kind.ok_or_else(|| format!("`{name}` is not a kind of schedule here"))? {
        Kind::Rate => rate(arguments),
        Kind::Cron => cron(arguments),
        Kind::At => at(arguments),
    }
}

fn rate(arguments: &str) -> Result<(), String> {
    let Some((number, unit)) = arguments.split_once(' ') else {
        return Err("a rate is a number and a unit".to_owned());
    };
    let number: u32 = number
        .parse()
        .map_err(|_| format!("`{number}` is not a whole number"))?;
    let singular = unit.strip_suffix('s').unwrap_or(unit);
    if !matches!(singular, "minute" | "hour" | "day") {
        return Err(format!("`{unit}` is not minutes, hours or days"));
    }
    match (number, unit == singular) {
        (0, _) => Err("a rate of 0 never comes".to_owned()),
        (1, false) => Err(format!("1 is written with `{singular}`")),
        (2.., true) => Err(format!("{number} is written with `{singular}s`")),
        _ => Ok(()),
    }
}

/// One field of a cron expression.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names of values, the first for `least`.
    names: &'static [&'static str],
    /// Whether it may be `?`, and may have `L`, `W` or `#`.
    is_day: bool,
}

const fn field(
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
    is_day: bool,
) -> Field {
    Field {
        name,
        least,
        most,
        names,
        is_day,
    }
}

const MONTHS: &[&str] = &[
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIELDS: [Field; 6] = [
    field("minutes", 0, 59, &[], false),
    field("hours", 0, 23, &[], false),
    field("day of month", 1, 31, &[], true),
    field("month", 1, 12, MONTHS, false),
    field("day of week", 1, 7, DAYS, true),
    field("year", 1970, 2199, &[], false),
];

fn cron(arguments: &str) -> Result<(), String> {
    let parts: Vec<_> = arguments.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("cron has 6 fields, not {}", parts.len()));
    }
    for (field, part) in FIELDS.iter().zip(&parts) {
        for item in part.split(',') {
            if !field.accepts(item) {
                return Err(format!("`{item}` does not fit the field {}", field.name));
            }
        }
    }
    if (parts[2] == "?") == (parts[4] == "?") {
        return Err("exactly one of day of month and day of week must be `?`".to_owned());
    }
    Ok(())
}

impl Field {
    /// `*`, a value, a range, a step, and for days their special forms.
    fn accepts(&self, item: &str) -> bool {
        if self.is_day && self.is_special(item) {
            return true;
        }
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        if step.is_some_and(|step| {
            !step
                .parse()
                .is_ok_and(|step: u32| (1..=self.most).contains(&step))
        }) {
            return false;
        }
        match range.split_once('-') {
            Some((from, to)) => self.value(from).is_some() && self.value(to).is_some(),
            None => range == "*" || self.value(range).is_some(),
        }
    }

    fn is_special(&self, item: &str) -> bool {
        if matches!(item, "?" | "L" | "LW") {
            return true;
        }
        let before = |end| item.strip_suffix(end).and_then(|value| self.value(value));
        if before('L').is_some() || before('W').is_some() {
            return true;
        }
        let nth = item
            .split_once('#')
            .map(|(day, nth)| (self.value(day), nth.parse::<u32>()));
        matches!(nth, Some((Some(_), Ok(1..=5))))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = self
            .names
            .iter()
            .zip(self.least..)
            .find(|(name, _)| name.eq_ignore_ascii_case(text));
        let value = named
            .map(|(_, value)| value)
            .or_else(|| text.parse().ok())?;
        (self.least..=self.most).contains(&value).then_some(value)
    }
}

/// `YYYY-MM-DDThh:mm:ss`.
fn at(arguments: &str) -> Result<(), String> {
    const SHAPE: &str = "0000-00-00T00:00:00";
    let same_shape = arguments.len() == SHAPE.len()
        && arguments
            .bytes()
            .zip(SHAPE.bytes())
            .all(|(byte, shape)| match shape {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            });
    let part = |range: std::ops::Range<usize>| {
        arguments
            .get(range)
            .and_then(|text| text.parse::<u32>().ok())
    };
    let within = |range, bounds: std::ops::RangeInclusive<u32>| {
        part(range).is_some_and(|value| bounds.contains(&value))
    };
    let valid = same_shape
        && within(5..7, 1..=12)
        && within(8..10, 1..=31)
        && within(11..13, 0..=23)
        && within(14..16, 0..=59)
        && within(17..19, 0..=59);
    if valid {
        Ok(())
    } else {
        Err("the time is not of the form 2026-11-21T08:00:00".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, parse};

    const ALL: [Kind; 3] = [Kind::Rate, Kind::Cron, Kind::At];

    #[test]
    fn schedules_of_the_documentation_are_schedules() {
        for text in [
            "rate(1 minute)",
            "rate(12 hours)",
            "cron(0 10 * * ? *)",
            "cron(15 12 * * ? *)",
            "cron(0 18 ? * MON-FRI *)",
            "cron(0/15 * * * ? *)",
            "cron(0/5 8-17 ? * MON-FRI *)",
            "cron(30 10 ? * 6L 2026-2027)",
            "cron(0 8 1,15 * ? *)",
            "cron(0 9 3W * ? *)",
            "cron(0 9 ? JAN,JUL 2#1 *)",
            "at(2026-11-21T08:00:00)",
        ] {
            assert_eq!(parse(text, &ALL), Ok(()), "{text}");
        }
    }

    #[test]
    fn everything_else_is_none() {
        for (text, problem) in [
            ("every day", "it is not of the form name(...)"),
            ("rate(1 minutes)", "1 is written with `minute`"),
            ("rate(5 minute)", "5 is written with `minutes`"),
            ("rate(0 days)", "a rate of 0 never comes"),
            ("rate(5 seconds)", "`seconds` is not minutes, hours or days"),
            ("rate(x days)", "`x` is not a whole number"),
            ("cron(0 10 * * *)", "cron has 6 fields, not 5"),
            (
                "cron(0 10 * * * *)",
                "exactly one of day of month and day of week must be `?`",
            ),
            ("cron(60 10 * * ? *)", "`60` does not fit the field minutes"),
            (
                "cron(0 10 ? * 0 *)",
                "`0` does not fit the field day of week",
            ),
            ("cron(? 10 * * ? *)", "`?` does not fit the field minutes"),
            (
                "at(2026-13-21T08:00:00)",
                "the time is not of the form 2026-11-21T08:00:00",
            ),
        ] {
            assert_eq!(parse(text, &ALL), Err(problem.to_owned()), "{text}");
        }
        let kinds = [Kind::Cron];
        assert_eq!(
            parse("rate(1 day)", &kinds),
            Err("`rate` is not a kind of schedule here".to_owned())
        );
    }
}
