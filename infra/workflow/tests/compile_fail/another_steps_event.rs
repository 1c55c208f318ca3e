//! A step takes its contract's event, and not whatever is in hand.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let submit = submit();
    let _ = Machine::<Request, Plan>::new("Batch", |flow, request| {
        flow.call("Submit", &submit, request)
    });
}
