//! The bootstrap of the `stop-jobs` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(stop_jobs::handle)
}
