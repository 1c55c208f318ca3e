use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use serde::Deserialize;

use crate::{
    Error, Profile, Progress, flags, linker::Linker, toolchain::Toolchain, workspace::Workspace,
};

/// How many lines of Cargo's own account an error repeats when the compiler reported none.
const ACCOUNT_LINES: usize = 40;

/// What to compile.
pub(crate) struct Build<'a> {
    pub(crate) functions: &'a [&'a str],
    pub(crate) profile: Profile,
    pub(crate) linker: Linker,
    pub(crate) toolchain: &'a Toolchain,
    /// Whether executables keep their symbols.
    pub(crate) symbols: bool,
}

/// Cargo in the workspace, as if started from a shell.
///
/// A program started by `cargo run` or `cargo test` inherits variables that describe *its* package. Build scripts (ring's is one)
/// watch them, and would run again, with everything that depends on them.
pub(crate) fn command(workspace: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(describes_a_package) {
            command.env_remove(name);
        }
    }
    command
}

fn describes_a_package(variable: &str) -> bool {
    const NAMES: [&str; 8] = [
        "CARGO",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
        "OUT_DIR",
    ];
    NAMES.contains(&variable)
        || variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_BIN_EXE_")
}

/// Compiles the functions together and returns their executables, in the order of the request.
pub(crate) fn build(
    workspace: &Workspace,
    build: &Build<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Vec<PathBuf>, Error> {
    let outcome = run(&mut build.command(workspace), progress)?;
    let executables: Option<Vec<PathBuf>> = build
        .functions
        .iter()
        .map(|function| outcome.executables.get(*function).cloned())
        .collect();
    match executables {
        Some(executables) if outcome.success => Ok(executables),
        _ => Err(outcome.into_error(workspace, build)),
    }
}

impl Build<'_> {
    fn command(&self, workspace: &Workspace) -> Command {
        let mut command = command(&workspace.root);
        for variable in self.linker.overruled() {
            command.env_remove(variable);
        }
        command.args([self.linker.subcommand(), "--message-format", "json"]);
        command.args(["--color", "never"]);
        if let Some(target) = self.linker.target() {
            command.args(["--target", &target]);
        }
        match self.profile {
            Profile::Deployed => self.deployed(&mut command, workspace),
            Profile::Quick => self.quick(&mut command),
        }
        command
    }

    /// The same commit gives the same bytes in any folder: the lock file is law and paths of this machine stay out.
    ///
    /// All functions are selected, whichever are built: Cargo unites the features of what is selected, and a function must not
    /// depend on which others are built beside it.
    fn deployed(&self, command: &mut Command, workspace: &Workspace) {
        command.args(["--profile", "lambda", "--locked"]);
        for function in workspace.functions() {
            command.args(["--package", function]);
        }
        for function in self.functions {
            command.args(["--bin", function]);
            if self.symbols {
                command.arg("--config");
                command.arg(format!("profile.lambda.package.{function}.strip=\"none\""));
            }
        }
        flags::add(command, &flags::reproducible(workspace, self.toolchain));
    }

    /// The dependencies of the tool and its tests, compiled once: the whole workspace is selected, for Cargo unites the
    /// features of what is selected, and symbols are left out at the link of the functions only.
    fn quick(&self, command: &mut Command) {
        command.arg("--workspace");
        for function in self.functions {
            command.args(["--bin", function, "--config"]);
            command.arg(format!("profile.dev.package.{function}.strip=\"symbols\""));
        }
    }
}

/// A line of Cargo's JSON messages, as far as we read it.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact {
        target: Named,
        fresh: bool,
        executable: Option<PathBuf>,
    },
    #[serde(rename = "compiler-message")]
    Compiler {
        package_id: String,
        target: Named,
        message: Diagnostic,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// A line from either of Cargo's two streams.
enum Line {
    Message(String),
    Account(String),
}

#[derive(Default)]
struct Outcome {
    success: bool,
    executables: BTreeMap<String, PathBuf>,
    /// Package id, target name and text of each compiler error.
    errors: Vec<(String, String, String)>,
    account: Vec<String>,
}

fn run(command: &mut Command, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Outcome, Error> {
    let failed = |source| Error::Tool {
        tool: "cargo",
        source,
    };
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (sender, lines) = mpsc::channel();
    forward(child.stdout.take(), sender.clone(), Line::Message);
    forward(child.stderr.take(), sender, Line::Account);

    let mut outcome = Outcome::default();
    for line in lines {
        outcome.take(line, progress);
    }
    outcome.success = child.wait().map_err(failed)?.success();
    Ok(outcome)
}

fn forward(
    stream: Option<impl Read + Send + 'static>,
    lines: mpsc::Sender<Line>,
    wrap: fn(String) -> Line,
) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if lines.send(wrap(line)).is_err() {
                return;
            }
        }
    });
}

impl Outcome {
    fn take(&mut self, line: Line, progress: &mut dyn FnMut(Progress<'_>)) {
        match line {
            Line::Account(line) => {
                progress(Progress::Cargo(line.trim()));
                self.account.push(line);
            }
            // Build scripts and procedural macros may print to the same stream; what is not a message is not ours.
            Line::Message(line) => {
                if let Ok(message) = serde_json::from_str(&line) {
                    self.take_message(message, progress);
                }
            }
        }
    }

    fn take_message(&mut self, message: Message, progress: &mut dyn FnMut(Progress<'_>)) {
        match message {
            Message::Artifact {
                target,
                fresh,
                executable,
            } => {
                progress(Progress::Compiled {
                    name: &target.name,
                    fresh,
                });
                if let Some(executable) = executable {
                    self.executables.insert(target.name, executable);
                }
            }
            Message::Compiler {
                package_id,
                target,
                message,
            } if message.level == "error" => {
                self.errors.push((
                    package_id,
                    target.name,
                    message.rendered.unwrap_or_default(),
                ));
            }
            Message::Compiler { .. } | Message::Other => {}
        }
    }

    fn into_error(self, workspace: &Workspace, build: &Build<'_>) -> Error {
        let functions = build.functions.join(", ");
        if self.errors.is_empty() {
            let skipped = self.account.len().saturating_sub(ACCOUNT_LINES);
            return Error::Build {
                functions,
                blame: format!("Cargo stopped{}", build.linker.advice()),
                diagnostics: self.account[skipped..].join("\n"),
            };
        }
        let mut blamed: Vec<&str> = self
            .errors
            .iter()
            .map(|(id, target, _)| workspace.member(id).unwrap_or(target))
            .collect();
        blamed.dedup();
        let diagnostics: Vec<&str> = self
            .errors
            .iter()
            .map(|(_, _, text)| text.as_str())
            .collect();
        Error::Build {
            blame: format!(
                "crate `{}` has errors{}",
                blamed.join("`, `"),
                build.linker.advice()
            ),
            diagnostics: diagnostics.join("\n"),
            functions,
        }
    }
}
