//! Typed expressions: JSONata that the Rust compiler checks.

mod boolean;
mod list;
mod number;
mod object;
mod operand;
mod option;
mod text;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use shared::{FieldMaker, FieldVisitor, Fields, FieldsOf, Presence, Projection};

pub use number::Number;
pub use operand::Operand;

use crate::Scope;
use crate::node::{Node, NodeId, Operator, operator};
use crate::store::Store;

/// An expression of type `T`, readable as long as the scope `'s` is being described.
///
/// Its fields are expressions, too: `report.rows` of an `Expr<CompactReport>` is an `Expr<u64>`. Values of an inner scope (an
/// iteration, a branch) cannot be used outside it; those of outer scopes can be used inside, but for distributed maps.
/// Expressions are small and copied freely.
pub struct Expr<'s, T> {
    pub(crate) store: &'s Store,
    pub(crate) node: NodeId,
    of: PhantomData<fn() -> T>,
}

/// The projection that makes an expression of every field; see [`Scope::object`].
#[derive(Debug)]
pub struct Built<'s>(PhantomData<&'s ()>);

impl<'s> Projection for Built<'s> {
    type Of<T> = Expr<'s, T>;
}

impl<T> Clone for Expr<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Expr<'_, T> {}

impl<T> fmt::Debug for Expr<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.node(self.node).fmt(formatter)
    }
}

impl<'s, T: Fields> Deref for Expr<'s, T> {
    type Target = T::Fields<Built<'s>>;

    fn deref(&self) -> &Self::Target {
        let Self { store, node, .. } = *self;
        store.keep(T::project(&Reader { store, node }))
    }
}

impl<'s, T> Expr<'s, T> {
    pub(crate) fn new(store: &'s Store, node: NodeId) -> Self {
        Self {
            store,
            node,
            of: PhantomData,
        }
    }

    pub(crate) fn add(store: &'s Store, node: Node) -> Self {
        Self::new(store, store.add(node))
    }

    /// What makes expressions, for closures that have no flow at hand.
    pub fn scope(self) -> Scope<'s> {
        Scope { store: self.store }
    }

    /// The same value, its type forgotten.
    pub fn untyped(self) -> Expr<'s, serde_json::Value> {
        self.cast()
    }

    /// The same value, which is there for certain.
    pub fn some(self) -> Expr<'s, Option<T>> {
        self.cast()
    }

    /// Whether both are the same value.
    #[track_caller]
    pub fn equals(self, other: impl Operand<'s, T>) -> Expr<'s, bool> {
        self.binary(&operator::EQUAL, other)
    }

    /// Whether they are different values.
    #[track_caller]
    pub fn differs(self, other: impl Operand<'s, T>) -> Expr<'s, bool> {
        self.binary(&operator::UNEQUAL, other)
    }

    pub(crate) fn cast<U>(self) -> Expr<'s, U> {
        Expr::new(self.store, self.node)
    }

    #[track_caller]
    pub(crate) fn binary<O, U>(
        self,
        operator: &'static Operator,
        right: impl Operand<'s, O>,
    ) -> Expr<'s, U> {
        let right = right.into_expr(self.scope()).node;
        let left = self.node;
        let node = Node::Binary {
            left,
            operator,
            right,
        };
        Expr::add(self.store, node)
    }

    pub(crate) fn call<U>(self, function: &'static str, others: &[NodeId]) -> Expr<'s, U> {
        let arguments = std::iter::once(self.node).chain(others.iter().copied());
        let arguments = arguments.collect();
        let node = Node::Call {
            function,
            arguments,
        };
        Expr::add(self.store, node)
    }
}

/// Makes the fields of an expression.
pub(crate) struct Reader<'s> {
    pub(crate) store: &'s Store,
    pub(crate) node: NodeId,
}

impl<'s> FieldMaker<Built<'s>> for Reader<'s> {
    fn field<T>(&self, name: &'static str, presence: Presence) -> Expr<'s, T> {
        let node = Node::Field {
            of: self.node,
            name: name.to_owned(),
            presence,
        };
        Expr::add(self.store, node)
    }
}

/// Collects the fields of an object.
#[derive(Default)]
pub(crate) struct Members(pub(crate) Vec<(String, NodeId)>);

impl<'s> FieldVisitor<Built<'s>> for Members {
    fn field<T>(&mut self, name: &'static str, field: &Expr<'s, T>) {
        self.0.push((name.to_owned(), field.node));
    }
}

impl Members {
    pub(crate) fn of<'s>(fields: &impl FieldsOf<Built<'s>>) -> Vec<(String, NodeId)> {
        let mut members = Self::default();
        fields.visit(&mut members);
        members.0
    }
}
