use std::fmt;

use crate::{Error, toolchain::Toolchain};

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
    toolchain: &Toolchain,
) -> Result<Option<&'static str>, Error> {
    let triple = architecture.triple();
    if toolchain.host == triple {
        return Ok(None);
    }
    if !toolchain.has_target(triple) {
        return Err(Error::TargetMissing {
            architecture,
            triple,
        });
    }
    Ok(Some(triple))
}
