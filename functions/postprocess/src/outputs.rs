//! The outputs of a chunk: those of all attempts.

use runs::Found;
use shared::batch::layout::{Layout, OutputKey};

/// An output, or a part of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output<'a> {
    pub(crate) of: OutputKey<'a>,
    pub(crate) object: &'a Found,
}

/// The outputs among the objects below the folder of a chunk, in the order of sending. Parts count where their sending
/// broke off before the whole was written.
pub(crate) fn outputs<'a>(layout: &Layout<'_>, chunk: u64, listed: &'a [Found]) -> Vec<Output<'a>> {
    let mut outputs: Vec<Output<'a>> = listed
        .iter()
        .filter_map(|object| {
            let of = layout.parse_output(chunk, &object.key)?;
            Some(Output { of, object })
        })
        .collect();
    outputs.sort_by_key(|output| output.of);
    // The whole comes before its parts.
    let mut whole = None;
    outputs.retain(|output| {
        let of = (output.of.attempt, output.of.job_id);
        if output.of.part.is_none() {
            whole = Some(of);
        }
        output.of.part.is_none() || whole != Some(of)
    });
    outputs
}
