//! Errors as a person meets them: what happened, and what to type next.

use miette::Diagnostic;

/// Why a command failed. Wrong usage is told by the argument parser.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum CommandError {
    /// A name that is no stack.
    #[error("there is no stack `{name}`")]
    #[diagnostic(code(infra::stack), help("the stacks are: {known}"))]
    UnknownStack {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The deployed stack cannot have that name.
    #[error(transparent)]
    #[diagnostic(code(infra::stack_name), help("choose another with --stack-name"))]
    StackName(#[from] constructs::deployed_name::DeployedNameError),
    /// The template breaks the specification: the stack's source has to change.
    #[error("the template of stack `{stack}` is not valid\n\n{findings}")]
    #[diagnostic(
        code(infra::template),
        help(
            "correct the source lines named above, or suppress a finding with a reason in the resource's metadata"
        )
    )]
    InvalidTemplate {
        /// The stack.
        stack: String,
        /// The findings, rendered.
        findings: String,
    },
    /// The stack program itself made an error, such as a name used twice.
    #[error("stack `{stack}` cannot be synthesized: {message}")]
    #[diagnostic(code(infra::synth))]
    Synth {
        /// The stack.
        stack: String,
        /// What is wrong.
        message: String,
    },
    /// Packaging failed.
    #[error(transparent)]
    #[diagnostic(code(infra::package))]
    Package(#[from] package::Error),
    /// Deployment failed.
    #[error(transparent)]
    #[diagnostic(code(infra::deploy))]
    Deploy(Box<deploy::Error>),
    /// An operation on a stack ran and failed.
    #[error("{message}")]
    #[diagnostic(code(infra::deploy), help("{help}"))]
    Operation {
        /// What failed, the first cause first.
        message: String,
        /// What to do now.
        help: String,
    },
    /// Stacks that were deployed at the same time, and failed.
    #[error("{} things failed", .0.len())]
    #[diagnostic(code(infra::deploy))]
    Several(#[related] Vec<Self>),
    /// The user left an operation running.
    #[error("CloudFormation goes on with stack `{0}`, and nobody watches")]
    #[diagnostic(
        code(infra::interrupted),
        help("run the same command again to take it up")
    )]
    Detached(String),
    /// The user took an operation back.
    #[error("what was begun on stack `{0}` was cancelled, and everything of it is taken back")]
    #[diagnostic(code(infra::interrupted))]
    Cancelled(String),
    /// The user pressed Ctrl-C before CloudFormation began to change anything.
    #[error("stopped; CloudFormation was not changing anything in stack `{0}`")]
    #[diagnostic(code(infra::interrupted))]
    Stopped(String),
    /// The local AWS failed.
    #[error(transparent)]
    #[diagnostic(code(infra::local))]
    Local(#[from] local::Error),
    /// A command of the batch system failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Batch(Box<crate::BatchError>),
    /// A query failed.
    #[error(transparent)]
    #[diagnostic(code(infra::query))]
    Query(#[from] crate::query::QueryError),
    /// The pipeline could not be used.
    #[error(transparent)]
    #[diagnostic(code(infra::pipeline))]
    Pipeline(#[from] crate::pipeline::PipelineError),
    /// There is no local AWS to use.
    #[error("no local AWS is running")]
    #[diagnostic(code(infra::local), help("start one with `cargo infra local up`"))]
    NotRunning,
    /// The deployed stack is not there.
    #[error("stack `{0}` is not deployed here")]
    #[diagnostic(
        code(infra::deploy),
        help("deploy it first, or give the name by which it is deployed")
    )]
    NotDeployed(String),
    /// A stack is not as its template says.
    #[error("stack `{stack}` has drifted: {count} resources are not as its template says")]
    #[diagnostic(
        code(infra::drift),
        help(
            "put back what was changed by hand, or say it in the stack's source and deploy: a deployment that changes nothing about a resource does not put it right"
        )
    )]
    Drifted {
        /// The stack.
        stack: String,
        /// How many resources.
        count: usize,
    },
    /// Nobody knows whether a stack is as its template says.
    #[error("the resources of stack `{stack}` could not all be compared: {reason}")]
    #[diagnostic(
        code(infra::drift),
        help("have the reading of these resources allowed to you, and try again")
    )]
    DriftUnknown {
        /// The stack.
        stack: String,
        /// CloudFormation's explanation.
        reason: String,
    },
    /// A deployed stack without functions of ours.
    #[error("stack `{0}` has no function whose code could be synced")]
    #[diagnostic(
        code(infra::sync),
        help("deploy it first: `infra sync` gives deployed functions new code, and makes none")
    )]
    NothingToSync(String),
    /// Nothing was ever deployed here.
    #[error("there is no asset bucket in this account and region")]
    #[diagnostic(
        code(infra::gc),
        help("check --region and the credentials; the first deployment makes the bucket")
    )]
    NoAssetBucket,
    /// The deployed stack has no output of that name.
    #[error("stack `{stack}` has no output `{name}`")]
    #[diagnostic(code(infra::outputs), help("{known}"))]
    UnknownOutput {
        /// The stack.
        stack: String,
        /// The name given.
        name: String,
        /// Those there are.
        known: String,
    },
    /// A file could not be read or written.
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
    /// The pipeline ran, and nothing it was given became a record.
    #[error("no record was written; {failures} inputs are in the failure queue {queue}")]
    #[diagnostic(
        code(infra::pipeline),
        help(
            "run it again with --keep, then read the messages of the failure queue: each says what is wrong"
        )
    )]
    NoRecords {
        /// How many inputs failed.
        failures: usize,
        /// Where they are.
        queue: String,
    },
    /// The user pressed Ctrl-C.
    #[error("interrupted; everything that was started has been stopped")]
    #[diagnostic(code(infra::interrupted))]
    Interrupted,
    /// A scenario file is not one.
    #[error(transparent)]
    #[diagnostic(code(infra::scenario))]
    Scenario(#[from] local::bedrock::ScenarioError),
    /// A definition, template or schema cannot be read.
    #[error("cannot read `{path}`: {problem}")]
    #[diagnostic(
        code(infra::check_asl),
        help("give it a state machine definition, or a template with one, in JSON or YAML")
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// What was given as a JSON Schema is none.
    #[error("cannot read the schema `{path}`: {problem}")]
    #[diagnostic(
        code(infra::check_asl),
        help(
            "correct it there; --input-schema and --result-schema take JSON Schemas (draft 2020-12)"
        )
    )]
    Schema {
        /// The file.
        path: String,
        /// What is wrong, and where.
        problem: jsonata::SchemaError,
    },
    /// Definitions have findings, which were printed.
    #[error("the definitions are not sound: {0}")]
    #[diagnostic(code(infra::check_asl), help("each finding says what to do"))]
    Unsound(String),
    /// A name that is neither a stack nor a file.
    #[error("`{name}` is neither a stack nor a file")]
    #[diagnostic(
        code(infra::graph),
        help(
            "name a file with a template or a state machine definition, or one of the stacks: {known}"
        )
    )]
    NothingToDraw {
        /// The name given.
        name: String,
        /// The names of the stacks.
        known: String,
    },
    /// The template has no such state machine.
    #[error("there is no state machine `{name}` to draw")]
    #[diagnostic(
        code(infra::graph),
        help("the state machines that can be drawn: {known}")
    )]
    UnknownMachine {
        /// The logical id given.
        name: String,
        /// Those there are.
        known: String,
    },
    /// Pictures that do not show what is there now.
    #[error("pictures are not current\n{0}")]
    #[diagnostic(
        code(infra::graph),
        help("draw them again: run the same command without --check, and commit what it writes")
    )]
    StalePictures(String),
    /// A template cannot be read.
    #[error("cannot read the template `{path}`: {problem}")]
    #[diagnostic(
        code(infra::diff),
        help("give it CloudFormation templates, in JSON or YAML")
    )]
    UnreadableTemplate {
        /// The file, or where else it is.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A name that is no revision.
    #[error("there is no revision `{0}` in this repository")]
    #[diagnostic(
        code(infra::diff),
        help(
            "name a branch, a tag or a commit; in a shallow clone, fetch it first: `git fetch origin {0}`"
        )
    )]
    UnknownRevision(String),
    /// A change does what it was not to do.
    #[error("{message}")]
    #[diagnostic(
        code(infra::diff),
        help("look at the review above; --fail-on says what a change must not do")
    )]
    Objection {
        /// How much of what.
        message: String,
        /// What the process exits with.
        exit_code: u8,
    },
    /// CloudFormation intends more than the review shows.
    #[error(
        "CloudFormation intends more for stack `{stack}` than the templates say: {count} resources; nothing was changed"
    )]
    #[diagnostic(
        code(infra::plan),
        help(
            "look at the first rows of the review. If it is right, pass --accept-unforeseen; otherwise look for changes made by hand with `infra drift {stack}`"
        )
    )]
    Unforeseen {
        /// The stack.
        stack: String,
        /// How many resources.
        count: usize,
    },
    /// A plan does what it was not to do.
    #[error(
        "the plan for stack `{stack}` was not approved: it breaks `{condition}`; nothing was changed"
    )]
    #[diagnostic(
        code(infra::approval),
        help("look at the review above, and approve it by hand, or with --yes")
    )]
    NotApproved {
        /// The stack.
        stack: String,
        /// What it breaks.
        condition: &'static str,
    },
    /// A file that is no plan.
    #[error("cannot read the plan `{path}`: {problem}")]
    #[diagnostic(code(infra::plan), help("make one: `infra plan STACK --out {path}`"))]
    UnreadablePlan {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A plan for somewhere else.
    #[error("the plan is for {planned}, and this is {here}; nothing was changed")]
    #[diagnostic(
        code(infra::plan),
        help("use the credentials and the region that it was made with")
    )]
    ForeignPlan {
        /// Where it is for.
        planned: String,
        /// Where this is.
        here: String,
    },
    /// A stack that changed between two looks.
    #[error("stack `{0}` was changed by somebody else meanwhile; nothing was done")]
    #[diagnostic(
        code(infra::plan),
        help("run the command again, to see what it means for the stack as it is now")
    )]
    Overtaken(String),
    /// A plan that is not what was approved.
    #[error(
        "the plan for stack `{0}` would do something else than its file says; nothing was changed"
    )]
    #[diagnostic(
        code(infra::plan),
        help("the file was altered, or the stack was deployed meanwhile: plan again")
    )]
    AlteredPlan(String),
    /// Values that the template's parameters do not take.
    #[error("the parameters of stack `{stack}` are not right\n\n{problems}")]
    #[diagnostic(code(infra::parameters), help("nothing was sent to AWS"))]
    Parameters {
        /// The stack.
        stack: String,
        /// A line each.
        problems: String,
    },
    /// A file of parameters that is none.
    #[error("cannot read the parameters `{path}`: {problem}")]
    #[diagnostic(
        code(infra::parameters),
        help("give it an object of names and values, in JSON or YAML")
    )]
    UnreadableParameters {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A file of a stack policy that is none.
    #[error("cannot read the stack policy `{path}`: {problem}")]
    #[diagnostic(
        code(infra::stack_policy),
        help("give it a policy document in JSON, with a list of `Statement`s")
    )]
    UnreadablePolicy {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// One name for several stacks.
    #[error("--stack-name is the name of one stack, and several are to be deployed")]
    #[diagnostic(code(infra::stack_name), help("deploy them one after the other"))]
    OneNameForMany,
    /// Stacks that need each other.
    #[error("the stacks {0} wait for each other's exports or imports: none can be deployed first")]
    #[diagnostic(
        code(infra::order),
        help(
            "break the circle: pass one of the values as a parameter, or take an import away in a deployment of its own"
        )
    )]
    Circle(String),
    /// A question that nobody could answer.
    #[error("{0}")]
    #[diagnostic(
        code(infra::confirmation),
        help("pass --yes to do it without being asked")
    )]
    NotConfirmed(String),
}

impl CommandError {
    /// One failure as it is, and several together.
    ///
    /// # Errors
    /// Unless there are none.
    pub(crate) fn of_all(mut failures: Vec<Self>) -> Result<(), Self> {
        match failures.pop() {
            None => Ok(()),
            Some(only) if failures.is_empty() => Err(only),
            Some(last) => {
                failures.push(last);
                Err(Self::Several(failures))
            }
        }
    }

    /// What the process exits with: 2 for input that cannot be read, as for wrong usage; 3 for a batch run that left rows
    /// without an answer; 4 to 10 for a change that does what it must not; 11 for a stack that
    /// has drifted; 1 for everything else. Of several failures the highest counts.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unreadable { .. }
            | Self::Schema { .. }
            | Self::UnreadableTemplate { .. }
            | Self::UnreadablePlan { .. }
            | Self::UnreadableParameters { .. }
            | Self::UnreadablePolicy { .. }
            | Self::Parameters { .. } => 2,
            Self::Objection { exit_code, .. } => *exit_code,
            Self::Unforeseen { .. } => 10,
            Self::Drifted { .. } => 11,
            Self::Detached(_) | Self::Cancelled(_) | Self::Stopped(_) => 130,
            Self::Batch(error) => error.exit_code(),
            Self::Several(errors) => errors.iter().map(Self::exit_code).max().unwrap_or(1),
            _ => 1,
        }
    }
}

impl From<crate::BatchError> for CommandError {
    fn from(error: crate::BatchError) -> Self {
        Self::Batch(Box::new(error))
    }
}

impl From<deploy::Error> for CommandError {
    fn from(error: deploy::Error) -> Self {
        Self::Deploy(Box::new(error))
    }
}

/// Names a file in an error.
pub(crate) fn file(
    action: &'static str,
    path: &std::path::Path,
) -> impl FnOnce(std::io::Error) -> CommandError {
    let path = path.display().to_string();
    move |source| CommandError::File {
        action,
        path,
        source,
    }
}
