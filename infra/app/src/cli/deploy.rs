//! `infra plan` and `infra deploy`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{BuildArguments, ReviewFormat, TargetArguments, key_value};

/// How a stack is to be deployed.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Stack")]
pub struct StackArguments {
    /// The name of the deployed stack; otherwise the stack's own, so that one account can hold several
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,
    /// A template parameter; those that somebody had set stay, all others follow the template
    #[arg(long = "parameter", short = 'p', value_name = "KEY=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// Template parameters from a file, an object in JSON or YAML; --parameter goes first
    #[arg(long = "parameters", value_name = "FILE")]
    pub parameter_file: Option<PathBuf>,
    /// A tag of the stack, which its resources get, too; it keeps those that it has
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = key_value)]
    pub tags: Vec<(String, String)>,
    /// The role by which `CloudFormation` acts, by its ARN
    #[arg(long, value_name = "ARN")]
    pub role_arn: Option<String>,
    /// An SNS topic that is told of every event, by its ARN
    #[arg(long = "notification-arn", value_name = "ARN")]
    pub notifications: Vec<String>,
}

/// Who approves, and what.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Approval")]
pub struct ApprovalArguments {
    /// Do not ask
    #[arg(long, conflicts_with = "approve")]
    pub yes: bool,
    /// Do not ask as long as this holds; otherwise fail. May be a list
    #[arg(long, value_name = "CONDITION", value_delimiter = ',')]
    pub approve: Vec<Condition>,
    /// Accept what `CloudFormation` intends beyond the review
    #[arg(long)]
    pub accept_unforeseen: bool,
}

/// What a deployment must not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Condition {
    /// No data is lost
    NoDataLoss,
    /// No resource is replaced
    NoReplacement,
    /// No permission is widened, and nothing else about security weakened
    NoWidening,
    /// Nothing but the code of functions changes
    CodeOnly,
}

impl Condition {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::NoDataLoss => "no-data-loss",
            Self::NoReplacement => "no-replacement",
            Self::NoWidening => "no-widening",
            Self::CodeOnly => "code-only",
        }
    }
}

/// `infra plan`.
#[derive(Debug, Args)]
#[command(after_long_help = PLAN_HELP)]
pub struct PlanArguments {
    /// The stack
    pub stack: String,
    /// Where to write the plan, for `infra deploy --plan`; without it the plan is deleted after it was shown
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How to print the review
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReviewFormat,
    /// Accept what `CloudFormation` intends beyond the review
    #[arg(long)]
    pub accept_unforeseen: bool,
    /// Where to.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to compile.
    #[command(flatten)]
    pub build: BuildArguments,
    /// How to deploy.
    #[command(flatten)]
    pub settings: StackArguments,
}

const PLAN_HELP: &str = "\
Exit codes:
  0   planned, or nothing changes
  1   the command failed
  10  CloudFormation intends more than is shown; no plan is written

The stack stays as it is; but one whose creation had failed is deleted, and the asset bucket is made where there is none.
A plan is good until the stack is updated in another way. Where nothing changes, a plan for nothing is written.";

/// `infra deploy`.
///
/// Asks before anything is changed, with what it means.
#[derive(Debug, Args)]
#[command(after_long_help = DEPLOY_HELP)]
pub struct DeployArguments {
    /// The stacks; each after those whose exports it imports
    #[arg(value_name = "STACK", required_unless_present_any = ["all", "plan"])]
    pub stacks: Vec<String>,
    /// Every stack
    #[arg(long, conflicts_with_all = ["stacks", "plan"])]
    pub all: bool,
    /// Execute this plan, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stacks", "stack_name", "parameters", "parameter_file", "tags", "role_arn", "notifications"])]
    pub plan: Option<PathBuf>,
    /// Keep the stack from being deleted, from now on
    #[arg(long)]
    pub termination_protection: bool,
    /// Which resources updates may change from now on: a stack policy in JSON
    #[arg(long, value_name = "FILE")]
    pub stack_policy: Option<PathBuf>,
    /// How to print progress and result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: super::ReportFormat,
    /// Where to.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to compile.
    #[command(flatten)]
    pub build: BuildArguments,
    /// How to deploy.
    #[command(flatten)]
    pub settings: StackArguments,
    /// Who approves.
    #[command(flatten)]
    pub approval: ApprovalArguments,
}

const DEPLOY_HELP: &str = "\
Exit codes:
  0   deployed, or nothing changes
  1   the command failed, or was not approved
  10  CloudFormation intends more than is shown; nothing is executed
  130 Ctrl-C: left running, cancelled, or stopped before anything was changed

With --format json every event is a line of JSON on stdout, the last one with the outputs:
  {\"event\": \"resource\", \"stack\": \"vision\", \"logical_id\": \"RawBucket\", \"resource_type\": \"AWS::S3::Bucket\",
   \"status\": \"CREATE_COMPLETE\", \"reason\": null, \"time\": \"2026-11-21T10:00:04.5Z\"}
  {\"event\": \"deployed\", \"outputs\": {\"vision\": {\"RawBucket\": \"...\"}}}

Examples:
  infra deploy vision                                 asks
  infra deploy vision --approve no-data-loss,no-widening   for pipelines
  infra plan vision --out plan.json                   one works it out, with the review to approve
  infra deploy --plan plan.json                       another executes exactly that";
