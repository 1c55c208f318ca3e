//! The results of a run, file by file.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use deploy::service;
use serde::Serialize;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::error::file;
use super::stack::StoredObject;
use super::{BatchError, BatchStack, RunFiles};

/// Files on their way at once.
const AT_ONCE: usize = 8;

/// What of a run is to be downloaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Download {
    /// CSV instead of Parquet.
    pub(crate) csv: bool,
    /// The outputs of the jobs as well.
    pub(crate) raw: bool,
}

/// What was downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Downloaded {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// Files that were fetched.
    pub(crate) fetched: u64,
    /// Files that were there already.
    pub(crate) present: u64,
    /// Bytes of all of them.
    pub(crate) bytes: u64,
    /// The files with the rows, in the order of the chunks.
    pub(crate) results: Vec<PathBuf>,
}

/// A file to fetch.
#[derive(Clone, Debug)]
struct Wanted {
    object: StoredObject,
    path: PathBuf,
}

impl Download {
    /// Fetches the files of a run that are not there yet, whole and as new as in the bucket. `progress` is told how many of
    /// how many bytes are there.
    pub(crate) async fn fetch(
        self,
        stack: &BatchStack,
        files: &RunFiles,
        folder: &Path,
        progress: impl Fn(u64, u64),
    ) -> Result<Downloaded, BatchError> {
        let wanted = self.wanted(stack, files, folder).await?;
        let total = wanted.iter().map(|wanted| wanted.object.size).sum();
        let mut downloaded = Downloaded {
            folder: folder.to_owned(),
            bytes: total,
            ..Downloaded::default()
        };
        let (mut tasks, room) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
        let rows = folder.join(if self.csv { "csv" } else { "parquet" });
        let mut there = 0;
        for wanted in wanted {
            if wanted.path.starts_with(&rows) {
                downloaded.results.push(wanted.path.clone());
            }
            if is_present(&wanted) {
                downloaded.present += 1;
                there += wanted.object.size;
                continue;
            }
            let (stack, room) = (stack.clone(), Arc::clone(&room));
            tasks.spawn(async move {
                // Nobody closes the semaphore, so this only waits.
                let _permit = room.acquire_owned().await;
                fetch(&stack, &wanted).await.map(|()| wanted.object.size)
            });
        }
        progress(there, total);
        while let Some(finished) = tasks.join_next().await {
            there +=
                finished.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
            downloaded.fetched += 1;
            progress(there, total);
        }
        Ok(downloaded)
    }

    async fn wanted(
        self,
        stack: &BatchStack,
        files: &RunFiles,
        folder: &Path,
    ) -> Result<Vec<Wanted>, BatchError> {
        let place = format!("{}/{}/", files.prefix.as_str(), files.run);
        let (source, name) = if self.csv {
            (format!("batch_output_csv/{place}"), "csv")
        } else {
            (files.layout().results(), "parquet")
        };
        let mut wanted = wanted_below(stack, &source, &folder.join(name)).await?;
        if wanted.is_empty() {
            let run = files.run.clone();
            return Err(if self.csv {
                BatchError::NoCsv(run)
            } else {
                BatchError::NoResults(run)
            });
        }
        if self.raw {
            let source = format!("batch_outputs_json/{place}");
            wanted.extend(wanted_below(stack, &source, &folder.join("json")).await?);
        }
        Ok(wanted)
    }
}

async fn wanted_below(
    stack: &BatchStack,
    prefix: &str,
    folder: &Path,
) -> Result<Vec<Wanted>, BatchError> {
    let objects = stack.list(prefix).await?;
    let wanted = objects.into_iter().map(|object| {
        let name = object.key.strip_prefix(prefix).map(Path::new);
        let plain = |name: &&Path| {
            !name.as_os_str().is_empty()
                && name
                    .components()
                    .all(|part| matches!(part, Component::Normal(_)))
        };
        match name.filter(plain) {
            Some(name) => Ok(Wanted {
                path: folder.join(name),
                object,
            }),
            None => Err(BatchError::Key(object.key)),
        }
    });
    wanted.collect()
}

/// Whether a file is the object: it has its size and its time. A redrive rewrites results, maybe with the same size.
fn is_present(wanted: &Wanted) -> bool {
    std::fs::metadata(&wanted.path).is_ok_and(|metadata| {
        metadata.is_file()
            && metadata.len() == wanted.object.size
            && metadata
                .modified()
                .is_ok_and(|time| time == modified(wanted))
    })
}

fn modified(wanted: &Wanted) -> SystemTime {
    let seconds = u64::try_from(wanted.object.modified).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Fetches an object to a file of another name, which gets its own when it is whole.
async fn fetch(stack: &BatchStack, wanted: &Wanted) -> Result<(), BatchError> {
    let Wanted { object, path } = wanted;
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    if let Some(folder) = path.parent() {
        let made = tokio::fs::create_dir_all(folder).await;
        made.map_err(file("create", folder))?;
    }
    let mut body = stack
        .s3()
        .get_object()
        .bucket(&stack.bucket)
        .key(&object.key)
        .send()
        .await
        .map_err(service(format!("download {}", stack.uri(&object.key))))?
        .body;
    let written = file("write", &part);
    let mut output = tokio::fs::File::create(&part).await.map_err(&written)?;
    let mut found = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| written(std::io::Error::other(error)))?;
        found += bytes.len() as u64;
        output.write_all(&bytes).await.map_err(&written)?;
    }
    output.flush().await.map_err(&written)?;
    if found != object.size {
        return Err(BatchError::Truncated {
            key: object.key.clone(),
            expected: object.size,
            found,
        });
    }
    let finished = output.into_std().await;
    finished.set_modified(modified(wanted)).map_err(&written)?;
    tokio::fs::rename(&part, path).await.map_err(&written)
}
