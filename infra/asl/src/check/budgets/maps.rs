//! Inline `Map`s that ask for more than they get.

use serde_json::Value;

use crate::check::code;
use crate::check::findings::Findings;
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
