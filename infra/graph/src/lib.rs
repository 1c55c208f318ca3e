//! Pictures of state machines and of stacks.
//!
//! [`machine`] and [`stack`] say what is in the picture, a [`Drawing`]; how it is written is the same for both:
//! [`Drawing::to_mermaid`] for pages that GitHub renders, [`Drawing::to_svg`] for everywhere else.
//!
//! ```
//! use asl::Definition;
//! use serde_json::json;
//!
//! let json = json!({"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 90, "End": true}}});
//! let mermaid = graph::machine(&Definition::read(&json)).to_mermaid();
//! assert!(mermaid.contains(r#"Rest>"Rest<br/>wait 90 s"]"#), "{mermaid}");
//! ```
#![warn(missing_docs)]

mod drawing;
mod error;
mod look;
mod machine;
mod mermaid;
mod stack;
mod svg;
mod words;

pub use drawing::{Drawing, Edge, Line, Node, Scene};
pub use error::Error;
pub use look::Look;
pub use machine::machine;
pub use stack::stack;
