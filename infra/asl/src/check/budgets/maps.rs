//! Inline `Map`s that ask for more than they get, or that fill the history of their execution.

use jsonata::Shape;
use serde_json::Value;

use super::events;
use crate::check::code;
use crate::check::findings::Findings;
use crate::check::flows::Flow;
use crate::definition::{Kind, ProcessorMode, State};

/// About as many iterations of an inline `Map` run at once, whatever it asks for (developer guide, "Inline mode").
const AT_ONCE: u64 = 40;

pub(super) fn check(state: &State<'_>, findings: &mut Findings) {
    let inline = matches!(&state.kind, Kind::Map(map) if map.mode == ProcessorMode::Inline);
    let wanted = state.body.get("MaxConcurrency").and_then(Value::as_u64);
    if let Some(wanted) = wanted.filter(|wanted| inline && *wanted > AT_ONCE) {
        findings.warning(
            &state.pointer.member("MaxConcurrency"),
            code::CONCURRENCY,
            format!("an inline Map runs about {AT_ONCE} iterations at once, not {wanted}"),
            "make the Map distributed, or lower the number",
        );
    }
}

/// The most that a `Map` writes into the history of its execution, where the number of items is bounded.
pub(super) fn history(state: &State<'_>, flow: &Flow, findings: &mut Findings) {
    let Kind::Map(map) = &state.kind else {
        return;
    };
    let items = flow.items.as_ref().and_then(Shape::as_array);
    let (ProcessorMode::Inline, Some(processor), Some(items)) = (
        map.mode,
        &map.processor,
        items.and_then(|items| items.max_items),
    ) else {
        return;
    };
    // Each iteration is started and succeeds.
    let each = events::longest(processor) + 2;
    let events = items.saturating_mul(each);
    if events > events::MOST {
        findings.warning(
            &state.pointer,
            code::HISTORY,
            format!(
                "{items} items of {each} events each are {events}; a history holds {}",
                events::MOST
            ),
            "make the Map distributed: its iterations have histories of their own",
        );
    }
}
