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
mod cargo;
mod error;
pub mod executable;
mod flags;
mod target;
mod toolchain;
mod workspace;

pub use asset::{Asset, UNZIPPED_LIMIT, ZIPPED_CONSOLE_LIMIT};
pub use error::Error;
pub use target::Architecture;

use std::path::Path;

use toolchain::Toolchain;

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
    /// A function is packaged.
    Packaged(&'a Asset),
}

/// Compiles the functions and writes `<target>/lambda/<profile>/<function>.zip` for each, in the order of the request.
pub fn build(request: &mut Request<'_>) -> Result<Vec<Asset>, Error> {
    let workspace = workspace::read(request.workspace_root)?;
    workspace.require_functions(request.functions)?;
    let toolchain = Toolchain::of(request.workspace_root)?;
    let triple = target::cross_triple(request.architecture, &toolchain)?;
    let executables = cargo::build(
        &workspace,
        &cargo::Build {
            functions: request.functions,
            profile: request.profile,
            triple,
            toolchain: &toolchain,
        },
        request.progress,
    )?;
    let folder = workspace
        .target_directory
        .join("lambda")
        .join(request.profile.name());
    let mut assets = Vec::with_capacity(request.functions.len());
    for (function, executable) in request.functions.iter().zip(&executables) {
        let asset = asset::write(&asset::Parts {
            function,
            executable,
            folder: &folder,
            architecture: request.architecture,
            profile: request.profile,
        })?;
        (request.progress)(Progress::Packaged(&asset));
        assets.push(asset);
    }
    Ok(assets)
}
