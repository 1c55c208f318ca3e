//! A machine answers what it says it answers.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let preprocess = preprocess();
    let _ = Machine::<Request, String>::new("Batch", |flow, request| {
        flow.call("Preprocess", &preprocess, request)
    });
}
