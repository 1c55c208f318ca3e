//! What one element of a statement names: the texts of a pattern, except those of others.

use std::fmt;

use super::budget::Budget;
use super::pattern::Pattern;

/// A set of texts. Exceptions come from `NotAction` and its like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Region {
    pub(super) include: Pattern,
    pub(super) except: Vec<Pattern>,
}

impl Region {
    pub(super) fn any() -> Self {
        Self::from(Pattern::any())
    }

    pub(super) fn all_except(mut except: Vec<Pattern>) -> Self {
        except.sort();
        except.dedup();
        Self {
            include: Pattern::any(),
            except,
        }
    }

    /// Whether each text of the other is surely one of this one's.
    pub(super) fn covers(&self, other: &Self, budget: &Budget) -> bool {
        self.include.covers(&other.include, budget)
            && (self.except.iter()).all(|out| {
                other.except.iter().any(|also| also.covers(out, budget))
                    || !out.may_meet(&other.include, budget)
            })
    }

    /// Whether an exception surely takes everything away.
    pub(super) fn is_empty(&self, budget: &Budget) -> bool {
        (self.except.iter()).any(|out| out.covers(&self.include, budget))
    }

    /// A larger region, without the exceptions that are one text each.
    pub(super) fn without_single_exceptions(&self) -> Self {
        let mut larger = self.clone();
        larger.except.retain(|out| !out.is_one());
        larger
    }

    /// Whether a text may be of both.
    pub(super) fn may_meet(&self, other: &Self, budget: &Budget) -> bool {
        let excludes = |one: &Self, include: &Pattern| {
            one.except.iter().any(|out| out.covers(include, budget))
        };
        self.include.may_meet(&other.include, budget)
            && !excludes(self, &other.include)
            && !excludes(other, &self.include)
    }

    /// Whether a text without wildcards is one of these, unknown parts being equal to themselves only.
    pub(super) fn contains(&self, text: &Pattern, budget: &Budget) -> bool {
        self.include.covers(text, budget) && !self.except.iter().any(|out| out.covers(text, budget))
    }

    /// What it shares with another, where that is one region at most; nothing when it is more, or not certain.
    pub(super) fn shared(&self, other: &Self, budget: &Budget) -> Option<Vec<Self>> {
        let include = if self.include.covers(&other.include, budget) {
            &other.include
        } else if other.include.covers(&self.include, budget) {
            &self.include
        } else {
            return (!self.may_meet(other, budget)).then(Vec::new);
        };
        let mut shared = Self {
            include: include.clone(),
            except: [self.except.as_slice(), &other.except].concat(),
        };
        shared.except.sort();
        shared.except.dedup();
        Some(vec![shared])
    }

    /// What is left of it without another, as far as that is a list of regions; nothing when it is not.
    pub(super) fn without(&self, other: &Self, budget: &Budget) -> Option<Vec<Self>> {
        if other.except.is_empty() {
            let mut left = self.clone();
            left.except.push(other.include.clone());
            left.except.sort();
            left.except.dedup();
            return Some(vec![left]);
        }
        if !other.include.covers(&self.include, budget) {
            return None;
        }
        let mut left = Vec::new();
        for kept in &other.except {
            if self.include.covers(kept, budget) {
                left.push(Self {
                    include: kept.clone(),
                    except: self.except.clone(),
                });
            } else if kept.covers(&self.include, budget) {
                left.push(self.clone());
            } else if kept.may_meet(&self.include, budget) {
                return None;
            }
        }
        Some(left)
    }
}

impl From<Pattern> for Region {
    fn from(include: Pattern) -> Self {
        Self {
            include,
            except: Vec::new(),
        }
    }
}

/// For people: `s3:*` except `s3:GetObject`.
impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.include)?;
        for (number, out) in self.except.iter().enumerate() {
            let before = if number == 0 { " except" } else { "," };
            write!(formatter, "{before} `{out}`")?;
        }
        Ok(())
    }
}
