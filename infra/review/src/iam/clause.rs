//! Conditions, one key at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::budget::Budget;
use super::operator::{Family, Operator};
use super::pattern::{self, Pattern};
use crate::meaning::{ConditionMeaning, Meaning};

/// What a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Whether a condition of the template holds: a statement under `Fn::If`, or of a resource with a `Condition`.
    Deployment(ConditionMeaning),
    /// A key of the request, in small letters.
    Request(String),
    /// A condition that is not understood.
    Opaque(Meaning),
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deployment(condition) => formatter.write_str(&condition.name),
            Self::Request(key) => formatter.write_str(key),
            Self::Opaque(meaning) => meaning.fmt(formatter),
        }
    }
}

/// The values of a request's keys; a key that is not there is absent.
pub(super) type Context = BTreeMap<Key, Pattern>;

/// One operator on one key. The clauses of a statement must all hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clause {
    pub(super) key: Key,
    pub(super) operator: Operator,
    pub(super) values: BTreeSet<Pattern>,
}

impl Clause {
    /// That a condition of the template holds, or does not.
    pub(super) fn deployed(condition: ConditionMeaning, holds: bool) -> Self {
        Self {
            key: Key::Deployment(condition),
            operator: Operator::equals(),
            values: BTreeSet::from([Pattern::literal(&holds.to_string())]),
        }
    }

    /// A condition of which nothing is known but that it equals itself.
    pub(super) fn opaque(meaning: Meaning) -> Self {
        Self {
            key: Key::Opaque(meaning),
            operator: Operator::read(""),
            values: BTreeSet::new(),
        }
    }

    /// Whether the other one surely holds wherever this one does.
    pub(super) fn implies(&self, other: &Self, budget: &Budget) -> bool {
        if self == other {
            return true;
        }
        let (mine, yours) = (&self.operator, &other.operator);
        if self.key != other.key
            || mine.quantifier != yours.quantifier
            || mine.negated != yours.negated
            || mine.holds_if_absent && !yours.holds_if_absent
        {
            return false;
        }
        let within = |inner: &BTreeSet<Pattern>, outer: &BTreeSet<Pattern>, family: &Family| {
            (inner.iter()).all(|value| outer.iter().any(|by| takes(family, by, value, budget)))
        };
        if mine.negated {
            return is_wider(&yours.family, &mine.family)
                && within(&other.values, &self.values, &mine.family);
        }
        is_wider(&mine.family, &yours.family) && within(&self.values, &other.values, &yours.family)
    }

    /// Whether it holds of a request; nothing when that is not known.
    pub(super) fn holds(&self, context: &Context, budget: &Budget) -> Option<bool> {
        let value = context.get(&self.key);
        match (&self.key, &self.operator.family) {
            (Key::Opaque(_), _) | (_, Family::Unknown(_)) => return None,
            (Key::Deployment(_), _) if value.is_none() => return None,
            (_, Family::Presence) => {
                let wanted = self.truth()?;
                return Some(wanted == value.is_none());
            }
            _ => {}
        }
        let Some(value) = value else {
            return Some(self.operator.holds_if_absent);
        };
        let mut values = self.values.iter();
        let is_met = match &self.operator.family {
            Family::Order(_) => return None,
            Family::Equality(_) if !self.values.contains(value) => return None,
            family => values.any(|by| takes(family, by, value, budget)),
        };
        Some(is_met != self.operator.negated)
    }

    /// Sets the context so that the clause holds; false when it does not know how.
    pub(super) fn satisfy(&self, context: &mut Context) -> bool {
        let wants_value = match self.operator.family {
            Family::Unknown(_) | Family::Order(_) => return false,
            Family::Presence => self.truth() == Some(false),
            _ => !(self.operator.negated && self.operator.holds_if_absent),
        };
        if !wants_value {
            return true;
        }
        let first = self.values.first().filter(|_| !self.operator.negated);
        let value = match (&self.operator.family, first) {
            (Family::Presence, _) | (_, None) => Pattern::literal("example"),
            (_, Some(first)) => first.sample("example"),
        };
        context.entry(self.key.clone()).or_insert(value);
        true
    }

    /// Values of the key that may break it; nothing stands for a request without the key.
    pub(super) fn breaking(&self) -> Vec<Option<Pattern>> {
        let mut values: Vec<_> = self
            .values
            .iter()
            .take(8)
            .map(|value| Some(value.sample("example")))
            .collect();
        let texts: &[&str] = match self.operator.family {
            Family::Truth => &["true", "false"],
            _ => &["example", "~"],
        };
        values.extend(texts.iter().map(|text| Some(Pattern::literal(text))));
        values.insert(0, None);
        values
    }

    /// A text that only equal clauses have; the names of conditions are no part of it.
    pub(super) fn identity(&self) -> String {
        let key = match &self.key {
            Key::Deployment(condition) => format!("{:?}", condition.digest),
            other => format!("{other:?}"),
        };
        format!("{key}{:?}{:?}", self.operator, self.values)
    }

    fn truth(&self) -> Option<bool> {
        let [true_, false_] = ["true", "false"].map(Pattern::literal);
        match self.values.first()? {
            _ if self.values.len() > 1 => None,
            value if *value == true_ => Some(true),
            value if *value == false_ => Some(false),
            _ => None,
        }
    }
}

/// Whether texts are compared the same way, or by a pattern instead of letter by letter.
fn is_wider(family: &Family, by: &Family) -> bool {
    match (family, by) {
        (Family::Presence | Family::Unknown(_), _) => false,
        (Family::Text, Family::Pattern) => true,
        _ => family == by,
    }
}

fn takes(family: &Family, by: &Pattern, value: &Pattern, budget: &Budget) -> bool {
    if by == value {
        return true;
    }
    match family {
        Family::Text | Family::Pattern | Family::Truth => by.covers(value, budget),
        // A wildcard does not go beyond its own part of an ARN.
        Family::Arn => {
            let count = |pattern: &Pattern| pattern.segments(6).count() == 6;
            count(by)
                && count(value)
                && (by.segments(6).zip(value.segments(6)))
                    .all(|(by, value)| pattern::covers(by, value, budget))
        }
        _ => false,
    }
}
