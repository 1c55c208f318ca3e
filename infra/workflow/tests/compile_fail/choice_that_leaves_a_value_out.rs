//! A choice by an enum has a way for each of its values.

include!("contracts.inc");

use workflow::Machine;

fn main() {
    let submit = submit();
    let _ = Machine::<Job, Plan>::new("Batch", |flow, job| {
        flow.choose_by("State", job.state, |flow, state| match state {
            JobState::Completed => flow.call("Submit", &submit, job),
        })
    });
}
