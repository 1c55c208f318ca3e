//! Data that is larger than what a state may hand on, where schemas bound it.

use jsonata::Shape;

use crate::check::code;
use crate::check::findings::Findings;
use crate::check::flows::Flow;
use crate::definition::State;

/// The largest input and output of a state, in bytes of JSON.
const MOST: u64 = 262_144;

pub(super) fn check(state: &State<'_>, flow: &Flow, findings: &mut Findings) {
    let Some(output) = flow.output.max_bytes() else {
        return;
    };
    // What came in was small enough, or the execution would have failed before.
    let input = known_bytes(&flow.input);
    let added = if input > MOST {
        output.saturating_sub(input)
    } else {
        output
    };
    if added > MOST {
        findings.warning(
            &state.pointer,
            code::PAYLOAD,
            format!("the output may have {output} bytes; a state hands on {MOST} at most"),
            "keep large data in S3 and hand its key on, bound the fields in the schema, or write the results of a distributed Map with `ResultWriter`",
        );
    }
}

/// Zero where there is no bound: then only the output itself can be judged.
fn known_bytes(shape: &Shape) -> u64 {
    shape.max_bytes().unwrap_or(0)
}
