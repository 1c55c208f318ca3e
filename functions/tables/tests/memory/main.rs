//! Memory stays bounded however large the input is. One test, because peak memory is the process's.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::fs;
use std::io::{self, BufReader, Read, Sink, Write as _};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use shared::batch::processor::{Kind, processor_of};
use tables::chunks::{ChunkPlan, write_chunks};
use tables::input::{Batches, Limits};
use tables::join::{Join, JoinLimits, ResultFormat};
use tables::{Fields, Files};

const MB: u64 = 1 << 20;

/// Text that is made while it is read: the pieces of `piece`, one after the other.
struct Made<F> {
    piece: F,
    number: u64,
    rest: Vec<u8>,
}

impl<F: FnMut(u64) -> Option<String>> Read for Made<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            let piece = (self.piece)(self.number).unwrap_or_default();
            self.rest = piece.into_bytes();
            self.number += 1;
        }
        let length = self.rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest.drain(..length);
        Ok(length)
    }
}

fn made<F: FnMut(u64) -> Option<String>>(piece: F) -> Made<F> {
    Made {
        piece,
        number: 0,
        rest: Vec::new(),
    }
}

/// Takes files and forgets them.
struct Nowhere;

impl Files for Nowhere {
    type File = Sink;

    fn create(&mut self, _name: &str) -> io::Result<Sink> {
        Ok(io::sink())
    }

    fn finish(&mut self, _name: &str, _file: Sink) -> io::Result<()> {
        Ok(())
    }
}

fn memory(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let kilobytes = status.lines().find_map(|text| text.strip_prefix(line));
    let kilobytes = kilobytes.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// Runs `work`, whose memory must not grow by more than `limit` bytes meanwhile.
fn within(limit: u64, name: &str, work: impl FnOnce()) {
    // Sets the peak back to what is in use now.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS:");
    work();
    let grown = memory("VmHWM:").saturating_sub(before);
    assert!(grown < limit, "{name}: {} MB", grown / MB);
}

fn gzip(bytes: u64, block: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(b"a\n").unwrap();
    for _ in 0..bytes / block.len() as u64 {
        encoder.write_all(block).unwrap();
    }
    encoder.finish().unwrap().into()
}

fn open(file: Bytes) -> Batches {
    Batches::open("t.csv.gz", file, Limits::default()).unwrap()
}

#[test]
fn memory_is_bounded() {
    let cell = gzip(100 * MB, &[b'x'; 1 << 14]);
    within(64 * MB, "a cell of 100 MB", || {
        let error = open(cell).find_map(Result::err).unwrap().to_string();
        assert!(error.contains("longer than 16777216 bytes"), "{error}");
    });

    let rows = gzip(32 * MB, b"a cell of thirty-two byte or so\n");
    assert!((rows.len() as u64) < MB, "{}", rows.len());
    within(4 * MB, "a bomb of short rows", || {
        assert!(open(rows).count_rows().unwrap() > 1_000_000);
    });

    within(24 * MB, "chunks", chunks);
    within(56 * MB, "a join", join);
}

fn chunks() {
    let text = made(|number| match number {
        0 => Some("topic,text\n".to_owned()),
        1..=40_000 => Some(format!("topic {number},{number:01000}\n")),
        _ => None,
    });
    let table = Batches::csv("t.csv", text, Limits::default()).unwrap();
    let fields = Fields::find(table.schema(), ["topic", "text"]).unwrap();
    let plan = ChunkPlan {
        run_id: "run",
        sizes: &[40_000],
        row_group_bytes: 4 << 20,
    };
    let chunks = write_chunks(table, &fields, &plan, &mut Nowhere, |row, out| {
        out.push(b'"');
        out.extend_from_slice(row.text("text").unwrap_or_default().as_bytes());
        out.push(b'"');
        Ok::<_, String>(())
    });
    assert!(chunks.unwrap()[0].input_bytes > 40 * MB);
}

fn join() {
    const RECORDS: u64 = 4_000;
    let ids = StringArray::from_iter_values((0..RECORDS).map(|number| number.to_string()));
    let rows = RecordBatch::try_from_iter([("record_id", Arc::new(ids) as ArrayRef)]).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    let rows = Bytes::from(writer.into_inner().unwrap());
    let mut join = Join::new("r", rows, Kind::Text, JoinLimits::default()).unwrap();
    // 80 MB of answers, the last record first.
    let lines = made(|number| {
        let id = RECORDS.checked_sub(number + 1)?;
        let text = format!("{id:020000}");
        Some(format!(
            "{{\"recordId\":\"{id}\",\"modelOutput\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{text}\"}}]}}}}\n"
        ))
    });
    let claude =
        processor_of(&"anthropic.claude-haiku-4-5-20251001-v1:0".parse().unwrap()).unwrap();
    join.read_outputs("o", "job", BufReader::new(lines), claude)
        .unwrap();
    let (_, joined) = join.write("r", io::sink(), ResultFormat::Parquet).unwrap();
    assert_eq!(joined.counts.succeeded, RECORDS);
}
