//! The bootstrap of the `preprocess` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(preprocess::handle)
}
