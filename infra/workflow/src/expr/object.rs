//! Operations on objects.

use std::panic::Location;

use super::{Expr, Operand};
use crate::node::Node;

impl<'s, T> Expr<'s, T> {
    /// The same object with another value in one of its fields: `order.with(order.note, text.some())`.
    #[must_use]
    #[track_caller]
    pub fn with<V>(self, field: Expr<'s, V>, value: impl Operand<'s, V>) -> Self {
        let value = value.into_expr(self.scope()).node;
        let Some(name) = self.name_of(field) else {
            let message =
                "`with` sets a field of the object itself: write `x.with(x.field, value)`";
            self.store.problem(Location::caller(), message.to_owned());
            return self;
        };
        let change = self.store.add(Node::Object(vec![(name, value)]));
        let both = self.store.add(Node::List(vec![self.node, change]));
        Expr::<T>::new(self.store, both).call("$merge", &[])
    }

    /// The name of a field that was read off this very expression.
    fn name_of<V>(self, field: Expr<'s, V>) -> Option<String> {
        match self.store.node(field.node) {
            Node::Field { of, name, .. } if of == self.node => Some(name),
            _ => None,
        }
    }
}
