//! What the service does while a job is `Validating`: it reads the files and counts, and does not look into `modelInput`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Objects, Quotas, S3Uri};
use crate::hash::sha256;

/// One input file.
#[derive(Debug)]
pub(super) struct InputFile {
    /// Its path below the input's folder: `0000.jsonl`.
    pub(super) name: String,
    pub(super) records: Vec<Record>,
}

/// One line of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// The service makes one up where there is none.
    #[serde(default)]
    pub(super) record_id: String,
    pub(super) model_input: Map<String, Value>,
}

const EXTENSION: &str = ".jsonl";

/// Reads an input file, or all of them below a prefix. The error is the job's failure message.
pub(super) async fn read(
    files: &dyn Objects,
    input: &S3Uri,
    quotas: &Quotas,
) -> Result<Vec<InputFile>, String> {
    let mut read = Vec::new();
    let mut bytes_of_job = 0;
    for (name, object) in objects(files, input).await? {
        let bytes = files
            .get(&object)
            .await
            .map_err(|error| error.to_string())?;
        if bytes.len() > quotas.file_bytes {
            return Err(format!(
                "{object} has {} bytes, more than the {} bytes of the quota for an input file: split it",
                bytes.len(),
                quotas.file_bytes
            ));
        }
        bytes_of_job += bytes.len();
        let records = parse(&object, &bytes)?;
        read.push(InputFile { name, records });
    }
    if bytes_of_job > quotas.job_bytes {
        return Err(format!(
            "the input has {bytes_of_job} bytes, more than the {} bytes of the quota for a job: split the job",
            quotas.job_bytes
        ));
    }
    let records: usize = read.iter().map(|file| file.records.len()).sum();
    if records < quotas.minimum_records {
        return Err(format!(
            "the input has {records} records, a batch inference job needs at least {}: add records",
            quotas.minimum_records
        ));
    }
    if records > quotas.maximum_records {
        return Err(format!(
            "the input has {records} records, a batch inference job takes at most {}: split the job",
            quotas.maximum_records
        ));
    }
    Ok(read)
}

/// The files' names and places.
async fn objects(files: &dyn Objects, input: &S3Uri) -> Result<Vec<(String, S3Uri)>, String> {
    if input.key.ends_with(EXTENSION) {
        let name = input.key.rsplit('/').next().unwrap_or(&input.key);
        return Ok(vec![(name.to_owned(), input.clone())]);
    }
    let folder = input.clone().folder();
    let keys = files
        .list(&folder)
        .await
        .map_err(|error| error.to_string())?;
    let files: Vec<(String, S3Uri)> = keys
        .into_iter()
        .filter(|key| key.ends_with(EXTENSION))
        .filter_map(|key| {
            let name = key.strip_prefix(&folder.key)?.to_owned();
            let bucket = folder.bucket.clone();
            Some((name, S3Uri { bucket, key }))
        })
        .collect();
    if files.is_empty() {
        return Err(format!(
            "there is no {EXTENSION} file at {input}: upload one, or correct the S3 URI"
        ));
    }
    Ok(files)
}

fn parse(object: &S3Uri, bytes: &[u8]) -> Result<Vec<Record>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{object} is not UTF-8 text"))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            let mut record: Record = serde_json::from_str(line).map_err(|error| {
                format!(
                    "line {} of {object} is not a record, a JSON object with `modelInput`: {error}",
                    index + 1
                )
            })?;
            if record.record_id.is_empty() {
                let hash = sha256(format!("{object}:{index}").as_bytes());
                record.record_id = hash[..11].to_ascii_uppercase();
            }
            Ok(record)
        })
        .collect()
}
