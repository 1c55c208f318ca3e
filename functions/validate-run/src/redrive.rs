//! Which run a redrive is about, and how often it was tried.

use std::collections::BTreeSet;

use runs::{Bucket, StoreError, read_json};
use serde_json::Value;
use shared::batch::job::JobPrefix;
use shared::batch::layout::{Layout, RUNS};
use shared::batch::request::RunRequest;
use shared::contracts::batch::RunManifest;

/// Names of runs that a message lists.
const LISTED: usize = 10;

/// Fields that may be others than in the first request: which run it is, and whether few records may be sent one by one.
const FREE: [&str; 2] = ["redrive", "below_minimum"];

/// The number of the attempt that a redrive of a run is: one more than there have been.
///
/// # Errors
/// When there is no such run, or it was another request.
pub(crate) fn attempt_of(
    runs: &dyn Bucket,
    prefix: &JobPrefix,
    run: &str,
    request: &RunRequest,
) -> Result<u32, RedriveError> {
    let refused = |letter: char| letter == '/' || letter.is_whitespace() || letter.is_control();
    if run.contains(refused) {
        return Err(RedriveError::Name(run.to_owned()));
    }
    let layout = Layout { prefix, run };
    let manifest: Option<RunManifest> = read_json(runs, &layout.manifest_of_run())?;
    let Some(manifest) = manifest else {
        return Err(missing(runs, prefix, run)?);
    };
    let changed = differences(&manifest.request, request);
    if !changed.is_empty() {
        return Err(RedriveError::OtherRequest {
            run: run.to_owned(),
            fields: changed.join(", "),
        });
    }
    let folder = layout.manifest_of_run();
    let folder = folder.trim_end_matches("run.json");
    let attempts = runs.list(&format!("{folder}tasks-"))?.into_iter();
    let attempts = attempts.filter_map(|object| attempt_in(object.key.strip_prefix(folder)?));
    Ok(attempts.max().map_or(1, |last| last + 1))
}

/// The attempt in `tasks-2.jsonl`.
fn attempt_in(name: &str) -> Option<u32> {
    name.strip_prefix("tasks-")?
        .strip_suffix(".jsonl")?
        .parse()
        .ok()
}

/// Names of the fields in which two requests differ.
fn differences(one: &RunRequest, other: &RunRequest) -> Vec<String> {
    let fields = |request| match serde_json::to_value(request) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (one, other) = (fields(one), fields(other));
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names
        .into_iter()
        .filter(|name| !FREE.contains(&name.as_str()) && one.get(*name) != other.get(*name))
        .map(|name| format!("`{name}`"))
        .collect()
}

fn missing(runs: &dyn Bucket, prefix: &JobPrefix, run: &str) -> Result<RedriveError, RedriveError> {
    let folder = format!("{RUNS}{}/", prefix.as_str());
    let keys = runs.list(&folder)?;
    let names: BTreeSet<&str> = keys
        .iter()
        .filter_map(|object| object.key.strip_prefix(&folder)?.strip_suffix("/run.json"))
        .collect();
    let known = match names.len() {
        0 => format!("there is none with the prefix `{}`", prefix.as_str()),
        count if count > LISTED => {
            format!("there are {count} with its prefix, see `{folder}` in the bucket")
        }
        _ => format!(
            "use one of {}",
            names.into_iter().collect::<Vec<_>>().join(", ")
        ),
    };
    Ok(RedriveError::NoRun {
        run: run.to_owned(),
        known,
    })
}

/// Why a run cannot be redriven.
#[derive(Debug, thiserror::Error)]
pub enum RedriveError {
    /// Not the name of a run.
    #[error("`{0}` is not the name of a run: give that of the run's first execution")]
    Name(String),
    /// There is no such run.
    #[error(
        "there is no run `{run}` that got as far as its first job: {known}; start a run that did not get so far anew, without `redrive`"
    )]
    NoRun {
        /// The name asked for.
        run: String,
        /// Those there are.
        known: String,
    },
    /// The run was asked to do something else.
    #[error(
        "the run `{run}` had another request: {fields} differ; give the same request again, with `redrive`, or start a new run without it"
    )]
    OtherRequest {
        /// The run.
        run: String,
        /// The fields that differ.
        fields: String,
    },
    /// The bucket.
    #[error(transparent)]
    Store(#[from] StoreError),
}
