//! The engines from the outside: tables in bytes, files in memory.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod chunks;
mod csv_input;
mod join;
mod looking_ahead;
mod memory;
mod parquet_input;
mod redrive;
mod round_trip;
mod routing;
mod schemas;
