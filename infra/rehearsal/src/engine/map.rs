//! Maps: items, and inline iterations over them.

use std::cell::RefCell;
use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};
use serde_json::Value;

use super::frame::Frame;
use super::{Stop, limits, reader};
use crate::Failure;
use crate::history::EventKind;
use crate::program::{Map, Source, State, Template};
use crate::query::{Context, Item, View};

/// An item and what its iteration is given.
pub(super) struct Iteration {
    pub(super) item: Item,
    pub(super) input: Value,
}

impl Frame<'_> {
    /// Does the same with every item.
    pub(super) async fn map(
        &self,
        state: &State,
        map: &Map,
        input: &Value,
        context: &Context<'_>,
    ) -> Result<Value, Stop> {
        let services = self.services();
        let effective = state
            .flow
            .effective_input(&self.view(input, context, &services))?;
        let view = self.view(&effective, context, &services);
        let concurrency = match count(map.concurrency.as_ref(), &view)? {
            None | Some(0) => usize::MAX,
            Some(limit) => limit,
        };
        self.note(state, EventKind::MapStarted)?;
        let items = self.items(&map.source, &view)?;
        let iterations = iterations(items, map.selector.as_ref(), &view)?;
        let outputs = match &map.distributed {
            None => self.iterate(state, map, iterations, concurrency).await,
            Some(how) => {
                self.distribute(state, map, how, iterations, concurrency, &view)
                    .await
            }
        };
        let ended = if outputs.is_ok() {
            EventKind::MapSucceeded
        } else {
            EventKind::MapFailed
        };
        self.note(state, ended)?;
        outputs
    }

    fn items(&self, source: &Source, view: &View<'_>) -> Result<Vec<Value>, Failure> {
        let list = |value: &Value| value.as_array().cloned();
        let (found, what) = match source {
            Source::Reader(reader) => {
                return reader::read(reader, &self.execution.engine.objects, view);
            }
            Source::Items(Some(template)) => return template.evaluate_as(view, "an array", list),
            Source::Path(Some(path)) => (path.find(view), path.source()),
            Source::Items(None) | Source::Path(None) => (Some(view.input.clone()), "its input"),
        };
        found.as_ref().and_then(list).ok_or_else(|| {
            Failure::runtime(format!("The map has no array to go through at {what}."))
        })
    }

    /// Iterations in this execution; the first that fails ends the others.
    async fn iterate(
        &self,
        state: &State,
        map: &Map,
        iterations: Vec<Iteration>,
        concurrency: usize,
    ) -> Result<Value, Stop> {
        let unfinished = RefCell::new(BTreeSet::new());
        let mut outputs = vec![Value::Null; iterations.len()];
        let runs = iterations.into_iter().map(|Iteration { item, input }| {
            let unfinished = &unfinished;
            async move {
                let index = item.index;
                self.note(state, EventKind::MapIterationStarted(index))?;
                unfinished.borrow_mut().insert(index);
                let output = self.inner(Some(item)).run(&map.processor, input).await;
                unfinished.borrow_mut().remove(&index);
                self.note(
                    state,
                    match output {
                        Ok(_) => EventKind::MapIterationSucceeded(index),
                        Err(_) => EventKind::MapIterationFailed(index),
                    },
                )?;
                Ok((index, output?))
            }
        });
        let mut running =
            stream::iter(runs).buffer_unordered(concurrency.min(limits::INLINE_CONCURRENCY));
        while let Some(done) = running.next().await {
            match done {
                Ok((index, output)) => outputs[index] = output,
                Err(stop) => {
                    drop(running);
                    for index in unfinished.take() {
                        self.note(state, EventKind::MapIterationAborted(index))?;
                    }
                    return Err(stop);
                }
            }
        }
        Ok(Value::Array(outputs))
    }
}

/// What `ItemSelector` makes of the items.
fn iterations(
    items: Vec<Value>,
    selector: Option<&Template>,
    view: &View<'_>,
) -> Result<Vec<Iteration>, Failure> {
    let select = |(index, value): (usize, Value)| {
        let Some(selector) = selector else {
            let input = value.clone();
            return Ok(Iteration {
                item: Item { index, value },
                input,
            });
        };
        let item = Item { index, value };
        let context = Context {
            item: Some(item.clone()),
            ..view.context.clone()
        };
        let input = selector.evaluate(&View {
            context: &context,
            ..*view
        })?;
        Ok(Iteration { item, input })
    };
    items.into_iter().enumerate().map(select).collect()
}

/// A number of things, where one is given.
pub(super) fn count(
    template: Option<&Template>,
    view: &View<'_>,
) -> Result<Option<usize>, Failure> {
    let whole = |value: &Value| usize::try_from(value.as_u64()?).ok();
    template
        .map(|template| template.evaluate_as(view, "a whole number", whole))
        .transpose()
}
