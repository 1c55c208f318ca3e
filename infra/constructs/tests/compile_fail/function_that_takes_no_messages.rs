//! Only a function whose contract names failed messages works off a queue.

use constructs::{Bucket, DeadLetterQueue, Function, Queue, Setting, Stack, Synth};
use shared::contracts::Unzip;

fn main() {
    let mut stack = Stack::new("example", "");
    let landing = Bucket::new("Landing").add_to(&mut stack);
    let raw = Bucket::new("Raw").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    let archives = Queue::new("Archives").add_to(&mut stack);
    Function::new(Unzip::<Synth> {
        landing: landing.read(),
        raw: raw.write(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .on_messages(&archives, 1)
    .add_to(&mut stack);
}
