//! The bootstrap of the `unzip` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(unzip::handle)
}
