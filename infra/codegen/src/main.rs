//! Writes the generated builders, or checks with `--check` that they are up to date.

use std::path::Path;
use std::process::ExitCode;

use codegen::files;
use codegen::lock::NameLock;

#[expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a command talks to its terminal"
)]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--check"] => true,
        _ => {
            eprintln!("usage: codegen [--check]");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(changed) if changed.is_empty() => ExitCode::SUCCESS,
        Ok(changed) if check => {
            for path in changed {
                eprintln!("{path} is not what the specification says");
            }
            eprintln!("run `cargo run -p codegen` and commit the result");
            ExitCode::FAILURE
        }
        Ok(changed) => {
            println!("{} files written", changed.len());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The paths that differ from the specification; without `check` they are brought up to date.
fn run(check: bool) -> Result<Vec<String>, codegen::Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let lock = NameLock::read(&root.join(files::LOCK))?;
    let generated = codegen::generate(spec::Specification::embedded(), &lock)?;
    let drifted = files::drift(&root, &generated)?;
    if !check {
        files::write(&root, &generated, &drifted)?;
    }
    Ok(drifted)
}
