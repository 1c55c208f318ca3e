//! A field takes an expression of its own type.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let submit = submit();
    let _ = Machine::<Plan, Plan>::new("Batch", |flow, plan| {
        let event = flow.object(JobFields {
            id: plan.records,
            state: flow.value(JobState::Failed),
        });
        flow.call("Submit", &submit, event)
    });
}
