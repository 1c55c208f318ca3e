//! The commands as a user runs them: the binary, its output and its exit code.

mod check_asl;
mod synth;
