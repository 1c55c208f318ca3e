//! Distributed maps: child executions over items or batches of them.

use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};

use super::execution::Execution;
use super::frame::Frame;
use super::map::{Iteration, count};
use super::{Stop, limits, writer};
use crate::error::Error;
use crate::failure::{Failure, name};
use crate::history::EventKind;
use crate::moment::Moment;
use crate::outcome::Status;
use crate::program::{Batcher, Distributed, Map, State};
use crate::query::{ExecutionFacts, View};

/// A child execution that has ended.
pub(super) struct Child {
    /// Its place among the children.
    index: usize,
    /// How many items it had.
    items: usize,
    pub(super) facts: ExecutionFacts,
    pub(super) stopped: Moment,
    pub(super) result: Result<Value, Failure>,
}

/// What a child is given.
struct Portion {
    items: usize,
    input: Value,
}

/// How many items may fail.
struct Tolerance {
    count: Option<usize>,
    percentage: Option<f64>,
    items: usize,
}

impl Frame<'_> {
    /// Executions of their own for every item or batch.
    pub(super) async fn distribute(
        &self,
        state: &State,
        map: &Map,
        how: &Distributed,
        iterations: Vec<Iteration>,
        concurrency: usize,
        view: &View<'_>,
    ) -> Result<Value, Stop> {
        let tolerance = Tolerance::of(how, iterations.len(), view)?;
        let portions = match &how.batcher {
            Some(batcher) => batches(batcher, iterations, view)?,
            None => iterations
                .into_iter()
                .map(|one| Portion {
                    items: 1,
                    input: one.input,
                })
                .collect(),
        };
        self.note(state, EventKind::MapRunStarted)?;
        let (children, tolerated) = self
            .children(state, map, portions, concurrency, &tolerance)
            .await?;
        // Results are exported after a failure too.
        let output = writer::output(how.writer.as_ref(), &children, self, &state.name, view);
        let ended = if tolerated {
            EventKind::MapRunSucceeded
        } else {
            EventKind::MapRunFailed
        };
        self.note(state, ended)?;
        if tolerated {
            return Ok(output?);
        }
        let cause = "The specified tolerated failure threshold was exceeded";
        Err(Failure::new(name::TOLERANCE, cause).into())
    }

    /// The children that ended, in order, and whether no more failed than may.
    async fn children(
        &self,
        state: &State,
        map: &Map,
        portions: Vec<Portion>,
        concurrency: usize,
        tolerance: &Tolerance,
    ) -> Result<(Vec<Child>, bool), Error> {
        let runs = portions.into_iter().enumerate();
        let runs = runs.map(|(index, portion)| self.child(state, map, index, portion));
        let concurrency = concurrency.min(limits::DISTRIBUTED_CONCURRENCY);
        let mut running = stream::iter(runs).buffer_unordered(concurrency);
        let (mut ended, mut failed) = (Vec::new(), 0);
        while let Some(child) = running.next().await {
            let child = child?;
            failed += if child.result.is_err() {
                child.items
            } else {
                0
            };
            ended.push(child);
            if !tolerance.covers(failed) {
                break;
            }
        }
        ended.sort_by_key(|child| child.index);
        Ok((ended, tolerance.covers(failed)))
    }

    async fn child(
        &self,
        state: &State,
        map: &Map,
        index: usize,
        portion: Portion,
    ) -> Result<Child, Error> {
        let Execution { engine, stage, .. } = self.execution;
        let machine = format!("{}/{}", stage.machine, state.name);
        let execution = Execution::begin(engine, stage, machine, "child", portion.input);
        let express = map.distributed.as_ref().is_some_and(|how| how.express);
        let limit = if express {
            limits::EXPRESS
        } else {
            limits::EXECUTION
        };
        let (status, _) = execution.run(&map.processor, limit).await?;
        Ok(Child {
            index,
            items: portion.items,
            stopped: engine.now(),
            result: match status {
                Status::Succeeded(output) => Ok(output),
                Status::Failed(failure) => Err(failure),
                Status::TimedOut => Err(Failure::new(name::TIMEOUT, "")),
            },
            facts: execution.facts,
        })
    }
}

impl Tolerance {
    fn of(how: &Distributed, items: usize, view: &View<'_>) -> Result<Self, Failure> {
        let percentage = how.tolerated_percentage.as_ref();
        let percentage =
            percentage.map(|template| template.evaluate_as(view, "a percentage", Value::as_f64));
        Ok(Self {
            count: count(how.tolerated_count.as_ref(), view)?,
            percentage: percentage.transpose()?,
            items,
        })
    }

    /// Nothing is tolerated unless it is said; of two limits, both hold.
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of items are far below 2^53"
    )]
    fn covers(&self, failed: usize) -> bool {
        if self.count.is_none() && self.percentage.is_none() {
            return failed == 0;
        }
        let by_count = self.count.is_none_or(|most| failed <= most);
        let share = failed as f64 * 100.0;
        by_count
            && self
                .percentage
                .is_none_or(|most| share <= most * self.items as f64)
    }
}

/// Bundles items up to the limits of the batcher.
fn batches(
    batcher: &Batcher,
    iterations: Vec<Iteration>,
    view: &View<'_>,
) -> Result<Vec<Portion>, Failure> {
    let most_items = count(batcher.max_items.as_ref(), view)?
        .filter(|most| *most > 0)
        .unwrap_or(usize::MAX);
    let most_bytes = count(batcher.max_bytes.as_ref(), view)?
        .filter(|most| *most > 0)
        .unwrap_or(limits::PAYLOAD);
    let shared = batcher
        .input
        .as_ref()
        .map(|template| template.evaluate(view))
        .transpose()?;
    let empty = match &shared {
        Some(shared) => json!({"BatchInput": shared, "Items": []}),
        None => json!({"Items": []}),
    };
    let overhead = limits::size(&empty);
    let mut portions: Vec<(Vec<Value>, usize)> = Vec::new();
    for Iteration { input, .. } in iterations {
        // A comma goes with all items but the first.
        let size = limits::size(&input) + 1;
        match portions.last_mut() {
            Some((items, bytes)) if items.len() < most_items && *bytes + size <= most_bytes => {
                items.push(input);
                *bytes += size;
            }
            _ => portions.push((vec![input], overhead + size - 1)),
        }
    }
    let portion = |(items, _): (Vec<Value>, usize)| {
        let mut input = empty.clone();
        let count = items.len();
        input["Items"] = Value::Array(items);
        Portion {
            items: count,
            input,
        }
    };
    Ok(portions.into_iter().map(portion).collect())
}
