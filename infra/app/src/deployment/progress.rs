//! How far an execution is: a tree on a terminal, a line for each event elsewhere, JSON for programs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deploy::{Estimate, Event, ResourceEvent};
use serde_json::json;

use super::tree::Tree;
use crate::cli::ReportFormat;
use crate::terminal::{Step, Terminal};

pub(super) struct Progress {
    stack: String,
    format: ReportFormat,
    /// Drawn by the step's own thread, so that its times go on while nothing happens.
    tree: Arc<Mutex<Tree>>,
    step: Step,
}

impl Progress {
    /// Of a stack of which so many resources change, if that is known.
    pub(super) fn new(
        stack: &str,
        changes: Option<usize>,
        estimate: Estimate,
        format: ReportFormat,
        terminal: Terminal,
    ) -> Self {
        let tree = Arc::new(Mutex::new(Tree::new(stack, estimate)));
        let drawn = tree.clone();
        let title = format!("Deploy stack {stack}");
        let total = changes.map(|changes| changes as u64);
        Self {
            stack: stack.to_owned(),
            format,
            tree,
            step: terminal.tree_step(&title, total, move || locked(&drawn).to_string()),
        }
    }

    pub(super) fn show(&self, event: &Event) {
        if self.format == ReportFormat::Json {
            // Stacks that are deployed at the same time have one stream of events.
            let mut line = json!(event);
            line["stack"] = json!(self.stack);
            self.step.data(&line.to_string());
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

    /// The tree is let go before the step is told anything: that may draw it.
    fn resource(&self, event: &ResourceEvent) {
        let (line, ended) = {
            let mut tree = locked(&self.tree);
            let line = format!("{}: {}", self.stack, tree.take(event));
            (line, tree.ended())
        };
        if event.status.ends_with("FAILED") {
            let reason = event.reason.as_deref().unwrap_or("no reason given");
            self.step.line(&format!("{line}: {reason}"));
        } else {
            self.step.line_elsewhere(&line);
        }
        self.step.position(ended as u64);
    }
}

/// A tree is whole after every event, whatever became of who held it.
fn locked(tree: &Mutex<Tree>) -> MutexGuard<'_, Tree> {
    tree.lock().unwrap_or_else(PoisonError::into_inner)
}
