//! The bootstrap of the `compact` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(compact::handle)
}
