//! A map goes over a list.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let _ = Machine::<Plan, Vec<u64>>::new("Batch", |flow, plan| {
        flow.map("Records", plan.records).each(|_, record| record)
    });
}
