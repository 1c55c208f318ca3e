//! Runs state machines in tests: real handlers or mocks, a virtual clock, no AWS.
//!
//! A [`Rehearsal`] takes a definition, as it is emitted or written, with everybody who answers its tasks, and gives an
//! [`Outcome`]: how the execution ended, what was called with what, and when. Hours of waiting take no time. The same
//! rehearsal has the same outcome every time.
//!
//! ```
//! use rehearsal::{Mock, Rehearsal};
//! use serde_json::json;
//! use std::time::Duration;
//!
//! let definition = json!({"StartAt": "Submit", "States": {"Submit": {
//!     "Type": "Task",
//!     "Resource": "arn:aws:states:::aws-sdk:bedrock:createModelInvocationJob",
//!     "Retry": [{"ErrorEquals": ["Bedrock.ThrottlingException"], "IntervalSeconds": 60}],
//!     "End": true,
//! }}});
//! let throttled = Mock::fails("Bedrock.ThrottlingException", "slow down");
//! let outcome = Rehearsal::of(&definition)
//!     .task("Submit", throttled.then(Mock::answers(json!({"JobArn": "arn:job"}))))
//!     .run()?;
//! assert_eq!(outcome.output(), Some(&json!({"JobArn": "arn:job"})));
//! assert_eq!(outcome.elapsed(), Duration::from_secs(60));
//! assert_eq!(outcome.calls("Submit").len(), 2);
//! # Ok::<_, rehearsal::Error>(())
//! ```
//!
//! It is a harness for tests, no emulator: what it does not know how to run, it refuses by name before the run starts.
#![warn(missing_docs)]

mod callback;
mod clock;
mod engine;
mod error;
mod failure;
mod history;
mod mock;
mod moment;
mod objects;
mod outcome;
mod program;
mod query;
mod random;
mod rehearsal;
mod stage;

pub use callback::Callback;
pub use error::{Error, Refusal};
pub use failure::Failure;
pub use history::{Call, Event, EventKind};
pub use mock::Mock;
pub use objects::Objects;
pub use outcome::{Outcome, Status};
pub use rehearsal::Rehearsal;
