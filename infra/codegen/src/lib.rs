//! Resource specification to Rust builders.
