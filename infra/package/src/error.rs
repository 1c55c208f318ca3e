use std::{io, path::PathBuf};

use crate::{Architecture, asset::UNZIPPED_LIMIT, executable, linker};

/// Why the functions could not be packaged, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A Rust tool could not be started.
    #[error(
        "cannot run `{tool}`: {source}; install Rust from https://rustup.rs and have it on the PATH"
    )]
    Tool {
        /// `cargo` or `rustc`.
        tool: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Cargo or rustc rejects the workspace itself.
    #[error(
        "cannot read the workspace in {root}; run this from the workspace, or repair what Cargo complains about:\n{message}"
    )]
    Workspace {
        /// The folder that was asked for.
        root: PathBuf,
        /// The tool's own words.
        message: String,
    },
    /// The request names no function.
    #[error("no function was named; name at least one of: {known}")]
    NoFunctions {
        /// The workspace's function crates.
        known: String,
    },
    /// The request names a function the workspace does not have.
    #[error(
        "there is no function crate `{name}`; the function crates, those in functions/ with a binary of their own name, are: {known}"
    )]
    UnknownFunction {
        /// The unknown name.
        name: String,
        /// The workspace's function crates.
        known: String,
    },
    /// The compiler for the requested processor is not installed.
    #[error("the Rust target for {architecture} is not installed; run `rustup target add {triple}`, and for a linker install cargo-zigbuild and Zig (`pip install cargo-zigbuild ziglang`) or set {}", linker::variable(.triple))]
    TargetMissing {
        /// The requested processor.
        architecture: Architecture,
        /// Its Rust target triple.
        triple: &'static str,
    },
    /// The functions do not compile or link.
    #[error("cannot build {functions}: {blame}; repair this and build again:\n{diagnostics}")]
    Build {
        /// The functions that were asked for.
        functions: String,
        /// The crates the errors are in, when the compiler said so.
        blame: String,
        /// The errors, in Cargo's and the compiler's own words.
        diagnostics: String,
    },
    /// The executable would not start on Lambda.
    #[error("function `{function}` would not start on Lambda: {source}")]
    Executable {
        /// The function.
        function: String,
        /// What is wrong with its executable.
        source: executable::Fault,
    },
    /// The executable is larger than Lambda takes.
    #[error(
        "function `{function}` is {size} bytes and Lambda takes {UNZIPPED_LIMIT}; build the deployed profile, or drop dependencies the function does not need"
    )]
    TooLarge {
        /// The function.
        function: String,
        /// Unzipped bytes.
        size: u64,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {path}: {source}; check the path and the free space on the disk")]
    File {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
