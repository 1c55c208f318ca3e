//! The first rows of a table, as a run would send them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use runs::{RunError, RunRows};
use serde::Serialize;
use shared::batch::PROMPT_ID;
use shared::batch::prompt::{Cell, Template};
use shared::batch::record::{InputLine, LineError, RejectedLine, parse_lines};
use shared::batch::request::{INPUT_TEXT, Prompt};
use tables::chunks::{ChunkPlan, write_chunks};
use tables::{Files, Row, TableError};

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

/// What a row asks the model, as people read it.
fn text(prompt: &Prompt, row: &Row<'_>) -> String {
    let template = match prompt {
        Prompt::InputText => return row.text(INPUT_TEXT).unwrap_or_default().to_owned(),
        Prompt::One(template) => Some(template),
        Prompt::Routed(routes) => {
            let id = row.text(PROMPT_ID).unwrap_or_default();
            routes.templates.get(id).ok()
        }
    };
    let render = |template: &Template| {
        let cells: Vec<_> = template
            .fields()
            .iter()
            .map(|name| row.text(name).map_or(Cell::Null, Cell::Text))
            .collect();
        template.render(&cells)
    };
    template.map(render).unwrap_or_default()
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
    let texts = RefCell::new(BTreeMap::new());
    write_chunks(rows.rows()?, &rows.fields, &plan, &mut files, |row, out| {
        let written = rows.run.write_body(|name| row.text(name), out);
        written.map_err(|reason| reason.to_string())?;
        let text = text(&rows.run.prompt, row);
        texts.borrow_mut().insert(row.record_id.to_owned(), text);
        Ok::<(), String>(())
    })?;
    let mut texts = texts.into_inner();
    for line in parse_lines::<InputLine<'_>>(files.file(".jsonl")) {
        let line = line.map_err(unreadable)?;
        let record_id = line.record_id.into_owned();
        sample.records.push(SampledRecord {
            text: texts.remove(&record_id).unwrap_or_default(),
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
