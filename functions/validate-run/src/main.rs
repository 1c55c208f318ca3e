//! The bootstrap of the `validate-run` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(validate_run::handle)
}
