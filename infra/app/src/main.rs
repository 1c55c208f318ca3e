//! The `infra` binary.
fn main() {}
