//! The same steps until a condition holds.

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use crate::ir::{self, Block, Kind};
use crate::node::{Node, Root};
use crate::{Expr, Flow};

/// A loop, before its steps are described.
#[derive(Debug)]
#[must_use = "a loop needs steps: go on with `steps`"]
pub struct Repeat<'f, 's, 'o> {
    flow: &'f mut Flow<'s, 'o>,
    name: String,
    pause: Duration,
    at_most: u32,
    location: &'static Location<'static>,
}

/// A loop whose steps amount to an `R` each time.
#[derive(Debug)]
#[must_use = "a loop needs an end: go on with `until`"]
pub struct Repeated<'f, 's, 'o, R> {
    repeat: Repeat<'f, 's, 'o>,
    body: Block,
    of: PhantomData<fn() -> R>,
}

impl<'f, 's, 'o> Repeat<'f, 's, 'o> {
    #[track_caller]
    pub(crate) fn new(
        flow: &'f mut Flow<'s, 'o>,
        name: &str,
        pause: Duration,
        at_most: u32,
    ) -> Self {
        let location = Location::caller();
        flow.check_seconds(pause, location);
        if at_most == 0 {
            let message = format!("loop `{name}` is run 0 times: allow at least one");
            flow.store.problem(location, message);
        }
        Self {
            flow,
            name: name.to_owned(),
            pause,
            at_most,
            location,
        }
    }

    /// The steps, run at least once.
    pub fn steps<R>(
        self,
        steps: impl for<'i> FnOnce(&mut Flow<'i, 's>) -> Expr<'i, R>,
    ) -> Repeated<'f, 's, 'o, R> {
        let body = self.flow.same_scope(steps);
        if body.steps.is_empty() {
            let message = format!(
                "loop `{}` has no steps: nothing would change between two rounds",
                self.name
            );
            self.flow.store.problem(self.location, message);
        }
        Repeated {
            repeat: self,
            body,
            of: PhantomData,
        }
    }
}

impl<'s, R> Repeated<'_, 's, '_, R> {
    /// Ends the loop when a condition on what the steps amount to holds, and gives that. When it does not hold after the last
    /// round, the flow fails with the error `<name>.Exhausted`.
    pub fn until(self, condition: impl FnOnce(Expr<'s, R>) -> Expr<'s, bool>) -> Expr<'s, R> {
        let Repeat {
            flow,
            name,
            pause,
            at_most,
            location,
        } = self.repeat;
        let result = flow.store.variable(&name);
        let value = Expr::add(flow.store, Node::Root(Root::Variable(result)));
        let repeat = ir::Repeat {
            body: self.body,
            until: condition(value).node,
            counter: flow.store.variable(&format!("{name} rounds")),
            pause,
            at_most,
        };
        flow.push_at(&name, Kind::Repeat(Box::new(repeat)), location)
    }
}
