//! Every port of the contract must be given.

use constructs::{Bucket, DeadLetterQueue, Function, Setting, Stack, Synth};
use shared::contracts::Unzip;

fn main() {
    let mut stack = Stack::new("example", "");
    let landing = Bucket::new("Landing").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    Function::new(Unzip::<Synth> {
        landing: landing.read(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .add_to(&mut stack);
}
