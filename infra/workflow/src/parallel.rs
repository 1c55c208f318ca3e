//! Several things at once.

use std::marker::PhantomData;
use std::panic::Location;

use crate::attempt::Attempt;
use crate::error_name::{Retry, StatesError};
use crate::ir::{Block, Handling, Kind};
use crate::node::Node;
use crate::{Expr, Flow};

/// Branches that run at once and amount to the members of the tuple `R`.
#[derive(Debug)]
#[must_use = "branches are run once they are joined: end with `join`"]
pub struct Parallel<'f, 's, 'o, R> {
    flow: &'f mut Flow<'s, 'o>,
    name: String,
    branches: Vec<Block>,
    handling: Handling,
    location: &'static Location<'static>,
    of: PhantomData<fn() -> R>,
}

impl<'f, 's, 'o> Parallel<'f, 's, 'o, ()> {
    #[track_caller]
    pub(crate) fn new(flow: &'f mut Flow<'s, 'o>, name: &str) -> Self {
        Self {
            flow,
            name: name.to_owned(),
            branches: Vec::new(),
            handling: Handling::default(),
            location: Location::caller(),
            of: PhantomData,
        }
    }
}

impl<'f, 's, 'o, R> Parallel<'f, 's, 'o, R> {
    /// Does all branches again when one ends with an error.
    pub fn retry(mut self, retry: Retry<StatesError>) -> Self {
        self.handling.retry.push(retry.into_rule());
        self
    }

    fn with<A, S>(
        mut self,
        branch: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, A>,
    ) -> Parallel<'f, 's, 'o, S> {
        self.branches.push(self.flow.inner_scope(branch));
        Parallel {
            flow: self.flow,
            name: self.name,
            branches: self.branches,
            handling: self.handling,
            location: self.location,
            of: PhantomData,
        }
    }

    fn push(self) -> (&'f mut Flow<'s, 'o>, Expr<'s, R>) {
        let kind = Kind::Parallel {
            branches: self.branches,
            handling: self.handling,
        };
        let value = self.flow.push_at(&self.name, kind, self.location);
        (self.flow, value)
    }

    /// Ends the branches; when one fails, that is dealt with. The results are a tuple, see [`Expr::parts`].
    pub fn try_join(self) -> Attempt<'f, 's, 'o, R, StatesError> {
        let (flow, value) = self.push();
        Attempt::new(flow, value)
    }
}

macro_rules! tuples {
    ($(($($member:ident $index:literal),*) + $next:ident;)*) => {$(
        impl<'f, 's, 'o, $($member),*> Parallel<'f, 's, 'o, ($($member,)*)> {
            /// Adds a branch. It reads what was there before, and nothing of the other branches.
            pub fn branch<$next>(
                self,
                branch: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, $next>,
            ) -> Parallel<'f, 's, 'o, ($($member,)* $next,)> {
                self.with(branch)
            }
        }

        impl<'s, $($member,)* $next> Expr<'s, ($($member,)* $next,)> {
            /// The members of a tuple.
            pub fn parts(self) -> ($(Expr<'s, $member>,)* Expr<'s, $next>,) {
                ($(self.part($index),)* self.part(const { 0 $(+ 1 + 0 * $index)* }),)
            }
        }

        impl<'s, $($member,)* $next> Parallel<'_, 's, '_, ($($member,)* $next,)> {
            /// Waits for all branches and gives what each amounts to.
            pub fn join(self) -> ($(Expr<'s, $member>,)* Expr<'s, $next>,) {
                self.push().1.parts()
            }
        }
    )*};
}
tuples! {
    () + A;
    (A 0) + B;
    (A 0, B 1) + C;
    (A 0, B 1, C 2) + D;
    (A 0, B 1, C 2, D 3) + E;
    (A 0, B 1, C 2, D 3, E 4) + F;
}

impl<'s, T> Expr<'s, T> {
    fn part<U>(self, index: u64) -> Expr<'s, U> {
        let index = self.scope().value(index).node;
        let of = self.node;
        let item: Expr<'s, U> = Expr::add(self.store, Node::Item { of, index });
        Expr::add(self.store, Node::Assured(item.node))
    }
}
