//! A setting takes values of its own type only.

use constructs::{Bucket, DeadLetterQueue, Function, Stack, Synth};
use shared::contracts::{ParseMode, Unzip};

fn main() {
    let mut stack = Stack::new("example", "");
    let landing = Bucket::new("Landing").add_to(&mut stack);
    let raw = Bucket::new("Raw").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    Function::new(Unzip::<Synth> {
        landing: landing.read(),
        raw: raw.write(),
        failures: failures.send(),
        limits: ParseMode::Strict.into(),
    })
    .add_to(&mut stack);
}
