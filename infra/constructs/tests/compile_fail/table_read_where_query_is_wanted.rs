//! To read items by their key is not to query an index.

use constructs::{DynamoTable, Function, Stack, Synth, find_jobs, stop_jobs};
use shared::contracts::batch::StopJobs;

fn main() {
    let mut stack = Stack::new("example", "");
    let jobs = DynamoTable::new("Jobs", "job_name").add_to(&mut stack);
    Function::new(StopJobs::<Synth> {
        open: jobs.read(),
        find: find_jobs(),
        stop: stop_jobs(),
    })
    .add_to(&mut stack);
}
