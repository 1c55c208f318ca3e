//! The compactor over a bucket in memory that checks after every single change what a query would see.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod files;
mod memory;
mod partitions;
mod visibility;
