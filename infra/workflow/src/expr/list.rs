//! Lists.
//!
//! JSONata's functions return a sequence, which is no list when it has one item and nothing when it has none; brackets around
//! it make it a list again. They would also take apart a list of lists, which is refused.

use std::panic::Location;

use super::{Expr, Number, Operand};
use crate::node::{Node, NodeId, Root, operator};

impl<'s, T> Expr<'s, Vec<T>> {
    /// The number of items.
    pub fn count(self) -> Expr<'s, u64> {
        self.call("$count", &[])
    }

    /// Whether there is no item.
    pub fn is_empty(self) -> Expr<'s, bool> {
        self.count().equals(0)
    }

    /// The item at an index, counted from 0; a negative one counts from the end.
    #[track_caller]
    pub fn at(self, index: impl Operand<'s, i64>) -> Expr<'s, Option<T>> {
        let index = index.into_expr(self.scope()).node;
        let of = self.node;
        Expr::add(self.store, Node::Item { of, index })
    }

    /// The first item.
    pub fn first(self) -> Expr<'s, Option<T>> {
        self.at(0)
    }

    /// The last item.
    pub fn last(self) -> Expr<'s, Option<T>> {
        self.at(-1)
    }

    /// Whether one of the items is this value.
    #[track_caller]
    pub fn includes(self, item: impl Operand<'s, T>) -> Expr<'s, bool> {
        let item = item.into_expr(self.scope());
        item.binary(&operator::IN, self)
    }

    /// What becomes of each item.
    #[track_caller]
    pub fn each<U>(self, change: impl FnOnce(Expr<'s, T>) -> Expr<'s, U>) -> Expr<'s, Vec<U>> {
        self.refuse_lists::<U>(Location::caller());
        let function = self.function(change);
        self.collect("$map", function)
    }

    /// The items for which a condition holds.
    #[must_use]
    #[track_caller]
    pub fn filter(self, condition: impl FnOnce(Expr<'s, T>) -> Expr<'s, bool>) -> Self {
        self.refuse_lists::<T>(Location::caller());
        let function = self.function(condition);
        self.collect("$filter", function)
    }

    /// The items of both lists.
    #[must_use]
    #[track_caller]
    pub fn chain(self, other: impl Operand<'s, Vec<T>>) -> Self {
        self.refuse_lists::<T>(Location::caller());
        let other = other.into_expr(self.scope()).node;
        let chained: Self = self.call("$append", &[other]);
        Expr::add(self.store, Node::Collected(chained.node))
    }

    fn function<U>(self, body: impl FnOnce(Expr<'s, T>) -> Expr<'s, U>) -> NodeId {
        let parameter = self.store.parameter();
        let item = Expr::add(self.store, Node::Root(Root::Parameter(parameter)));
        let body = body(item).node;
        self.store.add(Node::Function { parameter, body })
    }

    fn collect<U>(self, call: &'static str, function: NodeId) -> Expr<'s, Vec<U>> {
        let sequence: Self = self.call(call, &[function]);
        Expr::add(self.store, Node::Collected(sequence.node))
    }

    fn refuse_lists<U>(self, location: &'static Location<'static>) {
        if std::any::type_name::<U>().starts_with("alloc::vec::Vec<") {
            let message = "JSONata takes a list of lists apart when it has one item: put the inner list into a struct";
            self.store.problem(location, message.to_owned());
        }
    }
}

impl<'s, N: Number> Expr<'s, Vec<N>> {
    /// The sum of the items, 0 for none.
    pub fn sum(self) -> Expr<'s, N> {
        self.call("$sum", &[])
    }
}
