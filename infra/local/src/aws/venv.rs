//! Provisions the emulator once per machine and version: a virtual environment named after the hash of what is in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::lock::exclusive;
use crate::hash::sha256;
use crate::{Error, Progress, Report};

/// Every package with its exact version.
const REQUIREMENTS: &str = include_str!("../../requirements.txt");

const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// Answers with the interpreter of the environment, which it makes first where it is not there.
///
/// Whoever comes second waits for the first on a lock file; an environment appears under its name only when it is
/// complete, by a rename, so an interrupted installation leaves nothing that looks finished.
pub(super) async fn provision(root: &Path, report: Report<'_>) -> Result<PathBuf, Error> {
    let version = python_version().await?;
    let home = root.join(format!("venv-{}", fingerprint(version)));
    let interpreter = home.join("bin/python");
    if interpreter.exists() {
        return Ok(interpreter);
    }
    fs::create_dir_all(root).map_err(Error::io("create", root))?;
    let _lock = exclusive(&home.with_extension("lock"), || {
        report(Progress::WaitingForOther);
    })
    .await?;
    if interpreter.exists() {
        return Ok(interpreter);
    }
    let unfinished = home.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(Error::io("remove", &unfinished))?;
    }
    install(&unfinished, report).await?;
    fs::rename(&unfinished, &home).map_err(Error::io("rename", &unfinished))?;
    Ok(interpreter)
}

async fn python_version() -> Result<(u32, u32), Error> {
    let script = "import sys; print(sys.version_info.major, sys.version_info.minor)";
    let answer = match run("python3".as_ref(), &["-c".as_ref(), script.as_ref()]).await {
        Ok(answer) => answer,
        Err(Failure::Missing) => return Err(Error::PythonMissing),
        Err(Failure::Failed(detail)) => return Err(Error::VenvUnavailable { detail }),
    };
    let numbers: Vec<u32> = answer
        .split_whitespace()
        .filter_map(|part| part.parse().ok())
        .collect();
    match numbers[..] {
        [major, minor] if (major, minor) >= OLDEST_PYTHON => Ok((major, minor)),
        [major, minor] => Err(Error::PythonTooOld {
            found: format!("{major}.{minor}"),
        }),
        _ => Err(Error::PythonTooOld {
            found: answer.trim().to_owned(),
        }),
    }
}

/// Another interpreter or another list of packages is another environment.
fn fingerprint((major, minor): (u32, u32)) -> String {
    let identity = format!("{REQUIREMENTS}\n{major}.{minor}");
    sha256(identity.as_bytes())[..12].to_owned()
}

async fn install(home: &Path, report: Report<'_>) -> Result<(), Error> {
    report(Progress::CreatingEnvironment {
        path: home.with_extension(""),
    });
    run(
        "python3".as_ref(),
        &["-m".as_ref(), "venv".as_ref(), home.as_ref()],
    )
    .await
    .map_err(|failure| Error::VenvUnavailable {
        detail: failure.into_detail(),
    })?;

    let python = home.join("bin/python");
    let list = home.join("requirements.txt");
    fs::write(&list, REQUIREMENTS).map_err(Error::io("write", &list))?;
    let count = REQUIREMENTS
        .lines()
        .filter(|line| line.contains("=="))
        .count();
    report(Progress::InstallingPackages { count });
    // `--no-deps`: the list is complete, and nothing that is not on it may come along.
    let pip: [&OsStr; 9] = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
        "",
    ]
    .map(OsStr::new);
    let mut arguments = pip.to_vec();
    arguments[8] = list.as_ref();
    run(python.as_ref(), &arguments)
        .await
        .map_err(|failure| Error::Install {
            detail: failure.into_detail(),
        })?;

    let probe = "import duckdb, hypercorn, ministack.app, pytz";
    run(python.as_ref(), &["-c".as_ref(), probe.as_ref()])
        .await
        .map_err(|failure| Error::BrokenInstall {
            path: home.to_path_buf(),
            detail: failure.into_detail(),
        })?;
    Ok(())
}

enum Failure {
    Missing,
    Failed(String),
}

impl Failure {
    fn into_detail(self) -> String {
        match self {
            Self::Missing => "the interpreter is missing".into(),
            Self::Failed(detail) => detail,
        }
    }
}

/// Runs to the end and answers with standard output, or with the end of what it complained about.
async fn run(program: &OsStr, arguments: &[&OsStr]) -> Result<String, Failure> {
    let outcome = Command::new(program)
        .args(arguments)
        .kill_on_drop(true)
        .output()
        .await;
    let output = match outcome {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Failure::Missing),
        Err(error) => return Err(Failure::Failed(error.to_string())),
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let complaint = said + &String::from_utf8_lossy(&output.stderr);
    Err(Failure::Failed(super::process::tail(&complaint, 15)))
}
