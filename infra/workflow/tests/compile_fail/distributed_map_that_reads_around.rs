//! An iteration of a distributed map is an execution of its own: it reads its item and nothing else.

include!("contracts.inc");

use workflow::Machine;

use workflow::ItemReader;

fn main() {
    let preprocess = preprocess();
    let _ = Machine::<Plan, Vec<Plan>>::new("Batch", |flow, plan| {
        let date = flow.now();
        flow.distributed_map("Jobs", ItemReader::list(plan.jobs))
            .each(|flow, _| {
                let event = flow.object(RequestFields { date });
                flow.call("Preprocess", &preprocess, event)
            })
    });
}
