//! Why a request was refused, in words that say what there is instead.

use std::fmt;

use super::{IMAGE_URI, INPUT_TEXT};
use crate::batch::job::JobError;
use crate::batch::model_id::ModelIdError;
use crate::batch::processor::{BodyError, ModelWithoutImages, UnsupportedModel};
use crate::batch::prompt::{RoutingError, TemplatesError};
use crate::batch::source::{S3Uri, SourceError};

/// The lengths of embedding that a family offers, as a message lists them.
#[derive(Clone, Copy, Debug)]
pub struct Offered(pub(super) &'static [u32]);

impl fmt::Display for Offered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("leave it out");
        }
        let lengths: Vec<_> = self.0.iter().map(u32::to_string).collect();
        write!(formatter, "use one of {}", lengths.join(", "))
    }
}

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Nothing to read.
    #[error("there is no source: give `s3_uri`, `images_s3_uri` or `dataset_id`")]
    NoSource,
    /// It is not clear what to read.
    #[error(
        "there are several sources: give one of `s3_uri`, `images_s3_uri` and `dataset_id`, and no other"
    )]
    TwoSources,
    /// One object where a prefix is needed.
    #[error(
        "images_s3_uri is `{0}`, which is one object: write a prefix that ends in `/`, such as `s3://bucket/inputs/covers/`"
    )]
    OneImage(S3Uri),
    /// A column for the images, where there can be only one.
    #[error(
        "image_column is `{0}`, but the images of `images_s3_uri` are in the column `{IMAGE_URI}`: leave it out"
    )]
    UnusedImageColumn(String),
    /// A text and an image to a model that takes one of them.
    #[error(
        "{0} takes a text or an image, not both, and the table has a column `{INPUT_TEXT}`: give it another name with `columns` to embed the images, or leave out `image_column` to embed the texts"
    )]
    TextAndImage(&'static str),
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The bucket was not opened to runs.
    #[error(
        "`{field}` is in the bucket `{bucket}`, which runs may not read: use one of {allowed}, or add it to the input buckets of the deployment"
    )]
    Bucket {
        /// The field.
        field: &'static str,
        /// The bucket.
        bucket: String,
        /// Those that may be read.
        allowed: String,
    },
    /// Jobs cannot be named.
    #[error("job_name_prefix: {0}")]
    Prefix(#[from] JobError),
    /// The model takes nothing that a run could send.
    #[error("model_id: {0}")]
    Body(#[from] BodyError),
    /// Not the id of a model.
    #[error("model_id: {0}")]
    ModelId(#[from] ModelIdError),
    /// No family has the model.
    #[error("model_id: {0}")]
    Model(#[from] UnsupportedModel),
    /// The model takes no images.
    #[error("model_id: {0}")]
    Images(#[from] ModelWithoutImages),
    /// A model of text without a prompt.
    #[error("`{model}` answers in text and needs a `prompt_id`: use one of {known}")]
    NoPrompt {
        /// The model.
        model: String,
        /// Ids of the prompts there are.
        known: String,
    },
    /// A model of embeddings with a prompt.
    #[error(
        "`{model}` makes embeddings of the column `{INPUT_TEXT}` and takes no prompt: remove `{field}` (it is `{id}`)"
    )]
    UnusedPrompt {
        /// The model.
        model: String,
        /// The field that asks for a prompt.
        field: &'static str,
        /// The prompt asked for.
        id: String,
    },
    /// It is not clear which prompt is meant.
    #[error("there are two prompts: give either `prompt_id` or `prompt_routing`, not both")]
    TwoPrompts,
    /// Prompts by a column that lead nowhere.
    #[error("prompt_routing: {0}")]
    Routing(#[from] RoutingError),
    /// There is no such prompt.
    #[error("prompt_id: {0}")]
    Prompt(#[from] TemplatesError),
    /// Not a number, or not a possible one.
    #[error("{field} is `{value}`: give a whole number of 1 or more, or leave it out")]
    Number {
        /// The field.
        field: &'static str,
        /// What it holds.
        value: String,
    },
    /// A model of embeddings writes no tokens.
    #[error("max_tokens does not apply to {0}, which makes embeddings: leave it out")]
    MaxTokens(&'static str),
    /// The model does not make embeddings of this length.
    #[error("dimensions is {asked}, which {family} does not offer: {offered}")]
    Dimensions {
        /// The length asked for.
        asked: u32,
        /// The family of the model.
        family: &'static str,
        /// What it offers.
        offered: Offered,
    },
    /// Columns are missing.
    #[error(
        "the source has no column {missing}: it has {available}; rename a column with `columns`, or choose another prompt"
    )]
    Columns {
        /// Those missing.
        missing: String,
        /// Those there are.
        available: String,
    },
}
