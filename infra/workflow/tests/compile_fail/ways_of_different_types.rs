//! All ways of a choice amount to the same type.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let preprocess = preprocess();
    let _ = Machine::<Request, Plan>::new("Batch", |flow, request| {
        flow.choose("Today?")
            .when(request.date.equals("today"), |flow| {
                flow.call("Preprocess", &preprocess, request)
            })
            .otherwise(|_| request.date)
    });
}
