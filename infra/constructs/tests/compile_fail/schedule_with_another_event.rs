//! A schedule sends the event that the contract takes.

use constructs::{Bucket, DeadLetterQueue, Function, Setting, Stack, Synth};
use shared::contracts::{CompactionRequest, Unzip};

fn main() {
    let mut stack = Stack::new("example", "");
    let landing = Bucket::new("Landing").add_to(&mut stack);
    let raw = Bucket::new("Raw").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    Function::new(Unzip::<Synth> {
        landing: landing.read(),
        raw: raw.write(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .every_day_at(2, 0, &CompactionRequest { now: String::new() })
    .add_to(&mut stack);
}
