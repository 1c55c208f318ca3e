//! The bootstrap of the `postprocess` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(postprocess::handle)
}
