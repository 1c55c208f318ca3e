//! Who links: the machine's own linker, or Zig's by cargo-zigbuild, for other processors and older C libraries.

use std::{env, path::Path};

use crate::{Error, cargo, executable::RUNTIME_GLIBC, target::Architecture, toolchain::Toolchain};

/// How executables for a processor come about on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Linker {
    /// The machine's own, for its own processor: no `--target`, so that the functions share their dependencies' compiled code
    /// with the tool and its tests.
    Native,
    /// A linker for another processor that the user has set up.
    Cross(&'static str),
    /// Zig's.
    Zig(&'static str),
}

impl Linker {
    /// The one to begin with.
    pub(crate) fn choose(
        architecture: Architecture,
        toolchain: &Toolchain,
        workspace: &Path,
    ) -> Result<Self, Error> {
        let triple = architecture.triple();
        if toolchain.host == triple {
            return Ok(Self::Native);
        }
        if !toolchain.has_target(triple) {
            return Err(Error::TargetMissing {
                architecture,
                triple,
            });
        }
        if env::var_os(variable(triple)).is_none() && is_zigbuild_installed(workspace) {
            return Ok(Self::Zig(triple));
        }
        Ok(Self::Cross(triple))
    }

    /// The one to try when the machine's C library turned out to be newer than the runtime's.
    pub(crate) fn for_older_glibc(
        self,
        architecture: Architecture,
        workspace: &Path,
    ) -> Option<Self> {
        let is_other = !matches!(self, Self::Zig(_));
        (is_other && is_zigbuild_installed(workspace)).then(|| Self::Zig(architecture.triple()))
    }

    /// The command of Cargo that builds.
    pub(crate) fn subcommand(self) -> &'static str {
        match self {
            Self::Native | Self::Cross(_) => "build",
            Self::Zig(_) => "zigbuild",
        }
    }

    /// What follows `--target`.
    pub(crate) fn target(self) -> Option<String> {
        match self {
            Self::Native => None,
            Self::Cross(triple) => Some(triple.to_owned()),
            Self::Zig(triple) => Some(format!("{triple}.{RUNTIME_GLIBC}")),
        }
    }

    /// Variables that name other linkers and compilers: cargo-zigbuild would leave them as they are, and build with these.
    pub(crate) fn overruled(self) -> Vec<String> {
        match self {
            Self::Native | Self::Cross(_) => Vec::new(),
            Self::Zig(triple) => {
                let tools = ["CC", "CXX", "AR"].into_iter();
                let names = [triple.to_owned(), triple.replace('-', "_")];
                let mut variables: Vec<String> = tools
                    .flat_map(|tool| names.iter().map(move |name| format!("{tool}_{name}")))
                    .collect();
                variables.push(variable(triple));
                variables
            }
        }
    }

    /// What to do about a build that failed, where that may be for want of a linker.
    pub(crate) fn advice(self) -> String {
        match self {
            Self::Native | Self::Zig(_) => String::new(),
            Self::Cross(triple) => format!(
                "; {triple} needs a linker and a C compiler: install cargo-zigbuild and Zig (`pip install cargo-zigbuild ziglang`), or set {} and CC_{}",
                variable(triple),
                triple.replace('-', "_")
            ),
        }
    }
}

/// By which Cargo is told a linker.
pub(crate) fn variable(triple: &str) -> String {
    let triple = triple.to_uppercase().replace('-', "_");
    format!("CARGO_TARGET_{triple}_LINKER")
}

fn is_zigbuild_installed(workspace: &Path) -> bool {
    cargo::command(workspace)
        .args(["zigbuild", "--help"])
        .output()
        .is_ok_and(|output| output.status.success())
}
