//! Local AWS on this machine, without an account: an existing emulator, provisioned, supervised and stopped ([`aws`]),
//! the Bedrock runtime simulator it lacks ([`bedrock`]), and the sample covers that both are tried with ([`covers`]).
//!
//! The library never prints. Long steps report themselves through a [`Progress`] callback.
#![warn(missing_docs)]

pub mod aws;
mod barcode;
pub mod bedrock;
pub mod catalogue;
pub mod covers;
mod error;
mod hash;
mod http;
mod progress;

pub use error::Error;
pub use progress::{Progress, Report};
