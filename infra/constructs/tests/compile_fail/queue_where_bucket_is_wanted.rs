//! A port that reads objects takes no grant on a queue.

use constructs::{Bucket, DeadLetterQueue, Function, Setting, Stack, Synth};
use shared::contracts::Unzip;

fn main() {
    let mut stack = Stack::new("example", "");
    let raw = Bucket::new("Raw").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    Function::new(Unzip::<Synth> {
        landing: failures.send(),
        raw: raw.write(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .add_to(&mut stack);
}
