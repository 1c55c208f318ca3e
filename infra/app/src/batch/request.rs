//! From options to the request of a run.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use shared::batch::layout::INPUTS;
use shared::batch::request::{BelowMinimum, Count, RunRequest};
use shared::batch::source::Source;
use time::OffsetDateTime;

use super::BatchError;
use crate::cli::{self, RequestArguments};

/// A request, and the file that is to be uploaded for it.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// What the state machine is given.
    pub(crate) request: RunRequest,
    /// The table on this machine.
    pub(crate) file: Option<PathBuf>,
}

impl Order {
    /// Reads the request's file, if there is one, and puts the options over it. A table on this machine gets its place in
    /// `bucket`.
    pub(crate) fn read(arguments: &RequestArguments, bucket: &str) -> Result<Self, BatchError> {
        let mut request = match &arguments.request {
            Some(path) => from_file(path)?,
            None => RunRequest::default(),
        };
        let source = &arguments.file;
        let uris = [&arguments.s3_uri, &arguments.images, &arguments.dataset_id];
        if source.is_some() || uris.iter().any(|uri| uri.is_some()) {
            request.s3_uri.clone_from(&arguments.s3_uri);
            request.images_s3_uri.clone_from(&arguments.images);
            request.dataset_id.clone_from(&arguments.dataset_id);
            request.split = None;
            request.dataset_config = None;
        }
        if let Some(path) = source {
            request.s3_uri = Some(format!("s3://{bucket}/{}", key_of(path)?));
        }
        put(&mut request.split, arguments.split.clone());
        put(
            &mut request.dataset_config,
            arguments.dataset_config.clone(),
        );
        if arguments.prompt.is_some() || arguments.embedding {
            request.prompt_id.clone_from(&arguments.prompt);
            request.prompt_routing = None;
        }
        put(&mut request.image_column, arguments.image_column.clone());
        let count = |number: Option<i64>| number.map(Count::Number);
        put(
            &mut request.max_records_total,
            count(arguments.max_records_total),
        );
        put(&mut request.max_num_jobs, count(arguments.max_num_jobs));
        put(
            &mut request.max_records_per_job,
            count(arguments.max_records_per_job),
        );
        put(&mut request.max_tokens, count(arguments.max_tokens));
        put(&mut request.dimensions, count(arguments.dimensions));
        request.csv |= arguments.csv;
        match arguments.below_minimum {
            Some(cli::BelowMinimum::OnDemand) => request.below_minimum = BelowMinimum::OnDemand,
            Some(cli::BelowMinimum::Refuse) => request.below_minimum = BelowMinimum::Refuse,
            None => {}
        }
        name_and_model(&mut request, arguments)?;
        Ok(Self {
            request,
            file: source.clone(),
        })
    }
}

/// What the run reads, in a word for people.
pub(crate) fn described(source: &Source, file: Option<&Path>) -> String {
    match (file, source) {
        (Some(path), _) => path.display().to_string(),
        (None, Source::S3(uri)) => uri.to_string(),
        (None, Source::Images(prefix)) => format!("images below {prefix}"),
        (None, Source::Dataset { id, split, .. }) => format!("dataset {id}, split {split}"),
    }
}

fn name_and_model(
    request: &mut RunRequest,
    arguments: &RequestArguments,
) -> Result<(), BatchError> {
    if let Some(model) = &arguments.model {
        request.model_id.clone_from(model);
    }
    if let Some(prefix) = &arguments.job_name_prefix {
        request.job_name_prefix.clone_from(prefix);
    }
    if request.model_id.is_empty() {
        return Err(BatchError::Missing {
            what: "the model",
            help: "name one with --model; `cargo infra batch models` lists those that are supported",
        });
    }
    let source = (request.s3_uri.as_ref())
        .or(request.images_s3_uri.as_ref())
        .or(request.dataset_id.as_ref());
    let Some(source) = source else {
        return Err(BatchError::Missing {
            what: "the table",
            help: "name one with --file, --s3-uri, --images or --dataset-id",
        });
    };
    if request.job_name_prefix.is_empty() {
        request.job_name_prefix = stem(source).to_owned();
    }
    Ok(())
}

/// `topics` of `s3://bucket/inputs/topics.csv.gz`, and `jokes` of `s3://bucket/inputs/jokes/`.
fn stem(source: &str) -> &str {
    let name = source
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    name.split('.')
        .find(|part| !part.is_empty())
        .unwrap_or(name)
}

fn put<T>(field: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *field = given;
    }
}

fn from_file(path: &Path) -> Result<RunRequest, BatchError> {
    let unreadable = |problem: String| BatchError::RequestFile {
        path: path.display().to_string(),
        problem,
    };
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| unreadable(error.to_string()))?;
    // What an option may add need not be in the file.
    let parsed = serde_json::from_str::<serde_json::Value>(&text).and_then(|mut value| {
        if let Some(fields) = value.as_object_mut() {
            for required in ["job_name_prefix", "model_id"] {
                fields.entry(required).or_insert_with(|| "".into());
            }
        }
        serde_json::from_value(value)
    });
    parsed.map_err(|error| unreadable(error.to_string()))
}

/// Where a table on this machine goes in the bucket.
pub(crate) fn key_of(path: &Path) -> Result<String, BatchError> {
    match path.file_name().and_then(|name| name.to_str()) {
        Some(name) => Ok(format!("{INPUTS}{name}")),
        None => Err(BatchError::Missing {
            what: "a file name in UTF-8",
            help: "rename the table, because its name becomes a key in S3",
        }),
    }
}

/// Characters that the name of a run can have, so that there is room for that of a redrive.
const NAME_LENGTH: usize = 72;

/// A name for a new run: the one given, when it can be one, or one made of the prefix and the time.
pub(crate) fn new_name(
    given: Option<&str>,
    prefix: &str,
    now: OffsetDateTime,
) -> Result<String, BatchError> {
    let Some(name) = given else {
        let prefix: String = prefix.chars().take(40).collect();
        let (date, time) = (now.date(), now.time());
        return Ok(format!(
            "{}-{:04}{:02}{:02}-{:02}{:02}{:02}-{:03}",
            prefix.trim_end_matches('-'),
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        ));
    };
    let refused = |why| BatchError::Name {
        name: name.to_owned(),
        why,
    };
    if name.is_empty() || name.len() > NAME_LENGTH {
        return Err(refused("it has 1 to 72 characters"));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !name.bytes().all(plain) {
        return Err(refused(
            "it has letters, digits, hyphens and underscores only",
        ));
    }
    if redrive_of(name).is_some() {
        return Err(refused("what ends in `-r` and a number is a redrive"));
    }
    Ok(name.to_owned())
}

/// The name of a redrive's execution.
pub(crate) fn redrive_name(run: &str, attempt: u32) -> String {
    format!("{run}-r{attempt}")
}

/// The run and the number of the redrive that an execution of this name is.
pub(crate) fn redrive_of(name: &str) -> Option<(&str, u32)> {
    let (run, number) = name.rsplit_once("-r")?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !run.is_empty()).then(|| Some((run, number.parse().ok()?)))?
}
