//! A condition is true or false.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let _ = Machine::<Plan, u64>::new("Batch", |flow, plan| {
        flow.choose("Any?")
            .when(plan.records, |_| plan.records)
            .otherwise(|flow| flow.value(0))
    });
}
