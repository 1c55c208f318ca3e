//! Maps whose iterations are executions of their own.

use std::marker::PhantomData;
use std::panic::Location;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map as Json, Value, json};
use shared::{FieldMaker, FieldVisitor, Fields, FieldsOf, Presence, Projection};

use super::{Item, item_expr, item_variable};
use crate::attempt::Attempt;
use crate::error_name::{Retry, StatesError};
use crate::ir::{Handling, Kind, MapStep, Source};
use crate::node::{Node, NodeId};
use crate::permission::{Permission, Target};
use crate::reader::{ItemReader, Objects};
use crate::{Expr, Flow, Nothing, Operand};

/// A distributed map over items of type `T`, before its steps are described.
///
/// Every iteration is an execution of its own, which knows its item and nothing else: what it needs beside goes in by
/// [`select`](Self::select). By default the executions are standard ones, and the map fails with the first item that does.
///
/// Steps that read a value from outside the map do not compile. The compiler tells that as a matter of lifetimes: `lifetime may
/// not live long enough`, and that the lifetime of the flow around the map `must outlive 'static`. Hand the value in by
/// [`select`](Self::select), or to batches by [`batches_with`](Self::batches_with); its advice to write `move` leads nowhere.
#[derive(Debug)]
#[must_use = "a map needs steps: end with `each`"]
pub struct DistributedMap<'f, 's, 'o, T> {
    flow: &'f mut Flow<'s, 'o>,
    name: String,
    source: Source,
    selector: Option<NodeId>,
    settings: Json<String, Value>,
    computed: Vec<(&'static str, NodeId)>,
    processor: Json<String, Value>,
    handling: Handling,
    location: &'static Location<'static>,
    of: PhantomData<fn() -> T>,
}

/// Items that one iteration works on, with what all batches are given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Batch<T, B = Nothing> {
    /// The items.
    pub items: Vec<T>,
    /// What every batch is given.
    pub batch_input: B,
}

/// The fields of a [`Batch`], each as the projection `P` has it.
pub struct BatchFields<P: Projection, T, B> {
    /// The items.
    pub items: P::Of<Vec<T>>,
    /// What every batch is given.
    pub batch_input: P::Of<B>,
}

impl<T, B> Fields for Batch<T, B> {
    type Fields<P: Projection> = BatchFields<P, T, B>;

    fn project<P: Projection>(maker: &impl FieldMaker<P>) -> BatchFields<P, T, B> {
        BatchFields {
            items: maker.field::<Vec<T>>("Items", Presence::Required),
            batch_input: maker.field::<B>("BatchInput", Presence::Required),
        }
    }
}

impl<P: Projection, T, B> FieldsOf<P> for BatchFields<P, T, B> {
    type Whole = Batch<T, B>;

    fn visit(&self, visitor: &mut impl FieldVisitor<P>) {
        visitor.field::<Vec<T>>("Items", &self.items);
        visitor.field::<B>("BatchInput", &self.batch_input);
    }
}

/// What a distributed map amounts to that writes its results to S3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct MapRun {
    /// The run's ARN.
    pub map_run_arn: String,
    /// Where the results are.
    pub result_writer_details: WrittenTo,
}

/// Where results are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct WrittenTo {
    /// The bucket.
    pub bucket: String,
    /// The key of the manifest.
    pub key: String,
}

impl<'f, 's, 'o, T> DistributedMap<'f, 's, 'o, T> {
    #[track_caller]
    pub(crate) fn new(flow: &'f mut Flow<'s, 'o>, name: &str, items: ItemReader<'s, T>) -> Self {
        flow.store.permit(items.permissions);
        flow.store.permit([
            Permission::new(["states:StartExecution"], [Target::Machine]),
            Permission::new(
                [
                    "states:DescribeExecution",
                    "states:StopExecution",
                    "states:RedriveExecution",
                ],
                [Target::OwnExecutions],
            ),
        ]);
        let mode = [("Mode", "DISTRIBUTED"), ("ExecutionType", "STANDARD")];
        let processor = mode.map(|(field, value)| (field.to_owned(), json!(value)));
        Self {
            flow,
            name: name.to_owned(),
            source: items.source,
            selector: None,
            settings: Json::new(),
            computed: Vec::new(),
            processor: processor.into_iter().collect(),
            handling: Handling::default(),
            location: Location::caller(),
            of: PhantomData,
        }
    }

    /// Works on so many items at once; on up to 10,000 unless given. It may be computed by an earlier step.
    #[track_caller]
    pub fn max_concurrency(mut self, items: impl Operand<'s, u64>) -> Self {
        let items = items.into_expr(self.flow.as_scope());
        self.computed.push(("MaxConcurrency", items.node));
        self
    }

    /// Goes on while no more than this percentage of the items fails.
    pub fn tolerate_percentage(self, percentage: f64) -> Self {
        self.set("ToleratedFailurePercentage", json!(percentage))
    }

    /// Goes on while no more than so many items fail.
    pub fn tolerate(self, items: u32) -> Self {
        self.set("ToleratedFailureCount", json!(items))
    }

    /// A short name, at most 40 characters, that the ARNs of the executions begin with.
    pub fn label(self, label: &str) -> Self {
        self.set("Label", json!(label))
    }

    /// Runs the iterations as express executions: cheaper, at most five minutes each, no waiting for others.
    pub fn express(mut self) -> Self {
        self.processor
            .insert("ExecutionType".to_owned(), json!("EXPRESS"));
        self
    }

    /// Does the whole map again when it ends with an error.
    pub fn retry(mut self, retry: Retry<StatesError>) -> Self {
        self.handling.retry.push(retry.into_rule());
        self
    }

    /// What the steps are given instead of the item alone.
    pub fn select<U>(
        mut self,
        selector: impl for<'i> FnOnce(&Item<'i, 's, T>) -> Expr<'i, U>,
    ) -> DistributedMap<'f, 's, 'o, U> {
        self.selector = Some(selector(&Item::new(self.flow.as_scope())).node);
        self.over()
    }

    /// Gives each iteration up to so many items.
    pub fn batches(self, items: u32) -> DistributedMap<'f, 's, 'o, Batch<T>> {
        let nothing = self.flow.nothing();
        self.batches_with(items, nothing)
    }

    /// Gives each iteration up to so many items, and every one of them this.
    pub fn batches_with<B>(
        mut self,
        items: u32,
        input: Expr<'s, B>,
    ) -> DistributedMap<'f, 's, 'o, Batch<T, B>> {
        let most = self.flow.value(items).untyped();
        let batcher = [("MaxItemsPerBatch", most), ("BatchInput", input.untyped())];
        let batcher = self.flow.members(batcher).node;
        self.computed.push(("ItemBatcher", batcher));
        self.over()
    }

    /// Runs these steps for every item; gives what each amounts to, in the order of the items. All of it together must fit
    /// into 256 KiB: [`each_to`](Self::each_to) writes it to S3.
    pub fn each<R>(
        self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 'i>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> Expr<'s, Vec<R>> {
        self.push(body).1
    }

    /// As [`each`](Self::each); when the map fails, that is dealt with.
    pub fn try_each<R>(
        self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 'i>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> Attempt<'f, 's, 'o, Vec<R>, StatesError> {
        let (flow, value) = self.push(body);
        Attempt::new(flow, value)
    }

    /// Runs these steps for every item and writes what each amounts to to S3.
    pub fn each_to<R>(
        self,
        results: &Objects,
        body: impl for<'i> FnOnce(&mut Flow<'i, 'i>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> Expr<'s, MapRun> {
        self.writing_to(results).push(body).1.cast()
    }

    /// As [`each_to`](Self::each_to); when the map fails, that is dealt with.
    pub fn try_each_to<R>(
        self,
        results: &Objects,
        body: impl for<'i> FnOnce(&mut Flow<'i, 'i>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> Attempt<'f, 's, 'o, MapRun, StatesError> {
        let (flow, value) = self.writing_to(results).push(body);
        Attempt::new(flow, value.cast())
    }

    fn writing_to(mut self, results: &Objects) -> Self {
        self.flow.store.permit(results.permit_writing());
        let scope = self.flow.as_scope();
        let prefix = scope.text(results.prefix().trim_end_matches('/')).untyped();
        let arguments = scope.members([("Bucket", results.bucket(scope)), ("Prefix", prefix)]);
        let resource = Node::Deployed(scope.store.integration("s3:putObject"));
        let resource = Expr::add(scope.store, resource);
        let writer = scope.members([("Resource", resource), ("Arguments", arguments)]);
        self.computed.push(("ResultWriter", writer.node));
        self
    }

    fn push<R>(
        self,
        body: impl for<'i> FnOnce(&mut Flow<'i, 'i>, Expr<'i, T>) -> Expr<'i, R>,
    ) -> (&'f mut Flow<'s, 'o>, Expr<'s, Vec<R>>) {
        let item = self.flow.store.variable(&item_variable(&self.name));
        let body = Flow::own_execution(self.flow.store, |flow| {
            let item = item_expr(flow, item);
            body(flow, item)
        });
        let map = MapStep {
            source: self.source,
            selector: self.selector,
            settings: self.settings,
            computed: self.computed,
            processor: self.processor,
            item,
            body,
            handling: self.handling,
        };
        let kind = Kind::Map(Box::new(map));
        let value = self.flow.push_at(&self.name, kind, self.location);
        (self.flow, value)
    }

    fn set(mut self, field: &str, value: Value) -> Self {
        self.settings.insert(field.to_owned(), value);
        self
    }

    fn over<U>(self) -> DistributedMap<'f, 's, 'o, U> {
        DistributedMap {
            flow: self.flow,
            name: self.name,
            source: self.source,
            selector: self.selector,
            settings: self.settings,
            computed: self.computed,
            processor: self.processor,
            handling: self.handling,
            location: self.location,
            of: PhantomData,
        }
    }
}
