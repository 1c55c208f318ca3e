use std::{fmt, path::Path, process::Command};

use crate::Error;

/// A processor architecture Lambda offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Architecture {
    /// 64-bit x86.
    X86_64,
    /// AWS Graviton.
    Arm64,
}

impl Architecture {
    /// The name in a function's `Architectures` property.
    pub fn lambda_name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    fn triple(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-unknown-linux-gnu",
            Self::Arm64 => "aarch64-unknown-linux-gnu",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.lambda_name())
    }
}

/// The `--target` that the architecture needs on this machine: none where it is the machine's own, so that the
/// functions share their dependencies' compiled code with the tool and its tests.
pub(crate) fn cross_triple(
    architecture: Architecture,
    workspace: &Path,
) -> Result<Option<&'static str>, Error> {
    let triple = architecture.triple();
    if rustc(workspace, &["--print", "host-tuple"])? == triple {
        return Ok(None);
    }
    let libraries = rustc(workspace, &["--print", "target-libdir", "--target", triple])?;
    if !Path::new(&libraries).is_dir() {
        return Err(Error::TargetMissing {
            architecture,
            triple,
        });
    }
    Ok(Some(triple))
}

/// Runs in the workspace, where its toolchain file applies.
fn rustc(workspace: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output = Command::new("rustc")
        .args(arguments)
        .current_dir(workspace)
        .output()
        .map_err(|source| Error::Tool {
            tool: "rustc",
            source,
        })?;
    if !output.status.success() {
        return Err(Error::Workspace {
            root: workspace.to_owned(),
            message: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
