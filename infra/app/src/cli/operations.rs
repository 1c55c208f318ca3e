//! The commands that look after what is deployed.

use clap::Args;

use super::{ReportFormat, TargetArguments, key_value};

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

/// `infra drift`.
///
/// Has `CloudFormation` compare every resource of a deployed stack with its template.
#[derive(Debug, Args)]
#[command(after_long_help = DRIFT_HELP)]
pub struct DriftArguments {
    /// The stack; of one of ours the lines of Rust are shown that declare what has drifted
    pub stack: String,
    /// The name it is deployed by, where that is another
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

const DRIFT_HELP: &str = "\
Exit codes:
  0  every resource that CloudFormation can compare is as its template says
  1  the command failed, or resources could not be compared that should have been
  11 the stack has drifted

CloudFormation compares the properties that the template sets, and cannot compare every type: those are NOT_CHECKED.

With --format json:
  {\"stack\": \"vision\", \"incomplete\": null, \"resources\": [{
    \"logical_id\": \"RawBucket\", \"physical_id\": \"...\", \"resource_type\": \"AWS::S3::Bucket\",
    \"status\": \"MODIFIED\",        or IN_SYNC, DELETED, NOT_CHECKED
    \"reason\": null,
    \"differences\": [{\"path\": \"/VersioningConfiguration/Status\", \"expected\": \"Enabled\", \"actual\": \"Suspended\"}],
    \"source\": \"infra/app/src/stacks/vision.rs:31\"
  }]}";

/// `infra sync`.
///
/// Builds a stack's functions and gives those of the deployed stack their new code, without `CloudFormation`.
#[derive(Debug, Args)]
#[command(after_long_help = SYNC_HELP)]
pub struct SyncArguments {
    /// The stack
    pub stack: String,
    /// The name it is deployed by, where that is another
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,
    /// Compile without optimisation: sooner, and other packages than those of `infra deploy`
    #[arg(long)]
    pub quick: bool,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print what was done
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

const SYNC_HELP: &str = "\
Only the code of functions is touched, and only where it is not the package's already. The stack does not know of it, which is
drift: the next `infra deploy` of this code puts it right. To go back to the code that is deployed, sync that: a deployment of it
changes nothing.

Stacks with the tag `colophon:stage` = `production`, `prod` or `live`, stacks with termination protection, and stacks that change
while the functions are built are refused.

With --format json:
  [{\"logical_id\": \"UnzipFunction\", \"function\": \"vision-unzip\", \"updated\": true, \"code_sha256\": \"...\"}]";

/// `infra gc`.
///
/// Looks for objects of the asset bucket that no stack of the account and region refers to. Nothing is deleted without --yes.
#[derive(Debug, Args)]
#[command(after_long_help = GC_HELP)]
pub struct GarbageArguments {
    /// Delete them, with all their versions
    #[arg(long)]
    pub yes: bool,
    /// Where the bucket is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

const GC_HELP: &str = "\
What stays: objects whose key or hash is in a parameter or the template of a stack that is not deleted, or of a change set that
can still be executed, with the templates uploaded for that stack; objects younger than a day; and whatever is not below `assets/`
or `templates/`.

If a stack cannot be read, or may still roll back to packages that it names no more, nothing is deleted at all. A deployment of old
code that begins while this runs may miss its package; the next one uploads it.

With --format json:
  {\"bucket\": \"...\", \"unused\": [{\"key\": \"assets/unzip/....zip\", \"size\": 5500000, \"versions\": [\"...\"]}],
   \"in_use\": 13, \"young\": 0, \"foreign\": 0, \"deleted\": false}";

/// `infra import`.
///
/// Takes resources that exist into a stack, as they are.
#[derive(Debug, Args)]
#[command(after_long_help = IMPORT_HELP)]
pub struct ImportArguments {
    /// The stack
    pub stack: String,
    /// A resource by its name in the template, and what identifies it; may be repeated
    #[arg(long = "resource", value_name = "ID=IDENTIFIER[,KEY=VALUE...]", value_parser = key_value, required = true)]
    pub resources: Vec<(String, String)>,
    /// The name it is deployed by, where that is another
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,
    /// A template parameter that the deployed stack does not have yet
    #[arg(long = "parameter", short = 'p', value_name = "KEY=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print what was done
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

const IMPORT_HELP: &str = "\
CloudFormation refuses any other change beside an import. So a deployed stack gets the resources and what they need of the
template's parameters, mappings and conditions, and nothing else that has changed; a new stack is made of imported resources only,
without outputs. `infra deploy` brings the rest.

CloudFormation does not compare the resource with its description: look with `infra drift` afterwards. A resource needs a
DeletionPolicy in the template, and a type that can be imported.

With --format json:
  {\"stack\": \"vision\", \"created\": false, \"imported\": [{\"logical_id\": \"RawBucket\", \"resource_type\": \"AWS::S3::Bucket\"}]}

Examples:
  infra import vision --resource RawBucket=vision-raw-111122223333-eu-central-1
  infra import vision --resource BooksTable=DatabaseName=books,TableName=books --yes";
