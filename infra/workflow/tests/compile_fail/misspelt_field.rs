//! A field is one of those that the type has.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let preprocess = preprocess();
    let _ = Machine::<Request, u64>::new("Batch", |flow, request| {
        let plan = flow.call("Preprocess", &preprocess, request);
        plan.recrods
    });
}
