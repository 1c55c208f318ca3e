//! The bootstrap of the `reconcile-jobs` function.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run::main(reconcile_jobs::handle)
}
