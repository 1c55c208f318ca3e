//! The images that rows name: fetched for a few rows at a time, judged, and forgotten when the next rows come.
//!
//! What is wrong with an image is its row's problem: the row is rejected, and the others go on. What is wrong with the
//! service is everybody's: the work fails, and is tried again.

mod fetch;
mod inspect;

use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::thread;

use shared::batch::processor::{Image, ImageFormat, ImageSize};

use crate::error::StoreError;
use crate::table::Inputs;

/// Rows whose images are in memory at once, and requests that are made at once. With 9 MB for the largest image, its bytes
/// and their base64, 16 take 140 MB at most.
pub(crate) const AT_ONCE: usize = 16;

/// An image as a model is given it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoadedImage {
    format: ImageFormat,
    size: ImageSize,
    base64: String,
}

/// Why a row has no image that can be sent. None of these passes by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageProblem {
    /// The row names none.
    #[error("the column `{0}` names no image: write its URI there, or leave the row out")]
    NotNamed(String),
    /// What the row names is not an object of S3.
    #[error("`{uri}` is not the URI of an image: {problem}")]
    NotUri {
        /// What the column holds.
        uri: String,
        /// The rule that it breaks.
        problem: String,
    },
    /// The bucket was not opened to runs.
    #[error(
        "`{uri}` is in a bucket that runs may not read: use one of {allowed}, or add it to the input buckets of the deployment"
    )]
    Bucket {
        /// Where the image is.
        uri: String,
        /// Buckets that may be read.
        allowed: String,
    },
    /// There is no such object.
    #[error(
        "there is no object `{0}`: check the key, which is case-sensitive, or upload the image"
    )]
    Missing(String),
    /// The object may not be read, or not as it is.
    #[error("`{uri}` cannot be read: {problem}")]
    Unreadable {
        /// Where the image is.
        uri: String,
        /// What the bucket says.
        problem: String,
    },
    /// There are no bytes.
    #[error("`{0}` is empty: upload the image again")]
    Empty(String),
    /// More bytes than models take.
    #[error("`{uri}` has {bytes} bytes, and models take {limit}: compress it or scale it down")]
    TooManyBytes {
        /// Where the image is.
        uri: String,
        /// Its size in bytes.
        bytes: u64,
        /// What models take, in bytes.
        limit: u64,
    },
    /// More pixels than models take.
    #[error("`{uri}` has {width} x {height} pixels, and models take {limit} on a side: scale it down",
        width = .size.width, height = .size.height)]
    TooManyPixels {
        /// Where the image is.
        uri: String,
        /// What its header says.
        size: ImageSize,
        /// What models take on a side, in pixels.
        limit: u32,
    },
    /// The content is of another kind.
    #[error(
        "`{0}` begins like no JPEG, PNG, GIF or WebP image, whatever its name says: convert it"
    )]
    Format(String),
    /// The header breaks the rules of its format.
    #[error("`{uri}` cannot be read as {format}: {problem}; upload the image again")]
    Header {
        /// Where the image is.
        uri: String,
        /// The format that it begins like.
        format: &'static str,
        /// What the reader says.
        problem: String,
    },
}

/// The images of the rows that are written now.
#[derive(Clone)]
pub(crate) struct Images {
    inputs: Inputs,
    column: String,
    loaded: Rc<RefCell<Loaded>>,
}

type Loaded = BTreeMap<String, Result<LoadedImage, ImageProblem>>;

impl Images {
    /// The images that a column names.
    pub(crate) fn new(inputs: &Inputs, column: &str) -> Self {
        Self {
            inputs: inputs.clone(),
            column: column.to_owned(),
            loaded: Rc::default(),
        }
    }

    /// Fetches the images of some rows, all at once, in place of those of the rows before.
    pub(crate) fn fetch(&self, uris: &[Option<String>]) -> Result<(), StoreError> {
        // Let go of first, so that there are never those of both in memory.
        self.loaded.replace(Loaded::new());
        let uris: BTreeSet<&str> = uris.iter().flatten().map(String::as_str).collect();
        let inputs = &self.inputs;
        let loaded = thread::scope(|scope| {
            let threads: Vec<_> = uris
                .into_iter()
                .map(|uri| (uri, scope.spawn(move || fetch::load(inputs, uri))))
                .collect();
            let joined = threads.into_iter().map(|(uri, thread)| {
                let loaded = thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                Ok((uri.to_owned(), loaded?))
            });
            joined.collect::<Result<Loaded, StoreError>>()
        })?;
        self.loaded.replace(loaded);
        Ok(())
    }

    /// The image of a row among those that were fetched.
    pub(crate) fn of(&self, uri: Option<&str>) -> Result<Ref<'_, LoadedImage>, ImageProblem> {
        let not_named = || ImageProblem::NotNamed(self.column.clone());
        let uri = uri
            .filter(|uri| !uri.trim().is_empty())
            .ok_or_else(not_named)?;
        let loaded = self.loaded.borrow();
        match loaded.get(uri) {
            Some(Err(problem)) => Err(problem.clone()),
            Some(Ok(_)) => Ref::filter_map(loaded, |loaded| loaded.get(uri)?.as_ref().ok())
                .map_err(|_| not_named()),
            None => Err(not_named()),
        }
    }

    /// The column that names the images.
    pub(crate) fn column(&self) -> &str {
        &self.column
    }
}

impl LoadedImage {
    /// As a body takes it.
    pub(crate) fn image(&self) -> Image<'_> {
        Image {
            format: self.format,
            base64: &self.base64,
        }
    }

    /// Its size in pixels.
    pub(crate) fn size(&self) -> ImageSize {
        self.size
    }
}
