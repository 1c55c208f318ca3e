//! A port that writes takes no grant to read.

use constructs::{Bucket, DeadLetterQueue, Function, Setting, Stack, Synth};
use shared::contracts::Unzip;

fn main() {
    let mut stack = Stack::new("example", "");
    let landing = Bucket::new("Landing").add_to(&mut stack);
    let raw = Bucket::new("Raw").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    Function::new(Unzip::<Synth> {
        landing: landing.read(),
        raw: raw.read(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .add_to(&mut stack);
}
