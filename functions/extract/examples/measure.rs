//! Measures the steps of the function for `tests/peers/compare.py`: CPU time per run, result size and peak memory.
//!
//! `measure image FILE RUNS [OUTPUT]` and `measure record|empty-record RUNS [OUTPUT]` each print one JSON line.
//! `measure files COUNT FOLDER` writes so many one-record files, which `compaction.py` then has compacted.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use extract::image::prepare;
use extract::table::Table;
use serde_json::{Value, json};
use shared::record::{Provenance, Row};
use shared::records::BookMetadata;

#[expect(clippy::print_stdout, reason = "the line is what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let line = match arguments.as_slice() {
        ["image", file, runs, output @ ..] => {
            let content = std::fs::read(file)?;
            measure(runs.parse()?, output, || Ok(prepare(&content)?.jpeg))
        }
        [kind @ ("record" | "empty-record"), runs, output @ ..] => {
            let table = Table::of::<BookMetadata>()?;
            let row = if *kind == "record" {
                row()
            } else {
                Row::default()
            };
            measure(runs.parse()?, output, || Ok(table.file(&row)?))
        }
        ["files", count, folder] => write_files(count.parse()?, Path::new(folder)),
        _ => Err(
            "usage: measure image FILE RUNS [OUTPUT] | measure record|empty-record RUNS [OUTPUT] | measure files COUNT FOLDER"
                .into(),
        ),
    }?;
    println!("{line}");
    Ok(())
}

/// Runs a step and takes the mean: the kernel brings CPU times up to date only every few milliseconds.
fn measure(
    runs: u32,
    output: &[&str],
    step: impl Fn() -> Result<Vec<u8>, Box<dyn Error>>,
) -> Result<Value, Box<dyn Error>> {
    let mut result = step()?;
    let before = cpu_time()?;
    for _ in 0..runs.max(1) {
        result = step()?;
    }
    let mean = cpu_time()?.saturating_sub(before) / runs.max(1);
    if let [path] = output {
        std::fs::write(path, &result)?;
    }
    let line = json!({
        "cpu_us": mean.as_secs_f64() * 1e6,
        "bytes": result.len(),
        "peak_mb": peak_kilobytes()? / 1024.0,
    });
    Ok(line)
}

/// One file per record, as the function writes them; no two records are the same.
fn write_files(count: u32, folder: &Path) -> Result<Value, Box<dyn Error>> {
    let table = Table::of::<BookMetadata>()?;
    std::fs::create_dir_all(folder)?;
    let mut bytes = 0;
    for number in 0..count {
        let mut row = row();
        // Spreads the ids as the hash in them does.
        let scattered = number.wrapping_mul(2_654_435_761);
        row.provenance.id = format!("{scattered:08x}-0000-5000-8000-{number:012x}");
        row.record.title = format!("The Book of Number {number}");
        row.record.author = format!("Author {}", scattered % 997);
        row.record.publisher = format!("Publisher {}", scattered % 53);
        let file = table.file(&row)?;
        bytes += file.len();
        let name = format!("metadata_{}.parquet", row.provenance.id);
        std::fs::write(folder.join(name), file)?;
    }
    Ok(json!({ "files": count, "bytes": bytes }))
}

/// CPU time of this thread (the step runs on one thread).
fn cpu_time() -> Result<Duration, Box<dyn Error>> {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = statistics.split(' ').next().ok_or("no schedstat")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

fn peak_kilobytes() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(value.ok_or("no VmHWM")?.parse()?)
}

/// The record that `tests/peers/record.py` writes, too.
fn row() -> Row<BookMetadata> {
    Row {
        record: BookMetadata {
            title: "The Great Gatsby".to_owned(),
            author: "F. Scott Fitzgerald".to_owned(),
            isbn: "9780743273565".to_owned(),
            publisher: "Scribner".to_owned(),
            published_year: Some(2004),
            description: "A portrait of the Jazz Age in all of its decadence and excess, and of one man's hope that \
                          the past can be repeated; it earned itself a permanent place in American mythology."
                .to_owned(),
            confidence: Some(0.88),
        },
        provenance: Provenance {
            id: "b6f0c1de-0000-5000-8000-000000000001".to_owned(),
            filename: "covers/cover_0001.jpg".to_owned(),
            processed_at: "2026-03-09T15:05:30.123Z".to_owned(),
            source_bucket: "vision-raw-123456789012-eu-west-2".to_owned(),
            etag: "9b2cf535f27731c974343645a3985328".to_owned(),
            model_id: "eu.anthropic.claude-haiku-4-5-20251001-v1:0".to_owned(),
            parse_stage: "direct".to_owned(),
            validation_errors: None,
            input_tokens: Some(1893),
            output_tokens: Some(142),
        },
    }
}
