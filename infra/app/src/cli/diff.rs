//! `infra diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::TargetArguments;

/// `infra diff`.
///
/// Compares templates by what they mean. Without files: the stacks of the working tree with the templates in `snapshots/` of the
/// last commit.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct DiffArguments {
    /// The old and the new template, JSON or YAML, ours or not
    #[arg(num_args = 2, value_names = ["OLD", "NEW"])]
    pub files: Vec<PathBuf>,
    /// The revision whose templates are the old ones; nothing is rebuilt
    #[arg(long, value_name = "REVISION", default_value = "HEAD", conflicts_with_all = ["files", "deployed"])]
    pub base: String,
    /// The revision whose templates are the new ones, instead of the working tree
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["files", "deployed"])]
    pub head: Option<String>,
    /// This stack only; may be repeated
    #[arg(long = "stack", value_name = "STACK", conflicts_with_all = ["files", "deployed"])]
    pub stacks: Vec<String>,
    /// Compare with what is deployed of this stack
    #[arg(long, value_name = "STACK", conflicts_with = "files")]
    pub deployed: Option<String>,
    /// The name it is deployed by, where that is another
    #[arg(long, value_name = "NAME", requires = "deployed")]
    pub stack_name: Option<String>,
    /// Ask CloudFormation what it intends, too, by a change set that is then deleted, and show where that goes beyond the templates
    #[arg(long, requires = "deployed")]
    pub change_set: bool,
    /// The value of a template parameter in the next deployment; others keep what was set
    #[arg(long = "parameter", short = 'p', value_name = "KEY=VALUE", value_parser = super::key_value, requires = "deployed")]
    pub parameters: Vec<(String, String)>,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print the review
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReviewFormat,
    /// Fail when the change does this; may be a list
    #[arg(
        long,
        value_name = "WHAT",
        value_delimiter = ',',
        default_value = "data-loss,unforeseen"
    )]
    pub fail_on: Vec<FailOn>,
}

/// How a review is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReviewFormat {
    /// Lines for a terminal
    Text,
    /// A comment for a pull request, of no more than 65,536 characters
    Markdown,
    /// One JSON object for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// The JSON Schema of what `json` prints, whatever the templates are
    Schema,
}

/// What a change may do that makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum FailOn {
    /// Lose data
    DataLoss,
    /// Widen permissions, or change them beyond comparison, or weaken something else that is about security
    IamWidened,
    /// Replace a resource
    Replacement,
    /// Change columns or files of a table so that queries or readers break
    BreakingSchema,
    /// Take away what executions of a state machine in flight still need
    InFlight,
    /// Let CloudFormation do more than is shown (known with --change-set)
    Unforeseen,
    /// Change anything
    Any,
    /// Never
    None,
}

const HELP: &str = "\
Exit codes:
  0  nothing that --fail-on names
  1  the command failed
  2  a template cannot be read
  4  data is lost
  5  permissions are widened, or may be
  6  a resource is replaced, or may be
  8  queries or readers of a table break
  9  executions in flight may fail
  10 CloudFormation intends more than is shown
  7  something changes
Of several the first in this list counts.

Examples:
  infra diff                              the working tree against the last commit
  infra diff --base main --format markdown
  infra diff old.json new.yaml --fail-on replacement,data-loss
  infra diff --base v1 --head v2          two revisions, without a build
  infra diff --deployed vision            the working tree against what is deployed
  infra diff --deployed vision --change-set   and against what CloudFormation intends";
