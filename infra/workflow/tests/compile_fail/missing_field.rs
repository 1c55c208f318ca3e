//! An event is filled with all its fields.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let submit = submit();
    let _ = Machine::<Request, Plan>::new("Batch", |flow, request| {
        let event = flow.object(JobFields { id: request.date });
        flow.call("Submit", &submit, event)
    });
}
