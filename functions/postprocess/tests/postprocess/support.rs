//! A chunk in memory, as preprocessing writes it, and outputs as the service writes them.

use std::io::Read as _;
use std::sync::Arc;

use arrow::array::Array as _;
use arrow::compute::concat_batches;
use arrow::util::display::array_value_to_string;
use bytes::Bytes;
use flate2::read::GzDecoder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use postprocess::{PostprocessError, Postprocessed, postprocess};
use runs::{Bucket, Destination, Failures, MemoryBucket, RunFiles};
use serde_json::{Value, json};
use shared::batch::job::JobPrefix;
use shared::batch::layout::Layout;
use shared::batch::processor::{Input, Options, processor_of};
use shared::contracts::batch::{
    ChunkRecord, ChunkTask, Ending, JobEnd, JobMode, PostprocessRequest, RunReference,
};
use tables::Fields;
use tables::chunks::{ChunkPlan, write_chunks};
use tables::input::{Batches, Limits};

pub(crate) const CLAUDE: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
pub(crate) const TITAN: &str = "amazon.titan-embed-text-v2:0";

/// The job of an attempt.
pub(crate) fn job(attempt: u32) -> String {
    format!("jobofattempt{attempt}")
}

pub(crate) fn arn(attempt: u32) -> String {
    let id = job(attempt);
    format!("arn:aws:bedrock:eu-central-1:111122223333:model-invocation-job/{id}")
}

/// A run of one chunk.
pub(crate) struct World {
    pub(crate) bucket: MemoryBucket,
    prefix: JobPrefix,
    model: &'static str,
    pub(crate) csv: bool,
}

impl World {
    /// A chunk whose rows have the ids `a`, `b`, ... and these texts. An empty one is rejected.
    pub(crate) fn of(model: &'static str, texts: &[&str]) -> Self {
        let world = Self {
            bucket: MemoryBucket::new("runs-bucket"),
            prefix: "jokes".parse().unwrap(),
            model,
            csv: false,
        };
        let rows = ids().zip(texts.iter().enumerate());
        let rows = rows.map(|(id, (n, text))| format!("{id},\"{text}\",{n}"));
        let lines: Vec<_> = std::iter::once("record_id,topic,n".to_owned())
            .chain(rows)
            .collect();
        let table = Bytes::from(lines.join("\n"));
        let table = Batches::open("t.csv", table, Limits::default()).unwrap();
        let fields = Fields::find(table.schema(), ["topic"]).unwrap();
        let plan = ChunkPlan {
            run_id: "5f1c",
            sizes: &[texts.len().try_into().unwrap()],
            row_group_bytes: 1 << 20,
        };
        let destination: Arc<dyn Destination> = Arc::new(world.bucket.clone());
        let mut files = RunFiles::new(&destination, &world.layout(), &Failures::default());
        let processor = processor_of(&model.parse().unwrap()).unwrap();
        write_chunks(table, &fields, &plan, &mut files, |row, out| {
            let input = Input::text(row.text("topic").unwrap_or_default());
            processor.write_body(&input, &Options::default(), out)
        })
        .unwrap();
        world
    }

    pub(crate) fn layout(&self) -> Layout<'_> {
        Layout {
            prefix: &self.prefix,
            run: "5f1c",
        }
    }

    /// Writes the output of the job of an attempt.
    pub(crate) fn put_output(&self, attempt: u32, lines: &[String]) {
        let key = self.layout().output_of_attempt(0, attempt, &job(attempt));
        self.bucket.put(&key, lines.join("\n"));
    }

    pub(crate) fn request(&self, attempt: u32, mode: JobMode, end: JobEnd) -> PostprocessRequest {
        let layout = self.layout();
        let task = ChunkTask {
            run: RunReference {
                run: "5f1c".to_owned(),
                prefix: "jokes".to_owned(),
                execution: "arn:aws:states:eu-central-1:111122223333:execution:batch:5f1c".into(),
            },
            chunk: 0,
            attempt,
            mode,
            model_id: self.model.to_owned(),
            records: 5,
            input: layout.input_of_attempt(0, attempt),
            outputs: layout.outputs(0),
            job_name: "jokes-part-0000-5f2d10c9ab".to_owned(),
            client_request_token: "5f2d10c9ab".to_owned(),
            csv: self.csv,
        };
        PostprocessRequest { task, end }
    }

    pub(crate) fn run(
        &self,
        request: &PostprocessRequest,
    ) -> Result<Postprocessed, PostprocessError> {
        let files: Arc<dyn Bucket> = Arc::new(self.bucket.clone());
        let results: Arc<dyn Destination> = Arc::new(self.bucket.clone());
        postprocess(&files, &results, request)
    }

    /// Joins an attempt whose job ended so.
    pub(crate) fn join(&self, attempt: u32, ending: Ending) -> Postprocessed {
        let request = self.request(attempt, JobMode::Batch, end(ending, Some(arn(attempt))));
        self.run(&request).unwrap()
    }

    /// The rows of the result, each as `name=value` of the columns that are not null.
    pub(crate) fn rows(&self) -> Vec<Vec<(String, String)>> {
        let bytes = self.bucket.get(&self.layout().result(0)).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap();
        let schema = reader.schema().clone();
        let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
        let table = concat_batches(&schema, &batches).unwrap();
        let cell = |row: usize, column: usize| {
            let values = table.column(column);
            let name = schema.field(column).name().clone();
            let value = array_value_to_string(values, row).unwrap();
            values.is_valid(row).then_some((name, value))
        };
        (0..table.num_rows())
            .map(|row| {
                (0..schema.fields().len())
                    .filter_map(|column| cell(row, column))
                    .collect()
            })
            .collect()
    }

    /// A column of the result; null is empty.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        let value = |row: Vec<(String, String)>| {
            let cell = row.into_iter().find(|(column, _)| column == name);
            cell.map(|(_, value)| value).unwrap_or_default()
        };
        self.rows().into_iter().map(value).collect()
    }

    pub(crate) fn csv(&self) -> String {
        let bytes = self.bucket.get(&self.layout().csv_result(0)).unwrap();
        let mut text = String::new();
        GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    pub(crate) fn record(&self) -> ChunkRecord {
        let json = self.bucket.get(&self.layout().chunk_record(0)).unwrap();
        serde_json::from_slice(&json).unwrap()
    }
}

pub(crate) fn ids() -> impl Iterator<Item = String> {
    ('a'..='z').map(String::from)
}

pub(crate) fn end(ending: Ending, job_arn: Option<String>) -> JobEnd {
    JobEnd {
        ending,
        job_arn,
        message: None,
    }
}

/// The answer of Claude to a record, 5 tokens in and 2 out.
pub(crate) fn answer(id: &str, text: &str) -> String {
    let content = json!([{"type": "text", "text": text}]);
    output(id, &claude(&content))
}

pub(crate) fn claude(content: &Value) -> Value {
    json!({
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 5, "output_tokens": 2},
    })
}

pub(crate) fn output(id: &str, output: &Value) -> String {
    json!({"recordId": id, "modelInput": {"max_tokens": 1024}, "modelOutput": output}).to_string()
}

pub(crate) fn error(id: &str, code: &Value) -> String {
    let error = json!({"errorCode": code, "errorMessage": format!("error {code}")});
    json!({"recordId": id, "modelInput": {"max_tokens": 1024}, "error": error}).to_string()
}
