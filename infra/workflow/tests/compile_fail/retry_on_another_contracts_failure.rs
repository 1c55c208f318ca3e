//! A step is retried on failures of its own contract.

include!("contracts.inc");

use workflow::Machine;

use workflow::{Retry, invoke};

fn main() {
    let submit = submit();
    let _ = Machine::<Job, Plan>::new("Batch", |flow, job| {
        let task = invoke(&submit, job).retry(Retry::on([ErrorKind::Throttled]));
        flow.run("Submit", task)
    });
}
