//! How far an execution is: a tree on a terminal, a line for each event elsewhere, JSON for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use deploy::{Estimate, Event, Plan, ResourceEvent};

use crate::cli::ReportFormat;
use crate::terminal::{Step, Terminal};

/// Most resources that the tree shows at once.
const MOST_SHOWN: usize = 8;

/// What took less is not worth an estimate.
const WORTH_SAYING: Duration = Duration::from_secs(2);

pub(super) struct Progress {
    stack: String,
    format: ReportFormat,
    estimate: Estimate,
    since: Instant,
    /// Resources under way, with their beginnings.
    running: BTreeMap<String, (ResourceEvent, Instant)>,
    ended: usize,
    step: Step,
}

impl Progress {
    pub(super) fn new(
        plan: &Plan,
        estimate: Estimate,
        format: ReportFormat,
        terminal: Terminal,
    ) -> Self {
        let title = format!("Deploy stack {}", plan.stack);
        Self {
            stack: plan.stack.clone(),
            format,
            estimate,
            since: Instant::now(),
            running: BTreeMap::new(),
            ended: 0,
            step: terminal.tree_step(&title, plan.changes.len() as u64),
        }
    }

    pub(super) fn show(&mut self, event: &Event) {
        if self.format == ReportFormat::Json {
            let line = serde_json::to_string(event).unwrap_or_default();
            self.step.data(&line);
            return;
        }
        match event {
            Event::Resource(resource) => self.resource(resource),
            other => super::show(&self.step, other),
        }
    }

    pub(super) fn done(self, result: &str) {
        self.step.done(result);
    }

    fn resource(&mut self, event: &ResourceEvent) {
        let since = self.running.get(&event.logical_id);
        let since = since.map_or_else(Instant::now, |(_, since)| *since);
        let line = self.line(event, since.elapsed());
        let failed = event.status.ends_with("FAILED");
        if failed {
            let reason = event.reason.as_deref().unwrap_or("no reason given");
            self.step.line(&format!("{line}: {reason}"));
        } else {
            self.step.line_elsewhere(&line);
        }
        if event.logical_id == self.stack {
            return;
        }
        if event.status.ends_with("_IN_PROGRESS") {
            let entry = (event.clone(), since);
            self.running.insert(event.logical_id.clone(), entry);
        } else if self.running.remove(&event.logical_id).is_some() {
            self.ended += 1;
        }
        self.step.position(self.ended as u64);
        self.step.detail(&self.tree());
    }

    /// The resources under way, those that take longest first, and how long all of it may take.
    fn tree(&self) -> String {
        let mut running: Vec<_> = self.running.values().collect();
        running.sort_by_key(|(_, since)| *since);
        let mut text = match self.estimate.whole {
            Some(whole) => format!(
                "{} of about {}",
                seconds(self.since.elapsed()),
                seconds(whole)
            ),
            None => seconds(self.since.elapsed()),
        };
        for (event, since) in running.iter().take(MOST_SHOWN) {
            text.push_str("\n  └ ");
            text.push_str(&self.line(event, since.elapsed()));
        }
        if running.len() > MOST_SHOWN {
            let more = running.len() - MOST_SHOWN;
            let _ = write!(text, "\n  └ and {more} more");
        }
        text
    }

    fn line(&self, event: &ResourceEvent, elapsed: Duration) -> String {
        let mut line = format!(
            "{} {} {}",
            event.logical_id, event.resource_type, event.status
        );
        if event.status.ends_with("_IN_PROGRESS") {
            let before = self.estimate.resources.get(&event.logical_id);
            if let Some(estimate) = before.filter(|estimate| **estimate >= WORTH_SAYING) {
                let _ = write!(line, " (took {} before)", seconds(*estimate));
            }
        } else if !elapsed.is_zero() && self.running.contains_key(&event.logical_id) {
            let _ = write!(line, " ({})", seconds(elapsed));
        }
        line
    }
}

fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        long => format!("{} min {} s", long / 60, long % 60),
    }
}
