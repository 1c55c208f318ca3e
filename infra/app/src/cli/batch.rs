//! What can be typed after `infra batch`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::TargetArguments;

/// The name that the batch stack is deployed as unless told otherwise.
pub const DEFAULT_STACK: &str = "batch";

const EXIT_CODES: &str = "\
Exit codes:
  0  done; of a run that has ended: every row has an answer
  1  the command failed, or the run did
  2  wrong usage, or input that cannot be read
  3  the run has ended, and some rows have no answer: redrive it, or read its results

Data goes to stdout, everything else to stderr.";

/// `infra batch`.
#[derive(Debug, Subcommand)]
#[command(after_help = EXIT_CODES)]
pub enum BatchCommand {
    /// Start a run: estimate it, ask, upload the table, start the state machine
    Run(RunArguments),
    /// Say how far a run is, or list the recent ones
    Status(StatusArguments),
    /// Download the results of a run
    Results(ResultsArguments),
    /// Send the rows of a run again that have no answer and may get one
    Redrive(RedriveArguments),
    /// Stop a run and its jobs
    Stop(StopArguments),
    /// Send a few records on demand now: see the answers, and what all of them would cost
    DryRun(DryRunArguments),
    /// List the models that runs can use
    Models(ModelsArguments),
}

/// Which deployed batch system is meant, and how to answer.
#[derive(Clone, Debug, Args)]
pub struct BatchArguments {
    /// The name of the deployed stack
    #[arg(long, value_name = "NAME", default_value = DEFAULT_STACK)]
    pub stack: String,
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    Text,
    /// One JSON value for programs
    Json,
}

/// What a run is asked to do. Fields of `--request` are replaced by the options that are given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Request")]
pub struct RequestArguments {
    /// A whole request, JSON as the state machine takes it, with prompt routing for example; `-` reads stdin
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// A table on this machine, CSV (also gzipped) or Parquet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["s3_uri", "images", "dataset_id"])]
    pub file: Option<PathBuf>,
    /// A table in S3, or a prefix that ends in `/`
    #[arg(long, value_name = "URI", conflicts_with_all = ["images", "dataset_id"])]
    pub s3_uri: Option<String>,
    /// Images in S3: a prefix that ends in `/`, below which each object becomes a row
    #[arg(long, value_name = "URI", conflicts_with = "dataset_id")]
    pub images: Option<String>,
    /// A dataset of the Hugging Face Hub
    #[arg(long, value_name = "OWNER/NAME")]
    pub dataset_id: Option<String>,
    /// The configuration of the dataset, where it has several
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "s3_uri", "images"])]
    pub dataset_config: Option<String>,
    /// The split of the dataset; `train` if left out
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "s3_uri", "images"])]
    pub split: Option<String>,
    /// The model, an inference profile, or the ARN of either; see `cargo infra batch models`
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// The prompt, by its id; models of text need one
    #[arg(long, value_name = "ID")]
    pub prompt: Option<String>,
    /// Make embeddings of the column `input_text`, or of images, without a prompt
    #[arg(long, conflicts_with = "prompt")]
    pub embedding: bool,
    /// The column of the table that holds the URI of each row's image
    #[arg(long, value_name = "NAME", conflicts_with = "images")]
    pub image_column: Option<String>,
    /// What the names of the jobs start with; otherwise made of the table's name
    #[arg(long, value_name = "TEXT")]
    pub job_name_prefix: Option<String>,
    /// Records at most
    #[arg(long, value_name = "COUNT", value_parser = count())]
    pub max_records_total: Option<i64>,
    /// Jobs at most; records that do not fit are left out
    #[arg(long, value_name = "COUNT", value_parser = count())]
    pub max_num_jobs: Option<i64>,
    /// Records per job at most
    #[arg(long, value_name = "COUNT", value_parser = count())]
    pub max_records_per_job: Option<i64>,
    /// Tokens of an answer at most
    #[arg(long, value_name = "COUNT", value_parser = count())]
    pub max_tokens: Option<i64>,
    /// Length of an embedding
    #[arg(long, value_name = "COUNT", value_parser = count())]
    pub dimensions: Option<i64>,
    /// What to do with fewer records than a batch job must have; on demand if left out
    #[arg(long, value_name = "CHOICE")]
    pub below_minimum: Option<BelowMinimum>,
    /// Write the results as CSV, too
    #[arg(long)]
    pub csv: bool,
}

fn count() -> clap::builder::RangedI64ValueParser<i64> {
    clap::value_parser!(i64).range(1..)
}

/// What to do with fewer records than a batch job must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BelowMinimum {
    /// Send them one by one, at the full price
    OnDemand,
    /// Do not run
    Refuse,
}

/// `infra batch run`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct RunArguments {
    /// The name of the run; otherwise made of the prefix and the time
    #[arg(long, value_name = "RUN")]
    pub name: Option<String>,
    /// Wait until the run has ended
    #[arg(long)]
    pub wait: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Where.
    #[command(flatten)]
    pub batch: BatchArguments,
    /// What to do.
    #[command(flatten)]
    pub request: RequestArguments,
}

/// `infra batch status`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct StatusArguments {
    /// The run; the recent ones are listed if left out
    pub run: Option<String>,
    /// Watch it until it has ended
    #[arg(long, requires = "run")]
    pub watch: bool,
    /// Where.
    #[command(flatten)]
    pub batch: BatchArguments,
}

/// `infra batch results`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ResultsArguments {
    /// The run
    pub run: String,
    /// Where the files go, in `parquet/`, `csv/` and `json/`; `downloads/RUN` if left out
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Download the results as CSV instead of Parquet
    #[arg(long)]
    pub csv: bool,
    /// Download the outputs of the jobs as well, JSON lines
    #[arg(long)]
    pub raw: bool,
    /// Print the first rows
    #[arg(long, value_name = "COUNT", conflicts_with = "csv")]
    pub print: Option<usize>,
    /// Where.
    #[command(flatten)]
    pub batch: BatchArguments,
}

/// `infra batch redrive`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct RedriveArguments {
    /// The run
    pub run: String,
    /// Wait until the redrive has ended
    #[arg(long)]
    pub wait: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Where.
    #[command(flatten)]
    pub batch: BatchArguments,
}

/// `infra batch stop`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct StopArguments {
    /// The run
    pub run: String,
    /// Where.
    #[command(flatten)]
    pub batch: BatchArguments,
}

/// `infra batch dry-run`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct DryRunArguments {
    /// How many records to send, the first ones of the table
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub records: u32,
    /// Seconds between two records, for accounts with low quotas
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub rate_limit_delay: f64,
    /// Where.
    #[command(flatten)]
    pub batch: BatchArguments,
    /// What to do.
    #[command(flatten)]
    pub request: RequestArguments,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("write seconds as a number from 0 to 3600, like 0.5".to_owned()),
    }
}

/// `infra batch models`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ModelsArguments {
    /// Ask the account which of them it is offered in this region
    #[arg(long)]
    pub available: bool,
    /// Where; only asked with --available.
    #[command(flatten)]
    pub target: TargetArguments,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}
