//! Measures the function on a bucket that is a folder: `join_chunk write FOLDER ROWS`, then `join_chunk join FOLDER`.
//!
//! Writing makes one chunk with prompts of 2 KB and answers of 2 KB, and its output in reverse order. Joining prints rows and
//! peak memory as JSON; who runs it measures time.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use postprocess::postprocess;
use runs::{Bucket, Destination, Failures, Found, RunFiles, StoreError, Upload};
use serde_json::{Value, json};
use shared::batch::processor::{Input, Options, processor_of};
use shared::contracts::batch::{
    ChunkTask, Ending, JobEnd, JobMode, PostprocessRequest, RunFailure, RunReference,
};
use tables::Fields;
use tables::chunks::{ChunkPlan, write_chunks};
use tables::input::{Batches, Limits};

const MODEL: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
const JOB: &str = "abcdefghwxyz";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["write", folder, rows] => write(&Folder(folder.into()), rows.parse()?),
        ["join", folder] => join(&Folder(folder.into())),
        _ => Err("give `write FOLDER ROWS` or `join FOLDER`".into()),
    }
}

fn write(folder: &Folder, rows: u64) -> Result<(), Box<dyn Error>> {
    let text = "Tell me a joke about this. ".repeat(75);
    let mut table = b"record_id,topic\n".to_vec();
    for row in 0..rows {
        writeln!(table, "r{row},{text}{row}")?;
    }
    let table = Bytes::from(table);
    let table = Batches::open("t.csv", table, Limits::default())?;
    let fields = Fields::find(table.schema(), ["topic"])?;
    let prefix = "measure".parse()?;
    let request = request();
    let layout = request.task.run.layout(&prefix);
    let destination: Arc<dyn Destination> = Arc::new(folder.clone());
    let mut files = RunFiles::new(&destination, &layout, &Failures::default());
    let plan = ChunkPlan {
        run_id: "measure",
        sizes: &[rows],
        row_group_bytes: 4 << 20,
    };
    let processor = processor_of(&MODEL.parse()?)?;
    write_chunks(table, &fields, &plan, &mut files, |row, out| {
        let input = Input::text(row.text("topic").unwrap_or_default());
        processor.write_body(&input, &Options::default(), out)
    })?;
    let inputs = fs::read_to_string(folder.0.join(layout.input(0)))?;
    let output = folder.0.join(layout.output(0, JOB));
    fs::create_dir_all(output.parent().ok_or("a key has folders")?)?;
    let mut output = BufWriter::new(File::create(output)?);
    for line in inputs.lines().rev() {
        let mut line: Value = serde_json::from_str(line)?;
        line["modelOutput"] = json!({
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 500, "output_tokens": 500},
        });
        writeln!(output, "{line}")?;
    }
    Ok(output.flush()?)
}

fn join(folder: &Folder) -> Result<(), Box<dyn Error>> {
    let files: Arc<dyn Bucket> = Arc::new(folder.clone());
    let results: Arc<dyn Destination> = Arc::new(folder.clone());
    let done = postprocess(&files, &results, &request())?;
    let summary = done.summary;
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.ok_or("the system does not tell peak memory")?;
    let kilobytes: f64 = kilobytes.trim().trim_end_matches(" kB").parse()?;
    let figures = json!({
        "rows": summary.records,
        "succeeded": summary.succeeded,
        "peak_mb": (kilobytes / 102.4).round() / 10.0,
    });
    Ok(writeln!(std::io::stdout(), "{figures}")?)
}

fn request() -> PostprocessRequest {
    PostprocessRequest {
        task: ChunkTask {
            run: RunReference {
                run: "run".to_owned(),
                prefix: "measure".to_owned(),
                execution: String::new(),
            },
            chunk: 0,
            attempt: 0,
            mode: JobMode::Batch,
            model_id: MODEL.to_owned(),
            records: 0,
            input: String::new(),
            outputs: String::new(),
            job_name: String::new(),
            client_request_token: String::new(),
            csv: true,
        },
        end: JobEnd {
            ending: Ending::Completed,
            job_arn: None,
            message: None,
        },
    }
}

/// A bucket whose objects are files.
#[derive(Clone)]
struct Folder(PathBuf);

fn failed(error: &std::io::Error) -> StoreError {
    StoreError::new(RunFailure::Broken, error.to_string())
}

impl Bucket for Folder {
    fn address(&self, key: &str) -> String {
        self.0.join(key).display().to_string()
    }

    fn find(&self, key: &str) -> Result<Option<Found>, StoreError> {
        let metadata = fs::metadata(self.0.join(key)).ok();
        Ok(metadata.map(|metadata| Found {
            key: key.to_owned(),
            size: metadata.len(),
            etag: String::new(),
        }))
    }

    fn read(&self, object: &Found, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let read = || {
            let mut file = File::open(self.0.join(&object.key))?;
            file.seek(SeekFrom::Start(range.start))?;
            let mut bytes = Vec::new();
            file.take(range.end - range.start).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error| failed(&error))
    }

    /// As deep as outputs are: a folder per job.
    fn list(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        Ok(self
            .find(&format!("{prefix}{JOB}/0000.jsonl.out"))?
            .into_iter()
            .collect())
    }
}

impl Destination for Folder {
    fn begin(&self, key: &str, _content_type: &str) -> Box<dyn Upload> {
        Box::new(Part {
            path: self.0.join(key),
            file: None,
        })
    }
}

struct Part {
    path: PathBuf,
    file: Option<File>,
}

impl Part {
    fn file(&mut self) -> std::io::Result<&mut File> {
        if self.file.is_none() {
            fs::create_dir_all(self.path.parent().unwrap_or(&self.path))?;
            self.file = Some(File::create(&self.path)?);
        }
        self.file
            .as_mut()
            .ok_or_else(|| std::io::Error::other("no file"))
    }
}

impl Upload for Part {
    fn push(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        let written = self.file().and_then(|file| file.write_all(&bytes));
        written.map_err(|error| failed(&error))
    }

    fn finish(mut self: Box<Self>) -> Result<(), StoreError> {
        self.file().map(drop).map_err(|error| failed(&error))
    }
}
