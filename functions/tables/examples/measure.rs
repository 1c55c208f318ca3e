//! Measures the engines on files: `measure chunks TABLE FOLDER CHUNK_SIZE` and `measure join OUTPUTS ROWS FOLDER`.
//!
//! Prints rows, seconds and peak memory. Outputs are the files `*.jsonl.out` of a folder, each joined with the rows in the file
//! `*.parquet` of the same number.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use shared::batch::processor::{Input, Kind, Options, Processor, processor_of};
use tables::chunks::{ChunkPlan, write_chunks};
use tables::input::{Batches, Limits};
use tables::join::{Join, JoinLimits, ResultFormat};
use tables::{Fields, Folder};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let started = Instant::now();
    let rows = match arguments.as_slice() {
        ["chunks", table, folder, size] => chunks(table, folder, size.parse()?)?,
        ["join", outputs, rows, folder] => join(outputs, rows, folder)?,
        _ => return Err("give `chunks TABLE FOLDER SIZE` or `join OUTPUTS ROWS FOLDER`".into()),
    };
    let seconds = started.elapsed().as_secs_f64();
    let peak = peak_memory()?;
    writeln!(
        std::io::stdout(),
        "{rows} rows, {seconds:.2} s, peak {peak}"
    )?;
    Ok(())
}

fn chunks(table: &str, folder: &str, size: u64) -> Result<u64, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let open = || -> Result<_, Box<dyn Error>> {
        Ok(Batches::open(table, File::open(table)?, Limits::default())?)
    };
    let rows = open()?.count_rows()?;
    let sizes: Vec<u64> = (0..rows)
        .step_by(usize::try_from(size)?)
        .map(|first| size.min(rows - first))
        .collect();
    let plan = ChunkPlan {
        run_id: "measure",
        sizes: &sizes,
        row_group_bytes: 16 << 20,
    };
    let batches = open()?;
    let fields = Fields::find(batches.schema(), ["user", "lang", "text"])?;
    let mut files = Folder(PathBuf::from(folder));
    let (claude, options) = (claude()?, Options::default());
    write_chunks(batches, &fields, &plan, &mut files, |row, out| {
        let text = |name| row.text(name).unwrap_or_default();
        let prompt = format!(
            "You are a careful annotator.\nClassify the sentiment of this tweet by {} (language: {}) as \"positive\", \
             \"negative\" or \"neutral\".\n<tweet>\n{}\n</tweet>\nAnswer with JSON only.",
            text("user"),
            text("lang"),
            text("text")
        );
        claude.write_body(&Input::text(&prompt), &options, out)
    })?;
    Ok(rows)
}

fn claude() -> Result<&'static dyn Processor, Box<dyn Error>> {
    Ok(processor_of(
        &"anthropic.claude-haiku-4-5-20251001-v1:0".parse()?,
    )?)
}

fn join(outputs: &str, rows: &str, folder: &str) -> Result<u64, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut files: Vec<PathBuf> = fs::read_dir(outputs)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut total = 0;
    for file in files {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let number = name.trim_end_matches(".jsonl.out");
        total += join_chunk(
            &file,
            &Path::new(rows).join(format!("{number}.parquet")),
            &Path::new(folder).join(format!("{number}.snappy.parquet")),
        )?;
    }
    Ok(total)
}

fn join_chunk(outputs: &Path, rows: &Path, results: &Path) -> Result<u64, Box<dyn Error>> {
    let name = rows.display().to_string();
    let mut join = Join::new(&name, File::open(rows)?, Kind::Text, JoinLimits::default())?;
    let lines = BufReader::with_capacity(256 * 1024, File::open(outputs)?);
    join.read_outputs(&outputs.display().to_string(), "job", lines, claude()?)?;
    let output = File::create(results)?;
    let (_, joined) = join.write(
        &results.display().to_string(),
        output,
        ResultFormat::Parquet,
    )?;
    Ok(joined.counts.records)
}

fn peak_memory() -> Result<String, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(peak
        .ok_or("the system does not tell peak memory")?
        .trim()
        .to_owned())
}
