//! The table that a request names: a file, all files below a prefix, or a split of a dataset.

use std::collections::BTreeMap;
use std::sync::Arc;

use parquet::file::reader::{ChunkReader, FileReader as _, Length as _, SerializedFileReader};
use shared::batch::request::IMAGE_URI;
use shared::batch::source::{S3Uri, Source};
use shared::contracts::batch::RunFailure;
use tables::TableError;
use tables::input::{Batches, Format, Limits};

use crate::error::{Failures, StoreError, TableFailure};
use crate::hub::{Hub, HubFile, Split};
use crate::ranged::{RangedFile, open};
use crate::store::{Bucket, Found};

/// What tells the format of a file.
const HEAD: u64 = 4;

/// Makes a bucket of a name.
pub type OpenBucket = Arc<dyn Fn(&str) -> Arc<dyn Bucket> + Send + Sync>;

/// Where tables and images may be.
#[derive(Clone)]
pub struct Inputs {
    /// Buckets by their names.
    pub buckets: BTreeMap<String, Arc<dyn Bucket>>,
    /// All other buckets, for who is not bound to those: the images that a table names may be anywhere.
    pub elsewhere: Option<OpenBucket>,
    /// The Hub, for requests that name a dataset.
    pub hub: Option<Hub>,
}

/// A table that was found: its files, none of which is open. They are read as they were when they were found.
pub struct Table {
    content: Content,
    failures: Failures,
}

enum Content {
    Files(Vec<TableFile>),
    /// The URIs of images, in the order of their keys.
    Images(Arc<[String]>),
}

#[derive(Clone)]
enum TableFile {
    Object(Arc<dyn Bucket>, Found),
    Hub(HubFile),
}

impl Inputs {
    /// Finds the table of a source.
    ///
    /// Below a prefix, every object is a file of the table, in the order of the keys, but for empty ones and those of which
    /// a part of the path below the prefix begins with `_` or `.`: Spark, Hive and others leave such beside their tables
    /// (`_SUCCESS`, `_delta_log/`, `.crc`).
    ///
    /// Of images, every object below the prefix is one, but for folders and those parts; what is none makes a row that is
    /// rejected with its reason.
    ///
    /// # Errors
    /// When there is nothing, or it may not be read.
    pub fn find(&self, source: &Source) -> Result<Table, StoreError> {
        let content = match source {
            Source::S3(uri) => Content::Files(self.objects(uri)?),
            Source::Images(prefix) => Content::Images(self.images(prefix)?),
            Source::Dataset { id, config, split } => {
                let hub = self.hub.as_ref().ok_or_else(|| {
                    let message = "this function was not given the Hub: deploy it anew";
                    StoreError::new(RunFailure::Broken, message)
                })?;
                let split = Split {
                    dataset: id,
                    config: config.as_deref(),
                    split,
                };
                let files = hub.files(&split)?;
                Content::Files(files.into_iter().map(TableFile::Hub).collect())
            }
        };
        Ok(Table {
            content,
            failures: Failures::default(),
        })
    }

    /// A bucket that may be read.
    pub(crate) fn bucket(&self, name: &str) -> Option<Arc<dyn Bucket>> {
        let elsewhere = || self.elsewhere.as_ref().map(|open| open(name));
        self.buckets.get(name).cloned().or_else(elsewhere)
    }

    /// The names of the buckets, as a message lists them.
    pub(crate) fn names(&self) -> String {
        let names: Vec<&str> = self.buckets.keys().map(String::as_str).collect();
        names.join(", ")
    }

    fn needed(&self, uri: &S3Uri) -> Result<&Arc<dyn Bucket>, StoreError> {
        self.buckets.get(&uri.bucket).ok_or_else(|| {
            let message = format!("runs may not read the bucket `{}`", uri.bucket);
            StoreError::new(RunFailure::Broken, message)
        })
    }

    fn images(&self, prefix: &S3Uri) -> Result<Arc<[String]>, StoreError> {
        let bucket = self.needed(prefix)?;
        let mut keys: Vec<String> = bucket
            .list(&prefix.key)?
            .into_iter()
            .map(|object| object.key)
            .filter(|key| is_file(&key[prefix.key.len()..]))
            .collect();
        keys.sort();
        if keys.is_empty() {
            let message = format!(
                "there are no images below `{prefix}`: upload some there, or name another prefix (names that begin with `_` or `.` do not count)"
            );
            return Err(StoreError::new(RunFailure::InvalidRequest, message));
        }
        Ok(keys.iter().map(|key| bucket.address(key)).collect())
    }

    fn objects(&self, uri: &S3Uri) -> Result<Vec<TableFile>, StoreError> {
        let invalid = |message: String| Err(StoreError::new(RunFailure::InvalidRequest, message));
        let bucket = self.needed(uri)?;
        let file = |object| TableFile::Object(Arc::clone(bucket), object);
        if uri.is_prefix() {
            let mut objects = bucket.list(&uri.key)?;
            objects.retain(|object| object.size > 0 && is_file(&object.key[uri.key.len()..]));
            objects.sort_by(|one, other| one.key.cmp(&other.key));
            if objects.is_empty() {
                return invalid(format!(
                    "there is no table below `{uri}`: upload CSV or Parquet files there, or name another prefix (empty files, and names that begin with `_` or `.`, do not count)"
                ));
            }
            return Ok(objects.into_iter().map(file).collect());
        }
        match bucket.find(&uri.key)? {
            Some(object) if object.size > 0 => Ok(vec![file(object)]),
            Some(_) => invalid(format!("`{uri}` is empty: upload the table again")),
            None if bucket.list(&format!("{}/", uri.key))?.is_empty() => invalid(format!(
                "there is no object `{uri}`: check the key, which is case-sensitive and not escaped, or upload the table"
            )),
            None => invalid(format!(
                "`{uri}` is a folder: write `{uri}/` to read all tables in it as one"
            )),
        }
    }
}

/// Whether a path below a prefix is one of a file that counts.
fn is_file(path: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with(['_', '.']));
    !hidden && !path.is_empty() && !path.ends_with('/')
}

impl TableFile {
    fn name(&self) -> String {
        match self {
            Self::Object(bucket, object) => bucket.address(&object.key),
            Self::Hub(file) => file.name().to_owned(),
        }
    }

    fn open(&self, failures: &Failures) -> Result<RangedFile, TableError> {
        match self {
            Self::Object(bucket, object) => Ok(open(bucket, object, failures)),
            Self::Hub(file) => file.open(failures).map_err(|error| TableError::Read {
                file: self.name(),
                cause: failures.keep(error),
            }),
        }
    }
}

impl Table {
    /// The rows, from the first on. They can be read several times, and are the same each time.
    ///
    /// # Errors
    /// When the first file cannot be read or is no table.
    pub fn rows(&self, limits: Limits) -> Result<Batches, TableFailure> {
        let files = match &self.content {
            Content::Files(files) => files.clone().into_iter(),
            Content::Images(uris) => {
                let uris = Arc::clone(uris);
                let texts = (0..uris.len()).map(move |place| uris[place].clone());
                return Ok(Batches::of_texts(IMAGE_URI, texts, limits));
            }
        };
        let failures = self.failures.clone();
        let files = files.map(move |file| Ok((file.name(), file.open(&failures)?)));
        Batches::of_files(files, limits).map_err(|error| self.explain(error))
    }

    /// How many rows there are, or `enough` when there are no fewer: of Parquet by its footers, of CSV by reading it.
    ///
    /// # Errors
    /// When a file cannot be read or is no table.
    pub fn count(&self, limits: Limits, enough: u64) -> Result<u64, TableFailure> {
        let files = match &self.content {
            Content::Files(files) => files,
            Content::Images(uris) => return Ok(enough.min(uris.len() as u64)),
        };
        let mut rows = 0_u64;
        for file in files {
            if rows >= enough {
                break;
            }
            let counted = self.count_file(file, limits, enough - rows);
            rows += counted.map_err(|error| self.explain(error))?;
        }
        Ok(rows.min(enough))
    }

    /// What an error that came while rows were read comes from.
    #[must_use]
    pub fn explain(&self, error: TableError) -> TableFailure {
        self.failures.explain(error)
    }

    /// Where failures of the buckets under this table are kept.
    #[must_use]
    pub fn failures(&self) -> &Failures {
        &self.failures
    }

    fn count_file(&self, file: &TableFile, limits: Limits, enough: u64) -> Result<u64, TableError> {
        let (name, source) = (file.name(), file.open(&self.failures)?);
        let failed = |cause| TableError::Parquet {
            file: name.clone(),
            cause,
        };
        let head = usize::try_from(source.len().min(HEAD)).unwrap_or_default();
        let head = source.get_bytes(0, head).map_err(failed)?;
        if Format::of(&name, &head)? == Format::Parquet {
            let reader = SerializedFileReader::new(source).map_err(failed)?;
            let rows = reader.metadata().file_metadata().num_rows();
            return Ok(u64::try_from(rows).unwrap_or_default());
        }
        count(Batches::open(&name, source, limits)?, enough)
    }
}

/// Counts rows until there are enough.
///
/// # Errors
/// Those of the rows.
pub fn count(rows: Batches, enough: u64) -> Result<u64, TableError> {
    let mut counted = 0;
    for batch in rows {
        counted += batch?.num_rows() as u64;
        if counted >= enough {
            break;
        }
    }
    Ok(counted.min(enough))
}
