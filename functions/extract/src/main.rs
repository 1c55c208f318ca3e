//! The bootstrap of the `extract` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(extract::handle)
}
