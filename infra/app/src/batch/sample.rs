//! The first rows of a table, as a run would send them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use runs::{BodyProblem, RunError, RunRows};
use serde::Serialize;
use shared::batch::processor::ImageSize;
use shared::batch::record::{InputLine, LineError, RejectedLine, parse_lines};
use tables::chunks::{ChunkPlan, write_chunks};
use tables::{Files, TableError};

/// How many rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rows {
    /// Counted.
    Exactly(u64),
    /// By its size.
    About(u64),
}

impl Rows {
    /// The number, however it was found.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Exactly(rows) | Self::About(rows) => rows,
        }
    }
}

/// The first rows of a table, and how many there are.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// All rows of the table.
    pub(crate) rows: Rows,
    /// Rows that can be sent.
    pub(crate) records: Vec<SampledRecord>,
    /// Rows that cannot.
    pub(crate) rejected: Vec<RejectedRow>,
}

/// A row that can be sent.
#[derive(Clone, Debug)]
pub(crate) struct SampledRecord {
    /// Its id.
    pub(crate) record_id: String,
    /// What the model is asked: the prompt, or the text to embed.
    pub(crate) text: String,
    /// The size of the image that it is shown, of a run with images.
    pub(crate) image: Option<ImageSize>,
    /// The body in the model's format.
    pub(crate) body: String,
}

/// A row that cannot be sent.
#[derive(Clone, Debug)]
pub(crate) struct RejectedRow {
    /// Its id.
    pub(crate) record_id: String,
    /// Why.
    pub(crate) message: String,
}

/// Takes the first `wanted` rows of a table that may have fewer, as chunks are written: by the same code, in memory.
pub(super) fn take(rows: &RunRows, number: Rows, wanted: u64) -> Result<Sample, RunError> {
    let wanted = match number {
        Rows::Exactly(number) => wanted.min(number),
        Rows::About(_) => wanted,
    };
    let mut sample = Sample {
        rows: number,
        records: Vec::new(),
        rejected: Vec::new(),
    };
    if wanted == 0 {
        return Ok(sample);
    }
    let plan = ChunkPlan {
        run_id: "sample",
        sizes: &[wanted],
        row_group_bytes: 1 << 20,
    };
    let mut files = Memory::default();
    let (table, bodies) = rows.records()?;
    let asked = RefCell::new(BTreeMap::new());
    let written = write_chunks(table, &rows.fields, &plan, &mut files, |row, out| {
        bodies.write(row, out)?;
        let text = rows.run.text(|name| row.text(name))?.unwrap_or_default();
        let asking = (text.into_owned(), bodies.image_size(row));
        asked.borrow_mut().insert(row.record_id.to_owned(), asking);
        Ok::<(), BodyProblem>(())
    });
    written.map_err(|error| rows.table().explain(error))?;
    let mut asked = asked.into_inner();
    for line in parse_lines::<InputLine<'_>>(files.file(".jsonl")) {
        let line = line.map_err(unreadable)?;
        let record_id = line.record_id.into_owned();
        let (text, image) = asked.remove(&record_id).unwrap_or_default();
        sample.records.push(SampledRecord {
            text,
            image,
            body: line.model_input.get().to_owned(),
            record_id,
        });
    }
    for line in parse_lines::<RejectedLine<'_>>(files.file(".rejected.jsonl")) {
        let line = line.map_err(unreadable)?;
        sample.rejected.push(RejectedRow {
            record_id: line.record_id.into_owned(),
            message: line.message.into_owned(),
        });
    }
    Ok(sample)
}

fn unreadable(problem: LineError) -> TableError {
    TableError::Read {
        file: "sample".to_owned(),
        cause: io::Error::other(problem),
    }
}

/// Files in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    /// The file of the only chunk with this end; nothing when it was not written.
    fn file(&self, end: &str) -> &[u8] {
        self.0
            .get(&format!("0000{end}"))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}

impl Files for Memory {
    type File = Vec<u8>;

    fn create(&mut self, _name: &str) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn finish(&mut self, name: &str, file: Vec<u8>) -> io::Result<()> {
        self.0.insert(name.to_owned(), file);
        Ok(())
    }
}
