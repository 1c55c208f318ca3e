//! Function crates to Lambda deployment packages: one `cargo build` for all of them, each executable checked against the
//! Lambda runtime and zipped so that the same executable always gives the same bytes.
//!
//! ```no_run
//! use package::{Architecture, Profile, Request};
//!
//! let assets = package::build(&mut Request {
//!     workspace_root: ".".as_ref(),
//!     functions: &["unzip", "extract"],
//!     profile: Profile::Deployed,
//!     architecture: Architecture::X86_64,
//!     progress: &mut |_| {},
//! })?;
//! for asset in &assets {
//!     assert_eq!(asset.key, format!("assets/{}/{}.zip", asset.function, asset.sha256));
//! }
//! # Ok::<(), package::Error>(())
//! ```
#![warn(missing_docs)]

mod archive;
mod asset;
mod builder;
mod cargo;
mod contents;
mod error;
pub mod executable;
mod flags;
mod linker;
mod stamp;
mod target;
mod toolchain;
mod toolmarks;
mod workspace;

pub use asset::{Asset, DEFAULT_BUDGET, UNZIPPED_LIMIT, ZIPPED_CONSOLE_LIMIT, key_prefix};
pub use contents::{Contents, NOT_RUST};
pub use error::Error;
pub use target::Architecture;

use std::path::Path;

use builder::Builder;
use executable::Glibc;

/// What to package and how.
pub struct Request<'a> {
    /// The folder of the workspace's `Cargo.toml`.
    pub workspace_root: &'a Path,
    /// The function crates by name; each has a binary of the same name.
    pub functions: &'a [&'a str],
    /// How to compile.
    pub profile: Profile,
    /// The processor the functions will run on.
    pub architecture: Architecture,
    /// Called as the work goes on.
    pub progress: &'a mut dyn FnMut(Progress<'_>),
}

/// The two ways of compiling a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Cargo's profile `lambda`: small and fast, minutes to compile. Needs an up-to-date `Cargo.lock`.
    Deployed,
    /// Cargo's profile `dev`, without symbols: for demonstrations and tests.
    Quick,
}

impl Profile {
    /// The name of the folder that holds this profile's packages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deployed => "deployed",
            Self::Quick => "quick",
        }
    }
}

/// What happens while packaging.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Cargo has finished a crate.
    Compiled {
        /// The crate's name.
        name: &'a str,
        /// Whether it was already there from an earlier build.
        fresh: bool,
    },
    /// A line of Cargo's own account, such as `Compiling ring v0.17.14`.
    Cargo(&'a str),
    /// An executable needs a newer C library than the runtime's: all are linked again by cargo-zigbuild.
    LinkedAgain {
        /// The first function whose executable does.
        function: &'a str,
        /// The version it asks for.
        required: Glibc,
        /// What it asks too new versions of, such as `arc4random (GLIBC_2.36)`. Empty if it is the file's format that is too new.
        symbols: &'a [String],
    },
    /// A function is packaged.
    Packaged(&'a Asset),
    /// A function's package was there already, made of the same executable.
    Kept(&'a Asset),
}

/// Compiles the functions and writes `<target>/lambda/<profile>/<architecture>/<function>.zip` for each, in the order of the
/// request.
pub fn build(request: &mut Request<'_>) -> Result<Vec<Asset>, Error> {
    let workspace = workspace::read(request.workspace_root)?;
    let (mut builder, linker) = Builder::new(request, &workspace)?;
    let executables = builder.executables(linker)?;
    builder.assets(&executables)
}

/// Links the functions once more, with their symbols, and reads what they consist of, in the order of the request.
///
/// Only the functions' own crates are compiled anew. With the deployed profile that takes as long as linking does, minutes for
/// many functions: it is meant for those that are too large.
pub fn contents(request: &mut Request<'_>) -> Result<Vec<Contents>, Error> {
    let workspace = workspace::read(request.workspace_root)?;
    let (builder, linker) = Builder::new(request, &workspace)?;
    builder.with_symbols().contents(linker)
}
