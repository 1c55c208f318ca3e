//! A bus delivers its own events: a contract that takes another one has to say how it is made of them.

use constructs::{
    DeadLetterQueue, DynamoTable, EventRule, Function, Stack, Synth, find_jobs, stop_jobs,
};
use shared::contracts::batch::StopJobs;

fn main() {
    let mut stack = Stack::new("example", "");
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    let jobs = DynamoTable::new("Jobs", "job_name").add_to(&mut stack);
    Function::new(StopJobs::<Synth> {
        open: jobs.query("by-run"),
        find: find_jobs(),
        stop: stop_jobs(),
    })
    .on_whole_event(EventRule::new("aws.states", "Changes", &failures))
    .add_to(&mut stack);
}
