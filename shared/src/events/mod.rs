//! Events that AWS services send to functions.
//!
//! Own types, lenient where the services are known to deviate from their documentation, and round-trippable, so that a
//! failure message can carry the event it is about.

pub mod s3;
pub mod sqs;
