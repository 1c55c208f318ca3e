//! A variable keeps its type.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let _ = Machine::<Request, u64>::new("Batch", |flow, request| {
        let attempts = flow.variable::<u64>("Attempts", 0);
        flow.assign("Count", &attempts, request.date);
        attempts.get()
    });
}
