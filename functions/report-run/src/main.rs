//! The bootstrap of the `report-run` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(report_run::handle)
}
