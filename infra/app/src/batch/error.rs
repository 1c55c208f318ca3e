//! Errors of `infra batch`: what happened, and what to type next.

use miette::Diagnostic;
use runs::RunError;
use shared::batch::chunk::ChunkError;
use tables::TableError;

/// Why a command of the batch system failed.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum BatchError {
    /// The stack is not a batch stack, or an older one.
    #[error("stack `{stack}` has no output `{output}`")]
    #[diagnostic(
        code(infra::batch::stack),
        help("deploy the batch stack of this version: `cargo infra deploy batch`")
    )]
    Output {
        /// The stack.
        stack: String,
        /// The missing output.
        output: &'static str,
    },
    /// A service refused a call.
    #[error(transparent)]
    #[diagnostic(code(infra::batch::service))]
    Service(Box<deploy::Error>),
    /// The request breaks a rule, or its table cannot be read. The message has all of it, so no cause is told after it.
    #[error("{0}")]
    #[diagnostic(code(infra::batch::request), help("nothing was sent"))]
    Request(RunError),
    /// A result cannot be read.
    #[error(transparent)]
    #[diagnostic(
        code(infra::batch::results),
        help("delete the file and run the command again")
    )]
    Result(#[from] TableError),
    /// The records cannot be divided into jobs.
    #[error(transparent)]
    #[diagnostic(code(infra::batch::request), help("nothing was sent"))]
    Chunks(#[from] ChunkError),
    /// Too few records, and on demand was ruled out.
    #[error("the run has {records} records, and a batch job of this model needs {minimum}")]
    #[diagnostic(
        code(infra::batch::request),
        help(
            "give it more records, or send them one by one at the full price: `--below-minimum on-demand`"
        )
    )]
    BelowMinimum {
        /// Records there are.
        records: u64,
        /// Records a job must have.
        minimum: u64,
    },
    /// A request file cannot be read.
    #[error("cannot read the request `{path}`: {problem}")]
    #[diagnostic(
        code(infra::batch::request),
        help(
            "give it one JSON object with the fields of the state machine's input, for example {{\"model_id\": \"...\", \"prompt_id\": \"...\"}}"
        )
    )]
    RequestFile {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An option is missing.
    #[error("{what} is missing")]
    #[diagnostic(code(infra::batch::request), help("{help}"))]
    Missing {
        /// What is missing.
        what: &'static str,
        /// What to type.
        help: &'static str,
    },
    /// Not a possible name of a run.
    #[error("`{name}` cannot be the name of a run: {why}")]
    #[diagnostic(
        code(infra::batch::name),
        help("choose another with --name, or leave it out to have one made")
    )]
    Name {
        /// The name.
        name: String,
        /// The rule it breaks.
        why: &'static str,
    },
    /// The name is taken.
    #[error("there is a run `{0}` already")]
    #[diagnostic(
        code(infra::batch::name),
        help("choose another with --name; see the run with `cargo infra batch status {0}`")
    )]
    Taken(String),
    /// There is no such run.
    #[error("there is no run `{run}`")]
    #[diagnostic(code(infra::batch::run), help("{known}"))]
    UnknownRun {
        /// The name given.
        run: String,
        /// The recent ones.
        known: String,
    },
    /// A run is under way.
    #[error("run `{run}` is still running, in execution `{execution}`")]
    #[diagnostic(
        code(infra::batch::run),
        help(
            "wait for it with `cargo infra batch status {run} --watch`, or end it with `cargo infra batch stop {run}`"
        )
    )]
    StillRunning {
        /// The run.
        run: String,
        /// Its execution.
        execution: String,
    },
    /// No run is under way.
    #[error("run `{run}` is not running: it {state}")]
    #[diagnostic(
        code(infra::batch::run),
        help("see what it came to with `cargo infra batch status {run}`")
    )]
    NotRunning {
        /// The run.
        run: String,
        /// What it is instead.
        state: &'static str,
    },
    /// The run left no manifest.
    #[error("run `{0}` was not divided into chunks: it has nothing to redrive or to download")]
    #[diagnostic(
        code(infra::batch::run),
        help("see why with `cargo infra batch status {0}`, then start a new run")
    )]
    NotDivided(String),
    /// All rows have an answer, or none that could get one.
    #[error("there is nothing to redrive in run `{run}`: {why}")]
    #[diagnostic(
        code(infra::batch::redrive),
        help("download what there is with `cargo infra batch results {run}`")
    )]
    NothingToRedrive {
        /// The run.
        run: String,
        /// How its rows are.
        why: String,
    },
    /// A file of the run is not what it should be.
    #[error("`{uri}` is not {what}: {problem}")]
    #[diagnostic(
        code(infra::batch::run),
        help("it was changed by somebody else: restore the version that the run wrote")
    )]
    Broken {
        /// The object.
        uri: String,
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// There are no results yet.
    #[error("run `{0}` has no results yet")]
    #[diagnostic(
        code(infra::batch::results),
        help(
            "see how far it is with `cargo infra batch status {0}`; results appear chunk by chunk"
        )
    )]
    NoResults(String),
    /// There are no results as CSV.
    #[error("run `{0}` has no results as CSV")]
    #[diagnostic(
        code(infra::batch::results),
        help("leave out --csv to download Parquet; a run started with --csv writes both")
    )]
    NoCsv(String),
    /// A download did not arrive whole.
    #[error("`{key}` arrived with {found} bytes instead of {expected}")]
    #[diagnostic(
        code(infra::batch::results),
        help("run the command again: files that are whole are not fetched twice")
    )]
    Truncated {
        /// The object.
        key: String,
        /// Bytes it has.
        expected: u64,
        /// Bytes that came.
        found: u64,
    },
    /// A key that would leave the folder.
    #[error("the object `{0}` has a name that cannot be a file's")]
    #[diagnostic(
        code(infra::batch::results),
        help(
            "no function of the batch system writes such a key: look at it in S3 before you fetch it by hand"
        )
    )]
    Key(String),
    /// A file cannot be read or written.
    #[error("cannot {action} `{path}`: {source}")]
    #[diagnostic(code(infra::file))]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The run's last execution failed.
    #[error("run `{run}` {state}: {message}")]
    #[diagnostic(code(infra::batch::run), help("{help}"))]
    RunFailed {
        /// The run.
        run: String,
        /// How it ended.
        state: &'static str,
        /// Why.
        message: String,
        /// What to do.
        help: String,
    },
    /// Rows without an answer.
    #[error("{without} of {records} rows of run `{run}` have no answer")]
    #[diagnostic(code(infra::batch::run), help("{help}"))]
    Unanswered {
        /// The run.
        run: String,
        /// Rows without an answer.
        without: String,
        /// All rows.
        records: String,
        /// What to do.
        help: String,
    },
    /// No record could be sent in a dry run.
    #[error("none of the first {0} records could be sent")]
    #[diagnostic(
        code(infra::batch::dry_run),
        help("each one's message is above; correct the table or the request and try again")
    )]
    NothingSent(usize),
}

impl BatchError {
    /// 2 for input that cannot be read, 3 for rows without an answer, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::RequestFile { .. } | Self::Missing { .. } | Self::Name { .. } => 2,
            Self::Unanswered { .. } => 3,
            _ => 1,
        }
    }
}

impl From<RunError> for BatchError {
    fn from(error: RunError) -> Self {
        Self::Request(error)
    }
}

impl From<deploy::Error> for BatchError {
    fn from(error: deploy::Error) -> Self {
        Self::Service(Box::new(error))
    }
}

/// Names a file in an error.
pub(super) fn file(
    action: &'static str,
    path: &std::path::Path,
) -> impl Fn(std::io::Error) -> BatchError + use<> {
    let path = path.display().to_string();
    move |source| BatchError::File {
        action,
        path: path.clone(),
        source,
    }
}
