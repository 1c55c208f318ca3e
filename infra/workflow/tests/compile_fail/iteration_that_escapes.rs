//! What an iteration makes cannot be read outside it; only what it amounts to can.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let submit = submit();
    let _ = Machine::<Plan, Vec<u64>>::new("Batch", |flow, plan| {
        let mut escaped = None;
        flow.map("Jobs", plan.jobs).each(|flow, job| {
            let submitted = flow.call("Submit", &submit, job);
            escaped = Some(submitted);
            submitted.records
        })
    });
}
