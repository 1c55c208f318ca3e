//! The bootstrap of the `track-job` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(track_job::handle)
}
