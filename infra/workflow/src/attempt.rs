//! Steps whose errors are dealt with.

use std::marker::PhantomData;

use crate::error_name::{ErrorOf, ErrorOutput, StatesError};
use crate::ir::Handling;
use crate::{Expr, Flow};

/// A step that results in an `R` or fails with an `F`, and what is done then.
#[derive(Debug)]
#[must_use = "the result of an attempt is its `value`"]
pub struct Attempt<'f, 's, 'o, R, F> {
    flow: &'f mut Flow<'s, 'o>,
    value: Expr<'s, R>,
    of: PhantomData<fn() -> F>,
}

impl<'f, 's, 'o, R, F> Attempt<'f, 's, 'o, R, F> {
    pub(crate) fn new(flow: &'f mut Flow<'s, 'o>, value: Expr<'s, R>) -> Self {
        Self {
            flow,
            value,
            of: PhantomData,
        }
    }

    /// Goes on with these steps when the step ends with one of these errors and no retry is left. What the steps amount to
    /// takes the place of the result.
    pub fn catch<E: ErrorOf<F>, const N: usize>(
        self,
        errors: [E; N],
        handler: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, ErrorOutput>) -> Expr<'i, R>,
    ) -> Self {
        let names = errors
            .into_iter()
            .map(|error| error.error_name().to_owned());
        self.handle(names.collect(), handler)
    }

    /// Goes on with these steps on any error that was not caught before.
    pub fn catch_all(
        self,
        handler: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, ErrorOutput>) -> Expr<'i, R>,
    ) -> Self {
        let all = ErrorOf::<F>::error_name(&StatesError::All);
        self.handle(vec![all.to_owned()], handler)
    }

    /// What the step results in, or what its errors were turned into.
    pub fn value(self) -> Expr<'s, R> {
        self.value
    }

    fn handle(
        self,
        errors: Vec<String>,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, ErrorOutput>) -> Expr<'i, R>,
    ) -> Self {
        let Some(step) = self.flow.last_step() else {
            return self;
        };
        let name = step.name.clone();
        let known = step
            .kind
            .handling_mut()
            .map_or(0, |handling| handling.catch.len());
        let handler = self.flow.handler(&name, errors, known, body);
        let step = self.flow.last_step();
        let handling = step.and_then(|step| step.kind.handling_mut());
        if let Some(Handling { catch, .. }) = handling {
            catch.push(handler);
        }
        self
    }
}
