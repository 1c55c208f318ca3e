//! End-to-end tests over everything.
