//! Retriers and catchers: which errors they name, in which order, and how long they wait.

use std::collections::BTreeSet;

use jsonata::suggestion;

use super::error_names::{self, ALL, DATA_LIMIT, RUNTIME, TASK_FAILED};
use crate::Pointer;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Retrier, State};

pub(super) fn check(state: &State<'_>, findings: &mut Findings) {
    let retriers: Vec<_> = state
        .retry
        .iter()
        .map(|retrier| (&retrier.pointer, &retrier.errors[..]))
        .collect();
    errors(&retriers, findings);
    for retrier in &state.retry {
        delays(retrier, findings);
        futile(retrier, findings);
    }
    let catchers: Vec<_> = state
        .catch
        .iter()
        .map(|catcher| (&catcher.pointer, &catcher.errors[..]))
        .collect();
    errors(&catchers, findings);
}

fn errors(handlers: &[(&Pointer, &[&str])], findings: &mut Findings) {
    let mut earlier = BTreeSet::new();
    for (position, (pointer, names)) in handlers.iter().enumerate() {
        let list = pointer.member("ErrorEquals");
        for (index, name) in names.iter().enumerate() {
            let here = list.item(index);
            error_name(name, &here, findings);
            if !earlier.insert(*name) && !earlier.contains(ALL) {
                findings.warning(
                    &here,
                    code::SHADOWED,
                    format!("`{name}` is taken by an earlier entry"),
                    "remove it here or there: only the first entry that fits is used",
                );
            }
        }
        if !names.contains(&ALL) {
            continue;
        }
        if names.len() > 1 {
            findings.error(
                &list,
                code::ERROR_ORDER,
                "`States.ALL` stands beside other names",
                "remove the other names, which it includes, or `States.ALL`",
            );
        }
        if position + 1 < handlers.len() {
            findings.error(
                pointer,
                code::ERROR_ORDER,
                "`States.ALL` is in an entry that is not the last",
                "move this entry to the end: those after it would never be used",
            );
        }
    }
    after_task_failed(handlers, findings);
}

fn error_name(name: &str, here: &Pointer, findings: &mut Findings) {
    if error_names::is_misspelt(name) {
        findings.error(
            here,
            code::ERROR_NAME,
            format!("`{name}` is no error of Step Functions, which reserves `States.`"),
            suggestion::help(name, error_names::known(), "use an error of your own"),
        );
    }
    if name == RUNTIME {
        findings.warning(
            here,
            code::UNHANDLED,
            "`States.Runtime` ends the execution; it is neither retried nor caught",
            "remove it, and handle the failed execution by an EventBridge rule or in the caller",
        );
    }
}

/// `States.TaskFailed` takes what a service calls its failures, so that later entries are left with nothing.
fn after_task_failed(handlers: &[(&Pointer, &[&str])], findings: &mut Findings) {
    let mut handlers = handlers.iter();
    if !handlers.any(|(_, names)| names.contains(&TASK_FAILED)) {
        return;
    }
    for (pointer, names) in handlers {
        if names.iter().all(|name| !name.starts_with("States.")) && !names.is_empty() {
            findings.warning(
                &pointer.member("ErrorEquals"),
                code::SHADOWED,
                "`States.TaskFailed` in an earlier entry takes these errors",
                "move this entry before the one with `States.TaskFailed`",
            );
        }
    }
}

fn delays(retrier: &Retrier<'_>, findings: &mut Findings) {
    let interval = retrier.interval_seconds();
    if let Some(longest) = retrier
        .max_delay_seconds()
        .filter(|longest| *longest <= interval)
    {
        findings.error(
            &retrier.pointer.member("MaxDelaySeconds"),
            code::VALUE,
            format!("`MaxDelaySeconds` is {longest}, and `IntervalSeconds` {interval}"),
            "let `MaxDelaySeconds` be greater than `IntervalSeconds`",
        );
    }
}

/// The same data is too large the next time too.
fn futile(retrier: &Retrier<'_>, findings: &mut Findings) {
    if let Some(index) = retrier.errors.iter().position(|name| *name == DATA_LIMIT) {
        findings.warning(
            &retrier.pointer.member("ErrorEquals").item(index),
            code::UNHANDLED,
            "a retry meets the same `States.DataLimitExceeded`",
            "catch it instead, or hand large data on through S3",
        );
    }
}
