//! The functions that deal with jobs, in a world in memory: jobs, their rows, and a machine that waits.

mod events;
mod races;
mod reconciling;
mod rows;
mod snapshots;
mod stopping;
mod submissions;
mod support;
