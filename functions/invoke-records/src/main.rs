//! The bootstrap of the `invoke-records` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(invoke_records::handle)
}
