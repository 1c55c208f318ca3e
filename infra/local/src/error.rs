use std::io;
use std::path::{Path, PathBuf};

/// Why the local AWS could not be provisioned, started or stopped. Every message says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No `python3` on the path.
    #[error(
        "python3 was not found on the PATH; the local AWS runs on it: install Python 3.10 or newer (`apt-get install python3 python3-venv`, `brew install python`)"
    )]
    PythonMissing,

    /// The user's Python is older than the emulator supports.
    #[error(
        "python3 is version {found}, the local AWS needs 3.10 or newer: install one and put it first on the PATH"
    )]
    PythonTooOld {
        /// What `python3` said it is, `3.9` for example.
        found: String,
    },

    /// Python came without the means to make a virtual environment (Debian splits them off).
    #[error(
        "python3 cannot make a virtual environment: install its venv and pip (`apt-get install python3-venv`), then try again\n{detail}"
    )]
    VenvUnavailable {
        /// What Python said.
        detail: String,
    },

    /// `pip` failed, most often for want of a network.
    #[error(
        "pip could not install the local AWS: check the network (or pip's index and proxy settings) and try again; it is needed only once\n{detail}"
    )]
    Install {
        /// The end of what pip said.
        detail: String,
    },

    /// The installed packages do not import.
    #[error("the local AWS was installed but does not load: remove {path} and try again\n{detail}")]
    BrokenInstall {
        /// The virtual environment.
        path: PathBuf,
        /// What Python said.
        detail: String,
    },

    /// The emulator or the simulator did not come up.
    #[error("{what} did not start: {reason}\n{log}")]
    NotStarted {
        /// Which process.
        what: &'static str,
        /// What was waited for.
        reason: String,
        /// The end of its log.
        log: String,
    },

    /// `infra local up` while one is running that was started with another region.
    #[error("a local AWS is running for region {running}, not {wanted}: `infra local down` first")]
    OtherRegion {
        /// The region of the running one.
        running: String,
        /// The region asked for.
        wanted: String,
    },

    /// The state file of `infra local up` is not ours, or of another version.
    #[error(
        "{path} is not a state file of this version ({reason}): stop what it names, then remove it"
    )]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A file or process operation failed.
    #[error("could not {action} {path}: {source}")]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: names what was tried, on which path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }
}
