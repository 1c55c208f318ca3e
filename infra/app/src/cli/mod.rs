//! The command line: what can be typed, and nothing of what it does.

mod batch;
mod deploy;
mod diff;
mod operations;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::table::TableFormat;

pub use batch::{
    BatchArguments, BatchCommand, BelowMinimum, DEFAULT_STACK, DryRunArguments, ModelsArguments,
    RedriveArguments, ReportFormat, RequestArguments, ResultsArguments, RunArguments,
    StatusArguments, StopArguments,
};
pub use deploy::{ApprovalArguments, Condition, DeployArguments, PlanArguments, StackArguments};
pub use diff::{DiffArguments, FailOn, ReviewFormat};
pub use operations::{
    DriftArguments, GarbageArguments, ImportArguments, OutputsArguments, SyncArguments,
};

/// Typed infrastructure for AI inference on AWS: templates, functions and deployment from one workspace.
///
/// Data goes to stdout, everything else to stderr. Exit codes: 0 success, 1 the command failed, 2 wrong usage or input that
/// cannot be read.
#[derive(Debug, Parser)]
#[command(name = "infra", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write stacks' CloudFormation templates, checked against the resource specification
    Synth(SynthArguments),
    /// Build the functions and zip them for Lambda
    Package(PackageArguments),
    /// Check state machine definitions, on their own or in templates, without AWS
    CheckAsl(CheckAslArguments),
    /// Draw stacks and state machines as Mermaid or SVG
    Graph(GraphArguments),
    /// Say what a change of templates means: replacements, lost data, permissions
    Diff(DiffArguments),
    /// Have `CloudFormation` work out what a deployment would do, for somebody to approve
    Plan(Box<PlanArguments>),
    /// Package the functions of stacks and deploy these through change sets, or execute a plan
    Deploy(Box<DeployArguments>),
    /// Write the roles that deploy stacks: the least that CloudFormation and a pipeline have to be allowed
    DeployRole(DeployRoleArguments),
    /// Take a stack back to where it worked, after a failed update, creation or rollback
    Rollback(RollbackArguments),
    /// Delete a stack
    Destroy(DestroyArguments),
    /// Print the outputs of a deployed stack, or the value of one
    Outputs(OutputsArguments),
    /// Say what of a deployed stack was changed in another way
    Drift(DriftArguments),
    /// Give the functions of a deployed stack new code at once, without `CloudFormation`
    Sync(SyncArguments),
    /// Find packages and templates in the asset bucket that no stack refers to, and delete them
    Gc(GarbageArguments),
    /// Take resources that exist into a stack
    Import(ImportArguments),
    /// Start, stop and inspect the local AWS
    #[command(subcommand)]
    Local(LocalCommand),
    /// Run SQL through Athena and print the rows
    Query(QueryArguments),
    /// Run prompts over a table as batch jobs: start, watch, fetch, repeat what is left
    #[command(subcommand)]
    Batch(Box<BatchCommand>),
    /// Run the vision pipeline on this machine, without an AWS account
    Demo(DemoArguments),
    /// Write a ZIP of generated sample covers
    Covers(CoversArguments),
    /// Serve the Bedrock simulator; `local up` starts this for itself
    #[command(hide = true)]
    Simulator(SimulatorArguments),
}

/// `infra synth`.
#[derive(Debug, Args)]
pub struct SynthArguments {
    /// The stack; all stacks if left out
    pub stack: Option<String>,
    /// Where templates go, as `<stack>.template.json` (deployed) and `<stack>.template.yaml` (for review)
    #[arg(long, value_name = "DIR", default_value = "target/templates")]
    pub out: PathBuf,
    /// Print one stack's template on stdout instead of writing files
    #[arg(
        long,
        value_name = "FORMAT",
        requires = "stack",
        conflicts_with = "out"
    )]
    pub print: Option<TemplateFormat>,
}

/// The two ways to write a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    /// Long form: what CloudFormation is given.
    Json,
    /// Short-form intrinsics: what people read.
    Yaml,
}

/// `infra deploy-role`.
///
/// The template has two roles: the one that `CloudFormation` works under, and the one that a pipeline on GitHub signs in as.
#[derive(Debug, Args)]
pub struct DeployRoleArguments {
    /// The stack, whose roles' template is printed; with --out all stacks if left out
    #[arg(required_unless_present = "out")]
    pub stack: Option<String>,
    /// Write `<stack>-deploy-role.template.json` there instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `infra check-asl`.
///
/// Reads definitions in the Amazon States Language (JSON or YAML) and `CloudFormation` or SAM templates with definitions in them.
#[derive(Debug, Args)]
#[command(after_long_help = CHECK_ASL_HELP)]
pub struct CheckAslArguments {
    /// Definitions or templates, JSON or YAML; `-` reads stdin
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A JSON Schema of the execution's input
    #[arg(long, value_name = "FILE")]
    pub input_schema: Option<PathBuf>,
    /// A JSON Schema of what a task answers: by the function's name or ARN, or by the name of the state; may be repeated
    #[arg(long = "result-schema", value_name = "NAME=FILE", value_parser = key_value)]
    pub result_schemas: Vec<(String, String)>,
    /// What definitions on their own are; a template says it itself
    #[arg(long = "type", value_name = "TYPE", default_value = "standard")]
    pub machine_type: WorkflowType,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// How to print the findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: FindingFormat,
}

/// The kinds of state machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WorkflowType {
    /// Runs up to a year, and can wait for jobs and callbacks
    Standard,
    /// Runs up to five minutes, and waits for nothing but answers
    Express,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingFormat {
    /// Paragraphs for people
    Text,
    /// One JSON object for programs
    Json,
}

const CHECK_ASL_HELP: &str = "\
Exit codes:
  0  no errors; warnings are shown
  1  errors, or warnings with --strict
  2  a file cannot be read, has no definition in it, or is no JSON Schema where one is asked for

With --format json:
  {\"errors\": 1, \"warnings\": 0, \"definitions\": [{
    \"file\": \"template.yaml\",
    \"resource\": \"Orders\",          the logical id in a template; null for a definition on its own
    \"findings\": [{
      \"code\": \"S012\", \"name\": \"unknown-state\", \"severity\": \"error\",
      \"pointer\": \"/Properties/Definition/States/Charge/Next\",
                                    a JSON pointer into the resource, or into the definition on its own
      \"message\": \"...\", \"help\": \"...\"
    }],
    \"checked\": 12,                expressions and paths whose data was followed
    \"not_checked\": [{\"pointer\": \"...\", \"reason\": \"...\"}]
  }]}";

/// `infra graph`.
#[derive(Debug, Args)]
pub struct GraphArguments {
    /// A stack, or a file with a template or a state machine definition (JSON or YAML); with --out all stacks if left out
    #[arg(value_name = "STACK|FILE", required_unless_present = "out")]
    pub subject: Option<String>,
    /// Print this state machine of the stack, by its logical id, instead of the stack
    #[arg(long, value_name = "ID", conflicts_with = "out")]
    pub machine: Option<String>,
    /// How to print the picture
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "mermaid",
        conflicts_with = "out"
    )]
    pub format: PictureFormat,
    /// Write the pictures there instead, the state machines' too: `<stack>.mmd`, `<stack>-<machine>.svg` ...
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing, and fail if a file in --out is not what would be written
    #[arg(long, requires = "out")]
    pub check: bool,
}

/// The two ways to write a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PictureFormat {
    /// For a block of the language `mermaid` in Markdown
    Mermaid,
    /// For everywhere else
    Svg,
}

/// How functions are compiled.
#[derive(Clone, Debug, Args)]
pub struct BuildArguments {
    /// The processor the functions run on
    #[arg(long, value_name = "ARCHITECTURE", default_value = "arm64")]
    pub arch: Architecture,
    /// Compile without optimisation, for tests and demonstrations
    #[arg(long)]
    pub quick: bool,
}

/// Lambda's processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Architecture {
    /// Graviton; a fifth cheaper per millisecond
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86_64,
}

/// `infra package`.
///
/// Packages over their budget are told on stderr with their ten largest crates. What did not change is neither built nor
/// zipped again.
#[derive(Debug, Args)]
pub struct PackageArguments {
    /// The functions; those of all stacks if left out
    pub functions: Vec<String>,
    /// How to compile.
    #[command(flatten)]
    pub build: BuildArguments,
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: TableFormat,
}

/// Which CloudFormation to talk to.
#[derive(Clone, Debug, Args)]
pub struct TargetArguments {
    /// Use the local AWS that `infra local up` started
    #[arg(long, conflicts_with_all = ["endpoint_url", "region"])]
    pub local: bool,
    /// Another endpoint than AWS, for all services
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// The region; otherwise `AWS_REGION` or the profile's
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

/// `infra rollback`.
///
/// A rollback that is under way is followed to its end.
#[derive(Debug, Args)]
pub struct RollbackArguments {
    /// The deployed stack's name
    pub stack: String,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// Leave this resource as it is, where a rollback has failed at it, by its logical id; may be repeated
    #[arg(long, value_name = "LOGICAL_ID")]
    pub skip: Vec<String>,
}

/// `infra destroy`.
#[derive(Debug, Args)]
pub struct DestroyArguments {
    /// The deployed stack's name
    pub stack: String,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// Delete all versions of all objects in this bucket first, by the name it has in S3; may be repeated. The deployed
    /// template has to mark the bucket with `DeletionPolicy: Delete`
    #[arg(long, value_name = "BUCKET")]
    pub empty: Vec<String>,
    /// Leave this resource behind, where a deletion has failed, by its logical id; may be repeated
    #[arg(long, value_name = "LOGICAL_ID")]
    pub retain: Vec<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// `infra local`.
#[derive(Debug, Subcommand)]
pub enum LocalCommand {
    /// Start the local AWS and the Bedrock simulator in the background
    Up(SimulatorArguments),
    /// Stop them
    Down,
    /// Say whether they run, and where
    Status,
}

/// `infra query`.
#[derive(Debug, Args)]
pub struct QueryArguments {
    /// The statement
    pub sql: String,
    /// The deployed stack whose workgroup and database are used
    #[arg(long, value_name = "NAME", default_value = "vision")]
    pub stack: String,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print the rows
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: TableFormat,
}

/// `infra demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Your own ZIP of cover images (.jpg, .jpeg, .png) instead of generated ones
    #[arg(long, value_name = "FILE", conflicts_with = "covers")]
    pub zip: Option<PathBuf>,
    /// How many covers to generate
    #[arg(long, value_name = "COUNT", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub covers: u32,
    /// The query to end with
    #[arg(long, value_name = "SQL")]
    pub sql: Option<String>,
    /// Leave everything running afterwards, for `infra query --local` and the AWS CLI
    #[arg(long)]
    pub keep: bool,
    /// Who plays the model.
    #[command(flatten)]
    pub simulator: SimulatorArguments,
}

/// `infra covers`.
#[derive(Debug, Args)]
pub struct CoversArguments {
    /// The ZIP to write
    pub out: PathBuf,
    /// How many covers
    #[arg(long, value_name = "COUNT", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub count: u32,
    /// Add a file that is named like an image and is none
    #[arg(long)]
    pub poison: bool,
}

/// How the Bedrock simulator behaves.
#[derive(Clone, Debug, Args)]
pub struct SimulatorArguments {
    /// Send model calls to a server that speaks the `OpenAI` chat protocol (Ollama, LM Studio, llama.cpp ...)
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,
    /// The model to ask that server for
    #[arg(long, value_name = "NAME", requires = "upstream")]
    pub upstream_model: Option<String>,
    /// That server's API key
    #[arg(
        long,
        value_name = "KEY",
        env = "UPSTREAM_API_KEY",
        hide_env_values = true
    )]
    pub upstream_api_key: Option<String>,
    /// Latency, throttling and faults to simulate (JSON)
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
