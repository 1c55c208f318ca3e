//! Another attempt at a run: of each chunk, the records that are worth another try.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::Arc;

use runs::{Bucket, Failures, Found, RangedFile, RunFile, RunFiles, model_of, open, read_json};
use shared::batch::layout::Layout;
use shared::batch::processor::{Processor, processor_of};
use shared::batch::request::RequestError;
use shared::contracts::batch::{ChunkRecord, RunManifest, RunOrder};
use tables::TableError;
use tables::join::{Join, JoinLimits, ResultFormat};
use tables::redrive::{filter_lines, unfinished};

use crate::error::PreprocessError;
use crate::preprocess::{Preprocessed, Services};
use crate::tasks::{Tasks, write_error};

pub(crate) fn prepare(
    services: &Services,
    order: &RunOrder,
) -> Result<Preprocessed, PreprocessError> {
    let prefix = order.run.job_prefix()?;
    let layout = order.run.layout(&prefix);
    let key = layout.manifest_of_run();
    let manifest: Option<RunManifest> = read_json(&*services.files, &key)?;
    let manifest =
        manifest.ok_or_else(|| PreprocessError::Missing(services.files.address(&key)))?;
    let model = model_of(&order.request)?;
    let processor = processor_of(&model).map_err(RequestError::from)?;
    let failures = Failures::default();
    let files = RunFiles::new(&services.output, &layout, &failures);
    let attempt = Attempt {
        files: &services.files,
        output: &files,
        layout,
        number: order.attempt,
        processor,
        failures,
    };
    let first = &manifest.execution;
    let mut tasks = Tasks::begin(services, order, &prefix, &model, first, &files);
    let mut resent = Vec::new();
    for (chunk, _) in (0..).zip(&manifest.chunks) {
        match attempt.prepare(chunk)? {
            Again::Nothing => {}
            Again::Rest(sent) => tasks.add(chunk, sent)?,
            Again::Everything(sent) => {
                tasks.add(chunk, sent)?;
                resent.push(chunk);
            }
        }
    }
    Ok(Preprocessed {
        plan: tasks.finish()?,
        resent,
    })
}

struct Attempt<'a> {
    files: &'a Arc<dyn Bucket>,
    output: &'a RunFiles,
    layout: Layout<'a>,
    number: u32,
    processor: &'static dyn Processor,
    failures: Failures,
}

/// What of a chunk is sent again, and how many records that is.
enum Again {
    /// It is done.
    Nothing,
    /// What is worth another try. Nothing at all may be, of a chunk whose results are still to be made.
    Rest(u64),
    /// All that was sent before: no job left an output of it.
    Everything(u64),
}

impl Attempt<'_> {
    fn prepare(&self, chunk: u64) -> Result<Again, PreprocessError> {
        let record: Option<ChunkRecord> =
            read_json(&**self.files, &self.layout.chunk_record(chunk))?;
        let result = match &record {
            Some(record) => self.files.find(&record.result)?,
            None => None,
        };
        let (Some(record), Some(result)) = (record, result) else {
            let outputs = self.outputs(chunk)?;
            if outputs.is_empty() {
                return self.copy_all(chunk);
            }
            let ids = self.unanswered(chunk, &outputs)?;
            return Ok(Again::Rest(self.copy(chunk, &ids)?));
        };
        if record.counts.redrivable == 0 {
            return Ok(Again::Nothing);
        }
        let place = self.files.address(&result.key);
        let mut ids = self.explained(unfinished(&place, self.open(&result)))?;
        let outputs = self.outputs(chunk)?;
        let is_news = |output| self.is_news(chunk, &record, output);
        if outputs.iter().any(is_news) {
            let unanswered = self.unanswered(chunk, &outputs)?;
            ids.retain(|id| unanswered.contains(id));
            return Ok(Again::Rest(self.copy(chunk, &ids)?));
        }
        match self.copy(chunk, &ids)? {
            0 => Ok(Again::Nothing),
            kept => Ok(Again::Rest(kept)),
        }
    }

    fn outputs(&self, chunk: u64) -> Result<Vec<Found>, PreprocessError> {
        let mut outputs = self.files.list(&self.layout.outputs(chunk))?;
        outputs.retain(|object| self.layout.parse_output(chunk, &object.key).is_some());
        Ok(outputs)
    }

    /// Whether the results of a chunk were made without this output: of a job that was given up and ended all the same, or of
    /// an attempt whose results could not be written.
    fn is_news(&self, chunk: u64, record: &ChunkRecord, output: &Found) -> bool {
        let Some(of) = self.layout.parse_output(chunk, &output.key) else {
            return false;
        };
        let attempt = record
            .attempts
            .iter()
            .find(|made| made.attempt == of.attempt);
        attempt.is_none_or(|made| of.part.is_none() && made.output.as_ref() != Some(&output.key))
    }

    /// The records that the outputs of a chunk leave to be sent. What jobs answered is not paid for again, although it is in
    /// no result yet: it is joined here as the results will be.
    fn unanswered(
        &self,
        chunk: u64,
        outputs: &[Found],
    ) -> Result<BTreeSet<String>, PreprocessError> {
        let (place, rows) = self.needed(&self.layout.rows(chunk))?;
        let (kind, limits) = (self.processor.kind(), JoinLimits::default());
        let mut join = self.explained(Join::new(&place, rows, kind, limits))?;
        if let Some(rejected) = self.files.find(&self.layout.rejected(chunk))? {
            let place = self.files.address(&rejected.key);
            let lines = BufReader::new(self.open(&rejected).stream(0));
            self.explained(join.read_rejected(&place, lines))?;
        }
        for output in outputs {
            let place = self.files.address(&output.key);
            let lines = BufReader::new(self.open(output).stream(0));
            self.explained(join.read_outputs(&place, "", lines, self.processor))?;
        }
        let spill = |cause| PreprocessError::from(TableError::Spill { cause });
        let file = tempfile::tempfile().map_err(spill)?;
        let written = join.write(&place, file, ResultFormat::Parquet);
        let (file, _) = self.explained(written)?;
        self.explained(unfinished(&place, file))
    }

    /// Copies the lines of these records; no file where there are none.
    fn copy(&self, chunk: u64, ids: &BTreeSet<String>) -> Result<u64, PreprocessError> {
        if ids.is_empty() {
            return Ok(0);
        }
        let (place, input) = self.needed(&self.layout.input(chunk))?;
        let mut copy = self.begin(chunk);
        let lines = BufReader::new(input.stream(0));
        let kept = self.explained(filter_lines(&place, lines, ids, &mut copy))?;
        if kept > 0 {
            self.finish(chunk, copy)?;
        }
        Ok(kept)
    }

    /// Copies the whole input: its name tells the attempt, and outputs are named after it.
    fn copy_all(&self, chunk: u64) -> Result<Again, PreprocessError> {
        let (place, input) = self.needed(&self.layout.input(chunk))?;
        let mut lines = BufReader::new(input.stream(0));
        let mut copy = self.begin(chunk);
        let mut records = 0;
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = lines.read_until(b'\n', &mut line);
            let read = read.map_err(|cause| {
                let file = place.clone();
                self.failures.explain(TableError::Read { file, cause })
            })?;
            if read == 0 {
                break;
            }
            records += u64::from(!line.trim_ascii().is_empty());
            let written = copy.write_all(&line);
            written.map_err(|cause| write_error(self.key(chunk), cause))?;
        }
        self.finish(chunk, copy)?;
        Ok(Again::Everything(records))
    }

    /// A file that the first attempt wrote.
    fn needed(&self, key: &str) -> Result<(String, RangedFile), PreprocessError> {
        let place = self.files.address(key);
        match self.files.find(key)? {
            Some(object) => Ok((place, self.open(&object))),
            None => Err(PreprocessError::Missing(place)),
        }
    }

    fn open(&self, object: &Found) -> RangedFile {
        open(self.files, object, &self.failures)
    }

    fn explained<T>(&self, result: Result<T, TableError>) -> Result<T, PreprocessError> {
        result.map_err(|error| self.failures.explain(error).into())
    }

    fn key(&self, chunk: u64) -> String {
        self.layout.input_of_attempt(chunk, self.number)
    }

    fn begin(&self, chunk: u64) -> RunFile {
        self.output.begin(&self.key(chunk))
    }

    fn finish(&self, chunk: u64, copy: RunFile) -> Result<(), PreprocessError> {
        let finished = copy.finish();
        finished.map_err(|cause| write_error(self.key(chunk), cause))
    }
}
