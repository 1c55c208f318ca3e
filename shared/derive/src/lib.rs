//! The Ports derive.
