//! Amazon States Language: reads state machine definitions, anybody's.
//!
//! ```
//! use asl::Definition;
//! use serde_json::json;
//!
//! let json = json!({"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": true}}});
//! let definition = Definition::read(&json);
//! assert_eq!(definition.states.get("Rest").unwrap().kind.name(), "Wait");
//! ```
#![warn(missing_docs)]

pub mod check;
pub mod definition;
mod pointer;
pub mod source;
pub mod template;

pub use check::{Finding, Report, Schemas, check};
pub use definition::Definition;
pub use pointer::Pointer;
