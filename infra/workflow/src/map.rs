//! The same steps for every item of a list.

mod distributed;

use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;

use serde_json::{Map as Json, json};

pub use distributed::{
    Batch, BatchFields, DistributedMap, MapRun, MapRunFields, WrittenTo, WrittenToFields,
};

use crate::attempt::Attempt;
use crate::error_name::{Retry, StatesError};
use crate::ir::{Handling, Kind, MapStep, Source};
use crate::node::{Node, NodeId, Root, VariableId};
use crate::{Expr, Flow, Scope};

/// A map over items of type `T`, before its steps are described.
#[derive(Debug)]
#[must_use = "a map needs steps: end with `each`"]
pub struct Map<'f, 's, 'o, T> {
    flow: &'f mut Flow<'s, 'o>,
    name: String,
    items: NodeId,
    selector: Option<NodeId>,
    max_concurrency: Option<u32>,
    handling: Handling,
    location: &'static Location<'static>,
    of: PhantomData<fn() -> T>,
}

/// An item of a map, where its iteration's input is selected.
#[derive(Debug)]
pub struct Item<'i, 'o: 'i, T> {
    scope: Scope<'i>,
    outer: PhantomData<&'o ()>,
    of: PhantomData<fn() -> T>,
}

impl<'i, T> Item<'i, '_, T> {
    fn new(scope: Scope<'i>) -> Self {
        Self {
            scope,
            outer: PhantomData,
            of: PhantomData,
        }
    }

    /// The item.
    pub fn value(&self) -> Expr<'i, T> {
        self.scope.context("Map.Item.Value")
    }

    /// Its place in the list, counted from 0.
    pub fn index(&self) -> Expr<'i, u64> {
        self.scope.context("Map.Item.Index")
    }
}

impl<'i, T> Deref for Item<'i, '_, T> {
    type Target = Scope<'i>;

    fn deref(&self) -> &Self::Target {
        &self.scope
    }
}

impl<'f, 's, 'o, T> Map<'f, 's, 'o, T> {
    #[track_caller]
    pub(crate) fn new(flow: &'f mut Flow<'s, 'o>, name: &str, items: Expr<'s, Vec<T>>) -> Self {
        Self {
            flow,
            name: name.to_owned(),
            items: items.node,
            selector: None,
            max_concurrency: None,
            handling: Handling::default(),
            location: Location::caller(),
            of: PhantomData,
        }
    }

    /// Works on so many items at once; on up to 40 unless given.
    pub fn max_concurrency(mut self, items: u32) -> Self {
        self.max_concurrency = Some(items);
        self
    }

    /// Does all items again when one ends with an error.
    pub fn retry(mut self, retry: Retry<StatesError>) -> Self {
        self.handling.retry.push(retry.into_rule());
        self
    }

    /// What the steps are given instead of the item alone.
    pub fn select<U>(
        self,
        selector: impl for<'i> FnOnce(&Item<'i, 's, T>) -> Expr<'i, U>,
    ) -> Map<'f, 's, 'o, U> {
        let selected = selector(&Item::new(self.flow.as_scope())).node;
        Map {
            selector: Some(selected),
            flow: self.flow,
            name: self.name,
            items: self.items,
            max_concurrency: self.max_concurrency,
            handling: self.handling,
            location: self.location,
            of: PhantomData,
        }
    }

    /// Runs these steps for every item; gives what each amounts to, in the order of the items. They read what was there before
    /// the map.
    pub fn each<R>(
        self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> Expr<'s, Vec<R>> {
        self.push(body).1
    }

    /// Runs these steps for every item; when one fails, that is dealt with.
    pub fn try_each<R>(
        self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> Attempt<'f, 's, 'o, Vec<R>, StatesError> {
        let (flow, value) = self.push(body);
        Attempt::new(flow, value)
    }

    fn push<R>(
        self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 's>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> (&'f mut Flow<'s, 'o>, Expr<'s, Vec<R>>) {
        let item = self.flow.store.variable(&item_variable(&self.name));
        let body = self.flow.inner_scope(|flow| {
            let item = item_expr(flow, item);
            body(flow, item)
        });
        let settings = self
            .max_concurrency
            .map(|most| ("MaxConcurrency".to_owned(), json!(most)));
        let map = MapStep {
            source: Source::Items(self.items),
            selector: self.selector,
            settings: settings.into_iter().collect(),
            computed: Vec::new(),
            processor: Json::from_iter([("Mode".to_owned(), json!("INLINE"))]),
            item,
            body,
            handling: self.handling,
        };
        let kind = Kind::Map(Box::new(map));
        let value = self.flow.push_at(&self.name, kind, self.location);
        (self.flow, value)
    }
}

fn item_variable(map: &str) -> String {
    format!("{map} item")
}

fn item_expr<'i, T>(flow: &Flow<'i, '_>, item: VariableId) -> Expr<'i, T> {
    Expr::add(flow.store, Node::Root(Root::Variable(item)))
}
