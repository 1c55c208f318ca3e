//! How two values of a property are compared by what they cost.

use std::cmp::Ordering;

use super::instance;
use super::model::Direction;
use crate::meaning::Meaning;

/// What makes a value cost more than another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measure {
    /// A greater number costs more; without one it is this.
    More(f64),
    /// A greater number costs more, or lets more be spent; without one there is no limit.
    Limit,
    /// A greater number costs more; what it is without one depends on other properties.
    Count,
    /// `true` costs more.
    Switch,
    /// To have it costs less.
    Saves,
    /// A greater size of the same family of instances costs more.
    Instance,
    /// It depends on the use.
    Either,
}

impl Measure {
    /// Whether the new value costs more.
    pub(super) fn direction(self, old: Option<&Meaning>, new: Option<&Meaning>) -> Direction {
        if let (
            Some(Meaning::Choice(old_if, old_then, old_else)),
            Some(Meaning::Choice(new_if, new_then, new_else)),
        ) = (old, new)
            && old_if == new_if
        {
            let then = self.ordering(Some(old_then), Some(new_then));
            let otherwise = self.ordering(Some(old_else), Some(new_else));
            return both(then, otherwise);
        }
        both(self.ordering(old, new), Some(Ordering::Equal))
    }

    /// How much the new value costs against the old one; nothing where that is not known.
    fn ordering(self, old: Option<&Meaning>, new: Option<&Meaning>) -> Option<Ordering> {
        if old == new {
            return Some(Ordering::Equal);
        }
        match self {
            Self::More(default) => by_number(old, new, Some(default)),
            Self::Limit => by_number(old, new, Some(f64::INFINITY)),
            Self::Count => by_number(old, new, None),
            Self::Switch => Some(truth(new)?.cmp(&truth(old)?)),
            Self::Saves => match (is_there(old), is_there(new)) {
                (true, false) => Some(Ordering::Greater),
                (false, true) => Some(Ordering::Less),
                _ => None,
            },
            Self::Instance => instance::ordering(text(old?)?, text(new?)?),
            Self::Either => None,
        }
    }
}

fn both(one: Option<Ordering>, other: Option<Ordering>) -> Direction {
    match (one, other) {
        (Some(Ordering::Greater), Some(Ordering::Greater | Ordering::Equal))
        | (Some(Ordering::Equal), Some(Ordering::Greater)) => Direction::Up,
        (Some(Ordering::Less), Some(Ordering::Less | Ordering::Equal))
        | (Some(Ordering::Equal), Some(Ordering::Less)) => Direction::Down,
        _ => Direction::Unknown,
    }
}

fn by_number(
    old: Option<&Meaning>,
    new: Option<&Meaning>,
    default: Option<f64>,
) -> Option<Ordering> {
    let number = |meaning: Option<&Meaning>| match meaning {
        None | Some(Meaning::Absent) => default,
        Some(meaning) => text(meaning)?.trim().parse().ok(),
    };
    number(new)?.partial_cmp(&number(old)?)
}

/// A switch that is not there is off.
fn truth(meaning: Option<&Meaning>) -> Option<bool> {
    match meaning {
        None | Some(Meaning::Absent) => Some(false),
        Some(meaning) => text(meaning)?.parse().ok(),
    }
}

fn is_there(meaning: Option<&Meaning>) -> bool {
    !matches!(meaning, None | Some(Meaning::Absent))
}

fn text(meaning: &Meaning) -> Option<&str> {
    meaning.by_default().as_text()
}
