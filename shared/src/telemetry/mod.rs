//! Log lines and metrics, as text: what the functions write and dashboards, alarms and saved queries read.
//!
//! Everything here is a pure function of its input, time included. The run phase adds the clock and standard output.

pub mod log;
pub mod metrics;
