//! Compacts a table on disk, for `tests/peers/compaction.py`: `compact_folder FOLDER NOW`.
//!
//! `FOLDER` holds `processed/year=YYYY/month=MM/day=DD/*.parquet`; compacted files go to `compacted/` beside it. Prints one
//! JSON line: the report, CPU time of the process and peak memory.

use std::error::Error;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compact::{Listed, Partition, Side, Store, StoreError};
use serde_json::json;
use shared::contracts::{CompactionPolicy, CompactionRequest};

#[expect(clippy::print_stdout, reason = "the line is what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(now)) = (arguments.next(), arguments.next()) else {
        return Err("usage: compact_folder FOLDER NOW".into());
    };
    let disk = Arc::new(Disk {
        root: folder.into(),
        policy: CompactionPolicy::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let report = runtime.block_on(compact::run(&disk, &CompactionRequest { now }))?;
    let line = json!({
        "report": report,
        "cpu_ms": cpu_milliseconds()?,
        "peak_mb": peak_kilobytes()? / 1024.0,
    });
    println!("{line}");
    Ok(())
}

/// A table in a folder of this machine.
struct Disk {
    root: PathBuf,
    policy: CompactionPolicy,
}

impl Disk {
    fn folder(&self, side: Side) -> PathBuf {
        self.root.join(match side {
            Side::Live => "processed",
            Side::Compacted => "compacted",
        })
    }
}

impl Store for Disk {
    fn policy(&self) -> &CompactionPolicy {
        &self.policy
    }

    async fn folders(&self) -> Result<Vec<String>, StoreError> {
        let root = self.folder(Side::Live);
        let mut folders = vec![String::new()];
        for _ in ["year", "month", "day"] {
            let mut deeper = Vec::new();
            for folder in &folders {
                let names = names(&root.join(folder))?;
                deeper.extend(names.iter().map(|name| join(folder, name)));
            }
            folders = deeper;
        }
        Ok(folders)
    }

    async fn list(&self, side: Side, partition: Partition) -> Result<Vec<Listed>, StoreError> {
        let partition = partition.to_string();
        let folder = self.folder(side).join(&partition);
        let mut files = Vec::new();
        for name in names(&folder)? {
            let metadata = std::fs::metadata(folder.join(&name)).map_err(StoreError::new)?;
            files.push(Listed {
                modified: metadata.mtime(),
                key: join(&partition, &name),
                etag: metadata.size().to_string(),
            });
        }
        files.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(files)
    }

    async fn read(&self, side: Side, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match std::fs::read(self.folder(side).join(key)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::new(error)),
        }
    }

    async fn write(
        &self,
        partition: Partition,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        let folder = self.folder(Side::Compacted).join(partition.to_string());
        std::fs::create_dir_all(&folder).map_err(StoreError::new)?;
        std::fs::write(folder.join(name), bytes).map_err(StoreError::new)
    }

    async fn remove(&self, side: Side, keys: &[String]) -> Result<(), StoreError> {
        let folder = self.folder(side);
        for key in keys {
            std::fs::remove_file(folder.join(key)).map_err(StoreError::new)?;
        }
        Ok(())
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        return name.to_owned();
    }
    format!("{folder}/{name}")
}

/// The names in a folder; none when there is no folder.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::new(error)),
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.map_err(StoreError::new)?;
        Ok(entry.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

fn cpu_milliseconds() -> Result<f64, Box<dyn Error>> {
    let statistics = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = statistics.split(' ').next().ok_or("no schedstat")?;
    Ok(nanoseconds.parse::<f64>()? / 1e6)
}

fn peak_kilobytes() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(value.ok_or("no VmHWM")?.parse()?)
}
