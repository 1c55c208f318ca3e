//! A bucket invokes only functions whose contract takes its notifications.

use constructs::{Bucket, Function, SCHEDULED_TIME, Setting, Stack, Synth, suffixes};
use shared::contracts::{Compact, CompactionRequest};

fn main() {
    let mut stack = Stack::new("example", "");
    let processed = Bucket::new("Processed").add_to(&mut stack);
    let compact = Function::new(Compact::<Synth> {
        live_keys: processed.list_below("processed/"),
        live: processed.read_below("processed/"),
        expired: processed.delete_below("processed/"),
        compacted_keys: processed.list_below("compacted/"),
        compacted: processed.read_below("compacted/"),
        output: processed.write_below("compacted/"),
        superseded: processed.delete_below("compacted/"),
        policy: Setting::default(),
    })
    .every_day_at(2, 0, &CompactionRequest { now: SCHEDULED_TIME.into() })
    .add_to(&mut stack);
    processed.on_created(&mut stack, &suffixes([".parquet"]), &compact);
}
