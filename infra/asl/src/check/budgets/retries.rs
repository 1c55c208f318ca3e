//! Retries that do paid work twice.

use serde_json::Value;

use super::resubmission::{self, Guard, Resubmission};
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Kind, State};

/// Errors that say nothing about whether the work was done.
const VAGUE: &[&str] = &["States.ALL", "States.TaskFailed", "States.Timeout"];

pub(super) fn check(state: &State<'_>, findings: &mut Findings) {
    let Kind::Task(integration) = state.kind else {
        return;
    };
    let Some((action, pattern)) = integration.service() else {
        return;
    };
    let Some(work) = resubmission::of(action, pattern) else {
        return;
    };
    if is_guarded(state, work) {
        return;
    }
    for retrier in state
        .retry
        .iter()
        .filter(|retrier| retrier.max_attempts() > 0)
    {
        let vague = retrier.errors.iter().find(|error| VAGUE.contains(*error));
        let Some(error) = vague else {
            continue;
        };
        findings.warning(
            &retrier.pointer,
            code::RESUBMISSION,
            format!("a retry on `{error}` {}", work.again),
            help(work),
        );
    }
}

/// Whether the service recognises the second request.
fn is_guarded(state: &State<'_>, work: &Resubmission) -> bool {
    let Guard::Argument(name) = work.guard else {
        return false;
    };
    let arguments = ["Arguments", "Parameters"]
        .iter()
        .find_map(|field| state.body.get(*field));
    match arguments {
        Some(Value::Object(arguments)) => {
            arguments.contains_key(name) || arguments.contains_key(&format!("{name}.$"))
        }
        // An expression or a path for all of them: it may well be inside.
        Some(_) => true,
        None => false,
    }
}

fn help(work: &Resubmission) -> String {
    let errors = "retry only errors that say the work was not begun, such as throttling";
    match work.guard {
        Guard::Argument(name) => format!(
            "{errors}, or set `{name}` to something that stays the same, such as the name of the execution"
        ),
        Guard::None => errors.to_owned(),
    }
}
