//! The commands that look after what is deployed.

mod destroy;
mod drift;
mod gc;
mod import;
mod outputs;
mod sync;
