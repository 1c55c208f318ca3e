//! One of several ways.

use std::panic::Location;

use serde::Serialize;
use shared::Variants;

use crate::ir::{Arm, Kind};
use crate::{Expr, Flow};

/// A choice before its first condition.
#[derive(Debug)]
#[must_use = "a choice needs conditions: go on with `when`"]
pub struct Choose<'f, 's, 'o> {
    flow: &'f mut Flow<'s, 'o>,
    name: String,
    location: &'static Location<'static>,
}

/// A choice between ways that amount to an `R` each.
#[derive(Debug)]
#[must_use = "a choice needs a way for what no condition fits: end with `otherwise`"]
pub struct Ways<'f, 's, 'o, R> {
    choice: Choose<'f, 's, 'o>,
    arms: Vec<Arm>,
    of: std::marker::PhantomData<fn() -> R>,
}

impl<'f, 's, 'o> Choose<'f, 's, 'o> {
    #[track_caller]
    pub(crate) fn new(flow: &'f mut Flow<'s, 'o>, name: &str) -> Self {
        Self {
            flow,
            name: name.to_owned(),
            location: Location::caller(),
        }
    }

    /// The way when a condition holds.
    pub fn when<R>(
        self,
        condition: Expr<'s, bool>,
        way: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, R>,
    ) -> Ways<'f, 's, 'o, R> {
        let ways = Ways {
            choice: self,
            arms: Vec::new(),
            of: std::marker::PhantomData,
        };
        ways.when(condition, way)
    }
}

impl<'s, R> Ways<'_, 's, '_, R> {
    /// The way when this condition holds and none before.
    pub fn when(
        mut self,
        condition: Expr<'s, bool>,
        way: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, R>,
    ) -> Self {
        self.arms.push(Arm {
            condition: condition.node,
            block: self.choice.flow.same_scope(way),
        });
        self
    }

    /// The way when no condition holds. Gives what the way that was gone amounts to.
    pub fn otherwise(
        self,
        way: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, R>,
    ) -> Expr<'s, R> {
        let otherwise = Some(self.choice.flow.same_scope(way));
        let kind = Kind::Choice {
            arms: self.arms,
            otherwise,
        };
        let Choose {
            flow,
            name,
            location,
        } = self.choice;
        flow.push_at(&name, kind, location)
    }
}

#[track_caller]
pub(crate) fn choose_by<'s, T: Variants + Serialize, R>(
    flow: &mut Flow<'s, '_>,
    name: &str,
    value: Expr<'s, T>,
    mut way: impl for<'i> FnMut(&mut Flow<'i, 's>, T) -> Expr<'i, R>,
) -> Expr<'s, R> {
    let location = Location::caller();
    let mut arms = Vec::new();
    for variant in T::ALL {
        arms.push(Arm {
            condition: value.equals(*variant).node,
            block: flow.same_scope(|flow| way(flow, *variant)),
        });
    }
    // Exhaustive by type; a value that is none of them comes from a function that was deployed with another contract.
    let otherwise = Some(flow.same_scope(|flow| {
        let step = format!("{name} None of these");
        flow.fail::<R>(&step, "UnexpectedValue", value.cast::<String>())
    }));
    flow.push_at(name, Kind::Choice { arms, otherwise }, location)
}
