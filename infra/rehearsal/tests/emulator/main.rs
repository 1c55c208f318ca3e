//! The same machines here and on the local AWS: same status, same output, same error.
//!
//! What the emulator does otherwise than the guide of Step Functions says is left out of the cases, and told here:
//! - variables: `JSONPath` states have none; one `Assign` sees the values of the other names in it;
//! - JSONata: `Output` of `Succeed`, `Arguments`, `Output` and `Assign` of `Parallel`, and `Items` of a distributed map are
//!   not looked at;
//! - `JSONPath`: a path that leads nowhere is `null` in `Parameters`, `InputPath` and `Choice`, a filter too; a call that fails is
//!   `States.Runtime`.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "`json!` makes values, and cases read better without borrowing them"
)]

mod cases;
mod emulator;

use rehearsal::Status;
use serde_json::{Value, json};

use cases::Case;
use emulator::Emulator;

/// What can be compared: the emulator's causes are worded otherwise.
fn rehearsed(case: Case) -> Value {
    let name = case.name;
    match case
        .rehearsal()
        .run()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .status()
    {
        Status::Succeeded(output) => json!({"status": "SUCCEEDED", "output": output}),
        Status::Failed(failure) => json!({"status": "FAILED", "error": failure.error}),
        Status::TimedOut => json!({"status": "TIMED_OUT"}),
    }
}

#[test]
fn outcomes_are_those_of_the_emulator() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let emulated: Vec<Value> = runtime.block_on(async {
        let emulator = Emulator::start().await;
        let runs = cases::all().into_iter().map(|case| emulator.run(case));
        let outcomes = futures_util::future::join_all(runs).await;
        emulator.stop().await;
        outcomes
    });
    let mut different = Vec::new();
    for (case, emulated) in cases::all().into_iter().zip(emulated) {
        let name = case.name;
        let rehearsed = rehearsed(case);
        if rehearsed != emulated {
            different.push(format!(
                "{name}\n  rehearsal {rehearsed}\n  emulator  {emulated}"
            ));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
