//! What the functions of the batch system share: buckets under tables, tables of every source, and the Hub.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod files;
mod hub;
mod images;
mod ports;
mod rows;
mod server;
mod support;
mod tables_of_sources;
