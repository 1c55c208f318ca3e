//! The bootstrap of the `submit-job` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(submit_job::handle)
}
