//! Who waits for a token says for how long.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let submit = submit();
    let _ = Machine::<Job, Plan>::new("Batch", |flow, job| {
        flow.call_with_token("Submit", &submit, |_, _| job)
    });
}
