//! What infrastructure and functions must agree on: contracts, capabilities, settings, records, prompts and models.
//!
//! A function's contract is one struct with two phases. When a template is synthesized its fields are *grants* on
//! resources of the stack; when the function runs, the very same fields are the *clients*. Environment variables and
//! IAM statements follow from the fields, so neither side can forget or misspell one:
//!
//! ```
//! use shared::{Contract, Phase, Ports};
//!
//! /// Copies objects.
//! #[derive(Ports)]
//! struct Copy<P: Phase> {
//!     source: P::ReadObjects,
//!     target: P::WriteObjects,
//!     limit: P::Setting<u32>,
//! }
//! impl<P: Phase> Contract for Copy<P> {
//!     const NAME: &'static str = "copy";
//!     type Event = shared::events::s3::Notification;
//!     type Response = u32;
//!     type Failure = shared::ErrorKind;
//! }
//! ```
#![warn(missing_docs)]

// The derive names this crate by its absolute path, in this crate too.
extern crate self as shared;

pub mod batch;
pub mod capability;
mod contract;
pub mod contracts;
pub mod events;
mod failure;
mod fields;
pub mod model;
mod phase;
pub mod record;
pub mod records;
#[cfg(feature = "run")]
pub mod run;
mod setting;
mod task_token;
pub mod telemetry;
mod variants;

pub use contract::Contract;
pub use failure::{ErrorKind, NoFailure};
pub use fields::{FieldMaker, FieldVisitor, Fields, FieldsOf, Presence, Projection};
pub use phase::{Phase, PortSource, PortVisitor, Ports, environment_variable};
pub use setting::{SettingError, SettingValue};
pub use shared_derive::{Fields, Ports, Variants};
pub use task_token::TaskToken;
pub use variants::Variants;
