use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A step of setting up the local AWS, for whoever shows progress. Its `Display` is one line for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Another process is installing the same environment.
    WaitingForOther,
    /// A virtual environment is made.
    CreatingEnvironment {
        /// Where it will be.
        path: PathBuf,
    },
    /// pip downloads and installs: the longest step, a few seconds to a minute, once per machine and version.
    InstallingPackages {
        /// How many packages are pinned.
        count: usize,
    },
    /// The emulator's process is started.
    Starting,
    /// It answers.
    Ready {
        /// Where.
        endpoint: String,
        /// How long the start took, installation excluded.
        elapsed: Duration,
    },
}

/// Receives the steps. The library itself never prints.
pub type Report<'a> = &'a (dyn Fn(Progress) + Sync);

impl fmt::Display for Progress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WaitingForOther => write!(
                out,
                "waiting for another process that installs the local AWS"
            ),
            Self::CreatingEnvironment { path } => {
                write!(out, "creating the Python environment {}", path.display())
            }
            Self::InstallingPackages { count } => {
                write!(out, "installing the local AWS ({count} packages, once)")
            }
            Self::Starting => write!(out, "starting the local AWS"),
            Self::Ready { endpoint, elapsed } => {
                write!(
                    out,
                    "local AWS is ready at {endpoint} ({:.1} s)",
                    elapsed.as_secs_f64()
                )
            }
        }
    }
}
