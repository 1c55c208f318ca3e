//! Branches run at once: none reads what another has made.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let preprocess = preprocess();
    let _ = Machine::<Request, u64>::new("Batch", |flow, request| {
        let mut first = None;
        let (records, _) = flow
            .parallel("Both")
            .branch(|flow| {
                let plan = flow.call("First", &preprocess, request);
                first = Some(plan);
                plan.records
            })
            .branch(|_| first.unwrap().records)
            .join();
        records
    });
}
