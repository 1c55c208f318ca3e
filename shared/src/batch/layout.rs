//! Where the files of a run are in the bucket.
//!
//! Every key holds the run, so that a second run with the same prefix neither overwrites the inputs of a running one nor
//! reads what an earlier one left. Outputs are outside the folders of inputs: a job given a folder would read them.

use super::job::JobPrefix;
use super::record::{MANIFEST, OUTPUT_SUFFIX};

/// Where manifests, lists of tasks and reports are.
pub const RUNS: &str = "runs/";

/// What goes to the model, a file for each job.
pub const JOB_INPUTS: &str = "batch_inputs_json/";

/// The rows of the chunks, and those that could not be sent.
pub const ROWS: &str = "batch_inputs_parquet/";

/// What the model answered, as Bedrock writes it.
pub const JOB_OUTPUTS: &str = "batch_outputs_json/";

/// The results. The folder is in the singular, as in the document.
pub const RESULTS: &str = "batch_output_parquet/";

/// The results as CSV.
pub const CSV_RESULTS: &str = "batch_output_csv/";

/// Where people put tables.
pub const INPUTS: &str = "inputs/";

/// Where people put prompts of their own.
pub const PROMPTS: &str = "prompts/";

/// The object below [`PROMPTS`] with prompts that are added to the built-in ones.
pub const TEMPLATES: &str = "templates.json";

/// What the folder of an output is called that no job wrote: its records were sent one by one. No id of a job has a hyphen.
const ON_DEMAND: &str = "on-demand";

/// What stands between the name of an output and the number of its part, while records are being sent one by one.
const PART: &str = ".part-";

/// What the names of an attempt's files have behind the chunk's number.
fn suffix(attempt: u32) -> String {
    match attempt {
        0 => String::new(),
        redrive => format!("-r{redrive}"),
    }
}

/// What stands where a job's id would, in the keys of an output that no job wrote.
///
/// ```
/// use shared::batch::layout::on_demand_id;
///
/// assert_eq!(on_demand_id(0), "on-demand");
/// assert_eq!(on_demand_id(2), "on-demand-r2");
/// ```
#[must_use]
pub fn on_demand_id(attempt: u32) -> String {
    format!("{ON_DEMAND}{}", suffix(attempt))
}

/// An output, or a part of one, as its key tells. The order is that of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputKey<'a> {
    /// The attempt that it belongs to.
    pub attempt: u32,
    /// The [id](super::job::job_id) of the job, or [`on_demand_id`].
    pub job_id: &'a str,
    /// The number of the part; none for the whole.
    pub part: Option<u64>,
}

impl OutputKey<'_> {
    /// Whether no job wrote it.
    #[must_use]
    pub fn is_on_demand(&self) -> bool {
        self.job_id == on_demand_id(self.attempt)
    }
}

/// The files of one run. Chunks are numbered from 0.
///
/// ```
/// use shared::batch::layout::Layout;
///
/// let prefix = "jokes".parse()?;
/// let layout = Layout { prefix: &prefix, run: "5f1c" };
/// assert_eq!(layout.input(3), "batch_inputs_json/jokes/5f1c/0003.jsonl");
/// # Ok::<(), shared::batch::job::JobError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout<'a> {
    /// The first part of the jobs' names.
    pub prefix: &'a JobPrefix,
    /// The name of the run's execution, which has no slash.
    pub run: &'a str,
}

impl Layout<'_> {
    /// The input of a chunk's job in the first attempt.
    #[must_use]
    pub fn input(&self, chunk: u64) -> String {
        self.input_of_attempt(chunk, 0)
    }

    /// The input of a chunk's job: what a redrive sends again is a file of its own.
    #[must_use]
    pub fn input_of_attempt(&self, chunk: u64, attempt: u32) -> String {
        self.key(JOB_INPUTS, chunk, &format!("{}.jsonl", suffix(attempt)))
    }

    /// The rows of a chunk that could not be sent, with the reason: JSON lines, written only when there are some.
    #[must_use]
    pub fn rejected(&self, chunk: u64) -> String {
        self.key(ROWS, chunk, ".rejected.jsonl")
    }

    /// The rows of a chunk, to which its answers are joined.
    #[must_use]
    pub fn rows(&self, chunk: u64) -> String {
        self.key(ROWS, chunk, ".snappy.parquet")
    }

    /// The folder that a chunk's job is told to write to; it makes one of its own in it.
    #[must_use]
    pub fn outputs(&self, chunk: u64) -> String {
        self.key(JOB_OUTPUTS, chunk, "/")
    }

    /// The output of a chunk's job in the first attempt, given the [id](super::job::job_id) of the job.
    #[must_use]
    pub fn output(&self, chunk: u64, job_id: &str) -> String {
        self.output_of_attempt(chunk, 0, job_id)
    }

    /// The output of a chunk's job: its folder is named after the job, its file after the input.
    #[must_use]
    pub fn output_of_attempt(&self, chunk: u64, attempt: u32, job_id: &str) -> String {
        format!(
            "{}{job_id}/{chunk:04}{}.jsonl{OUTPUT_SUFFIX}",
            self.outputs(chunk),
            suffix(attempt)
        )
    }

    /// A part of the output of records that are sent one by one: the answers of some records in a row, written so that
    /// they are not lost should the sending break off. The whole output replaces the parts.
    #[must_use]
    pub fn output_part(&self, chunk: u64, attempt: u32, part: u64) -> String {
        let output = self.output_of_attempt(chunk, attempt, &on_demand_id(attempt));
        format!("{output}{PART}{part:04}")
    }

    /// What a key below [`Layout::outputs`] of a chunk is; nothing when it is neither an output nor a part of one.
    #[must_use]
    pub fn parse_output<'k>(&self, chunk: u64, key: &'k str) -> Option<OutputKey<'k>> {
        let (job_id, name) = key.strip_prefix(&self.outputs(chunk))?.split_once('/')?;
        let (name, part) = match name.split_once(PART) {
            None => (name, None),
            Some((name, part)) => (name, Some(part.parse().ok()?)),
        };
        let attempt = match name.split_once('.')?.0.split_once("-r") {
            None => 0,
            Some((_, attempt)) => attempt.parse().ok()?,
        };
        let parsed = OutputKey {
            attempt,
            job_id,
            part,
        };
        let written = match part {
            None => self.output_of_attempt(chunk, attempt, job_id),
            Some(part) => self.output_part(chunk, attempt, part),
        };
        (written == key).then_some(parsed)
    }

    /// The manifest of a chunk's job.
    #[must_use]
    pub fn manifest(&self, chunk: u64, job_id: &str) -> String {
        format!("{}{job_id}/{MANIFEST}", self.outputs(chunk))
    }

    /// The result of a chunk: its rows with their answers.
    #[must_use]
    pub fn result(&self, chunk: u64) -> String {
        self.key(RESULTS, chunk, ".snappy.parquet")
    }

    /// The result of a chunk as CSV, gzipped.
    #[must_use]
    pub fn csv_result(&self, chunk: u64) -> String {
        self.key(CSV_RESULTS, chunk, ".csv.gz")
    }

    /// The folder of the results.
    #[must_use]
    pub fn results(&self) -> String {
        format!("{RESULTS}{}/{}/", self.prefix.as_str(), self.run)
    }

    /// What the run was asked to do and how it was divided.
    #[must_use]
    pub fn manifest_of_run(&self) -> String {
        self.of_run("run.json")
    }

    /// The list of the chunks' tasks in an attempt, JSON lines.
    #[must_use]
    pub fn tasks(&self, attempt: u32) -> String {
        self.of_run(&format!("tasks-{attempt}.jsonl"))
    }

    /// The folder of what the chunks came to.
    #[must_use]
    pub fn chunk_records(&self) -> String {
        self.of_run("chunks/")
    }

    /// What a chunk came to.
    #[must_use]
    pub fn chunk_record(&self, chunk: u64) -> String {
        self.of_run(&format!("chunks/{chunk:04}.json"))
    }

    /// What the run came to.
    #[must_use]
    pub fn report(&self) -> String {
        self.of_run("report.json")
    }

    fn of_run(&self, name: &str) -> String {
        format!("{RUNS}{}/{}/{name}", self.prefix.as_str(), self.run)
    }

    fn key(&self, folder: &str, chunk: u64, end: &str) -> String {
        format!(
            "{folder}{}/{}/{chunk:04}{end}",
            self.prefix.as_str(),
            self.run
        )
    }
}
