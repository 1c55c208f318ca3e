//! Measures the engines on files, with the arguments `lines TABLE FOLDER CHUNK_SIZE ROWS`, `chunks TABLE FOLDER CHUNK_SIZE` or
//! `join OUTPUTS ROWS FOLDER`.
//!
//! Prints rows and peak memory as JSON; who runs it measures time. `lines` makes the lines for the model; `chunks` does what
//! is deployed: it counts the rows before, and writes them as Parquet, too. Outputs are the files `*.jsonl.out` of a folder,
//! each joined with the rows in the file `*.parquet` of the same number.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use shared::batch::processor::{Kind, Options, Processor, TextBodies, processor_of};
use shared::batch::prompt::Template;
use tables::chunks::{ChunkPlan, write_chunks, write_lines};
use tables::input::{Batches, Limits};
use tables::join::{Join, JoinLimits, ResultFormat};
use tables::{Fields, Folder, Row};

/// The same as in `tests/peers/batch_step.py`.
const PROMPT: &str = "You label posts for a study.\nSay whether this post by {user} (language: {lang}) is \"positive\", \
    \"negative\" or \"neutral\".\n<post>\n{text}\n</post>\nAnswer with JSON and nothing else.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rows = match arguments.as_slice() {
        ["lines", table, folder, size, rows] => {
            chunks(table, folder, size.parse()?, Some(rows.parse()?))?
        }
        ["chunks", table, folder, size] => chunks(table, folder, size.parse()?, None)?,
        ["join", outputs, rows, folder] => join(outputs, rows, folder)?,
        _ => return Err("give `lines`, `chunks` or `join` with their arguments".into()),
    };
    let peak_mb = peak_memory()?;
    writeln!(
        std::io::stdout(),
        r#"{{"rows": {rows}, "peak_mb": {peak_mb:.1}}}"#
    )?;
    Ok(())
}

/// With the number of rows, lines only.
fn chunks(
    table: &str,
    folder: &str,
    size: u64,
    lines_of: Option<u64>,
) -> Result<u64, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let open = || -> Result<_, Box<dyn Error>> {
        Ok(Batches::open(table, File::open(table)?, Limits::default())?)
    };
    let rows = match lines_of {
        Some(rows) => rows,
        None => open()?.count_rows()?,
    };
    let sizes: Vec<u64> = (0..rows)
        .step_by(usize::try_from(size)?)
        .map(|first| size.min(rows - first))
        .collect();
    let plan = ChunkPlan {
        run_id: "measure",
        sizes: &sizes,
        row_group_bytes: 2 << 20,
    };
    let batches = open()?;
    let template = Template::parse(PROMPT)?;
    let fields = Fields::find(
        batches.schema(),
        template.fields().iter().map(String::as_str),
    )?;
    let mut files = Folder(PathBuf::from(folder));
    let bodies = TextBodies::new(claude()?, Options::default())?;
    let body = |row: &Row<'_>, out: &mut Vec<u8>| {
        bodies.write_prompt(&template, |column| row.text(column), out)
    };
    if lines_of.is_some() {
        return Ok(write_lines(batches, &fields, &plan, &mut files, body)?);
    }
    write_chunks(batches, &fields, &plan, &mut files, body)?;
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
            &Path::new(folder).join(format!("{number}.parquet")),
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

fn peak_memory() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.ok_or("the system does not tell peak memory")?;
    let kilobytes: f64 = kilobytes.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
