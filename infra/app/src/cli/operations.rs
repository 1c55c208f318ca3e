//! The commands that look after what is deployed.

use clap::Args;

use super::{ReportFormat, TargetArguments};

/// `infra outputs`.
#[derive(Debug, Args)]
#[command(after_long_help = OUTPUTS_HELP)]
pub struct OutputsArguments {
    /// The deployed stack's name
    pub stack: String,
    /// Print the value of this output and nothing else
    pub name: Option<String>,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print the outputs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

const OUTPUTS_HELP: &str = "\
With --format json an object of all outputs, or the value of NAME as a string.

Examples:
  infra outputs vision
  aws s3 ls \"s3://$(infra outputs vision RawBucket)\"";
