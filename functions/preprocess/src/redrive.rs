//! Another attempt at a run: of each chunk, the records that are worth another try.

use std::io::{BufRead, BufReader, Write as _};
use std::sync::Arc;

use runs::{Bucket, Failures, RunFile, RunFiles, model_of, open, read_json};
use shared::batch::layout::Layout;
use shared::contracts::batch::{ChunkRecord, RunManifest, RunOrder};
use tables::TableError;
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
    let failures = Failures::default();
    let files = RunFiles::new(&services.output, &layout, &failures);
    let attempt = Attempt {
        files: &services.files,
        output: &files,
        layout,
        number: order.attempt,
        failures,
    };
    let first = &manifest.execution;
    let mut tasks = Tasks::begin(services, order, &prefix, &model, first, &files);
    let mut resent = Vec::new();
    for (chunk, _) in (0..).zip(&manifest.chunks) {
        match attempt.prepare(chunk)? {
            Again::Nothing => {}
            Again::Some(sent) => tasks.add(chunk, sent)?,
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
    failures: Failures,
}

/// What of a chunk is sent again, and how many records that is.
enum Again {
    /// It is done.
    Nothing,
    /// What its result says is worth another try.
    Some(u64),
    /// All that was sent before: there is no result to say what became of it.
    Everything(u64),
}

impl Attempt<'_> {
    fn prepare(&self, chunk: u64) -> Result<Again, PreprocessError> {
        let record: Option<ChunkRecord> =
            read_json(&**self.files, &self.layout.chunk_record(chunk))?;
        let Some(record) = record else {
            return self.copy_all(chunk);
        };
        let Some(result) = self.files.find(&record.result)? else {
            return self.copy_all(chunk);
        };
        if record.counts.redrivable == 0 {
            return Ok(Again::Nothing);
        }
        let place = self.files.address(&result.key);
        let result = open(self.files, &result, &self.failures);
        let ids = unfinished(&place, result).map_err(|error| self.failures.explain(error))?;
        if ids.is_empty() {
            return Ok(Again::Nothing);
        }
        let (place, lines) = self.input(chunk)?;
        let mut copy = self.begin(chunk);
        let kept = filter_lines(&place, lines, &ids, &mut copy)
            .map_err(|error| self.failures.explain(error))?;
        if kept == 0 {
            return Ok(Again::Nothing);
        }
        self.finish(chunk, copy)?;
        Ok(Again::Some(kept))
    }

    /// Copies the whole input: its name tells the attempt, and outputs are named after it.
    fn copy_all(&self, chunk: u64) -> Result<Again, PreprocessError> {
        let (place, mut lines) = self.input(chunk)?;
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

    /// The input of the first attempt, which holds every record that can be sent.
    fn input(&self, chunk: u64) -> Result<(String, impl BufRead + use<>), PreprocessError> {
        let key = self.layout.input(chunk);
        let place = self.files.address(&key);
        let Some(object) = self.files.find(&key)? else {
            return Err(PreprocessError::Missing(place));
        };
        let lines = open(self.files, &object, &self.failures).stream(0);
        Ok((place, BufReader::new(lines)))
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
