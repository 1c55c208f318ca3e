//! What may be missing is not what must be there.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let preprocess = preprocess();
    let _ = Machine::<Plan, Plan>::new("Batch", |flow, plan| {
        let event = flow.object(RequestFields { date: plan.comment });
        flow.call("Preprocess", &preprocess, event)
    });
}
