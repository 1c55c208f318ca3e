//! A step's handlers name failures of its own contract.

include!("contracts.inc");

use workflow::Machine;

use workflow::invoke;

fn main() {
    let submit = submit();
    let _ = Machine::<Job, Plan>::new("Batch", |flow, job| {
        flow.try_run("Submit", invoke(&submit, job))
            .catch([ErrorKind::Throttled], |flow, _| flow.fail("Give up", "Busy", "busy"))
            .value()
    });
}
