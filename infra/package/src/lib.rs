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
mod linker;
mod stamp;
mod target;
mod toolchain;
mod workspace;

pub use asset::{Asset, UNZIPPED_LIMIT, ZIPPED_CONSOLE_LIMIT};
pub use error::Error;
pub use target::Architecture;

use std::path::{Path, PathBuf};

use asset::{Parts, Work};
use executable::Fault;
use linker::Linker;
use toolchain::Toolchain;
use workspace::Workspace;

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
    LinkedAgain(&'a Error),
    /// A function is packaged.
    Packaged(&'a Asset),
    /// A function's package was there already, made of the same executable.
    Kept(&'a Asset),
}

/// Compiles the functions and writes `<target>/lambda/<profile>/<function>.zip` for each, in the order of the request.
pub fn build(request: &mut Request<'_>) -> Result<Vec<Asset>, Error> {
    let workspace = workspace::read(request.workspace_root)?;
    workspace.require_functions(request.functions)?;
    let toolchain = Toolchain::of(request.workspace_root)?;
    let linker = Linker::choose(request.architecture, &toolchain, &workspace.root)?;
    let mut builder = Builder {
        request,
        workspace: &workspace,
        toolchain: &toolchain,
    };
    let executables = builder.executables(linker)?;
    builder.assets(&executables)
}

/// A request with what it takes to fulfil it.
struct Builder<'a, 'request> {
    request: &'a mut Request<'request>,
    workspace: &'a Workspace,
    toolchain: &'a Toolchain,
}

impl Builder<'_, '_> {
    /// Executables that would start, in the order of the request.
    fn executables(&mut self, linker: Linker) -> Result<Vec<PathBuf>, Error> {
        let executables = self.compile(linker)?;
        let Err(error) = self.check(&executables) else {
            return Ok(executables);
        };
        let older = match &error {
            Error::Executable {
                source: Fault::Glibc { .. },
                ..
            } => linker.for_older_glibc(self.request.architecture, &self.workspace.root),
            _ => None,
        };
        let Some(linker) = older else {
            return Err(error);
        };
        (self.request.progress)(Progress::LinkedAgain(&error));
        self.compile(linker)
    }

    fn compile(&mut self, linker: Linker) -> Result<Vec<PathBuf>, Error> {
        let build = cargo::Build {
            functions: self.request.functions,
            profile: self.request.profile,
            linker,
            toolchain: self.toolchain,
        };
        cargo::build(self.workspace, &build, self.request.progress)
    }

    /// Before anything is zipped, and one by one: together they may not fit into memory.
    fn check(&self, executables: &[PathBuf]) -> Result<(), Error> {
        let folder = self.folder();
        for (function, executable) in self.request.functions.iter().zip(executables) {
            self.parts(function, executable, &folder, "").checked()?;
        }
        Ok(())
    }

    fn assets(&mut self, executables: &[PathBuf]) -> Result<Vec<Asset>, Error> {
        let (folder, lock) = (self.folder(), self.workspace.lock());
        let mut assets = Vec::with_capacity(executables.len());
        for (function, executable) in self.request.functions.iter().zip(executables) {
            let (asset, work) = self.parts(function, executable, &folder, &lock).write()?;
            (self.request.progress)(match work {
                Work::Zipped => Progress::Packaged(&asset),
                Work::Kept => Progress::Kept(&asset),
            });
            assets.push(asset);
        }
        Ok(assets)
    }

    fn parts<'b>(
        &self,
        function: &'b str,
        executable: &'b Path,
        folder: &'b Path,
        lock: &'b str,
    ) -> Parts<'b> {
        Parts {
            function,
            executable,
            folder,
            architecture: self.request.architecture,
            profile: self.request.profile,
            lock,
        }
    }

    fn folder(&self) -> PathBuf {
        let target = &self.workspace.target_directory;
        target.join("lambda").join(self.request.profile.name())
    }
}
