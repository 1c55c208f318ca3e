//! Where the files of a run are in the bucket.
//!
//! Every key holds the run, so that a second run with the same prefix neither overwrites the inputs of a running one nor
//! reads what an earlier one left. Outputs are outside the folders of inputs: a job given a folder would read them.

use super::job::JobPrefix;
use super::record::{MANIFEST, OUTPUT_SUFFIX};

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
    /// The input of a chunk's job.
    #[must_use]
    pub fn input(&self, chunk: u64) -> String {
        self.key("batch_inputs_json", chunk, ".jsonl")
    }

    /// The rows of a chunk, to which its answers are joined.
    #[must_use]
    pub fn rows(&self, chunk: u64) -> String {
        self.key("batch_inputs_parquet", chunk, ".snappy.parquet")
    }

    /// The folder that a chunk's job is told to write to; it makes one of its own in it.
    #[must_use]
    pub fn outputs(&self, chunk: u64) -> String {
        self.key("batch_outputs_json", chunk, "/")
    }

    /// The output of a chunk's job, given the [id](super::job::job_id) of the job.
    #[must_use]
    pub fn output(&self, chunk: u64, job_id: &str) -> String {
        format!(
            "{}{job_id}/{chunk:04}.jsonl{OUTPUT_SUFFIX}",
            self.outputs(chunk)
        )
    }

    /// The manifest of a chunk's job.
    #[must_use]
    pub fn manifest(&self, chunk: u64, job_id: &str) -> String {
        format!("{}{job_id}/{MANIFEST}", self.outputs(chunk))
    }

    /// The result of a chunk: its rows with their answers. The folder is in the singular, as in the document.
    #[must_use]
    pub fn result(&self, chunk: u64) -> String {
        self.key("batch_output_parquet", chunk, ".snappy.parquet")
    }

    fn key(&self, folder: &str, chunk: u64, end: &str) -> String {
        format!(
            "{folder}/{}/{}/{chunk:04}{end}",
            self.prefix.as_str(),
            self.run
        )
    }
}
