//! What a run is asked to do: the input of the state machine, and what it means.

mod error;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chunk::Bounds;
use super::job::JobPrefix;
use super::limits::IMAGE_RECORDS;
use super::model_id::ModelId;
use super::processor::{
    BodyError, Image, ImageFormat, Input, Kind, Options, Processor, TextBodies, must_take_images,
    processor_of,
};
use super::prompt::{PromptRouting, Routes, Template, Templates};
use super::source::{S3Uri, Source, dataset};
use crate::Fields;

pub use self::error::{Offered, RequestError};

/// The column that a model of embeddings reads.
pub const INPUT_TEXT: &str = "input_text";

/// The column of a run over images: the URI of each.
pub const IMAGE_URI: &str = "image_uri";

/// The split that is read when none is named.
const DEFAULT_SPLIT: &str = "train";

/// The input of the state machine, as people write it. Numbers may be texts; an empty text and `none` mean "not given".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(deny_unknown_fields)]
pub struct RunRequest {
    /// What the names of the run's jobs start with.
    pub job_name_prefix: String,
    /// The model, an inference profile, or the ARN of either.
    pub model_id: String,
    /// A table in S3, CSV or Parquet, or a prefix that ends in `/`. Either this, `images_s3_uri` or `dataset_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_uri: Option<String>,
    /// A prefix in S3 that ends in `/`, and below it images: the table has a row for each, in the order of their keys, with
    /// its URI in the column `image_uri`. Instead of `s3_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images_s3_uri: Option<String>,
    /// A dataset of the Hugging Face Hub. Instead of `s3_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<String>,
    /// The configuration of the dataset, where it has several: `default` when not given. Not used with `s3_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_config: Option<String>,
    /// The split of the dataset, `train` when not given. Not used with `s3_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// The prompt. Models of text need it or `prompt_routing`; models of embeddings take neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_id: Option<String>,
    /// Prompts by the values of a column, instead of one prompt for all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_routing: Option<PromptRouting>,
    /// The column, by its new name, that holds the URI of each row's image, as in `s3://bucket/key`. The model is shown the
    /// image before the prompt; a model of embeddings is given the image, and `input_text` where the table has it. Not used
    /// with `images_s3_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_column: Option<String>,
    /// Other names for columns of the table, from the name in the table to the new one: `{"response": "source"}` makes the
    /// answers of an earlier run what the next prompt is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<BTreeMap<String, String>>,
    /// Whether the table is the result of an earlier run. Then those of its result columns that `columns` does not rename are
    /// left out, and rows without an answer are rejected where the answer is used.
    #[serde(default)]
    pub previous_results: bool,
    /// Records at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_records_total: Option<Count>,
    /// Jobs at most; records that do not fit are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_num_jobs: Option<Count>,
    /// Records per job at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_records_per_job: Option<Count>,
    /// Tokens of an answer at most, for models of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<Count>,
    /// Length of an embedding, for models that offer a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<Count>,
    /// What to do with fewer records than a batch job must have.
    #[serde(default)]
    pub below_minimum: BelowMinimum,
    /// Whether the result is written as CSV, too.
    #[serde(default)]
    pub csv: bool,
    /// The name of an earlier run with this very request, whose records without an answer are sent again; its finished
    /// records stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redrive: Option<String>,
}

/// A number, which may be written as a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Count {
    /// As a number.
    Number(i64),
    /// As a text.
    Text(String),
}

/// What to do with fewer records than a batch job must have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BelowMinimum {
    /// Send them one by one, at the full price.
    #[default]
    OnDemand,
    /// End the run with an error.
    Refuse,
}

/// What a request is held against.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The prompts there are.
    pub templates: &'a Templates,
    /// Buckets that tables may be read from.
    pub input_buckets: &'a [String],
    /// Bounds of requests that name none.
    pub bounds: Bounds,
}

/// A request that was understood.
#[derive(Clone, Debug)]
pub struct Run {
    /// What the names of its jobs start with.
    pub job_name_prefix: JobPrefix,
    /// The model.
    pub model: ModelId,
    /// How the model wants its records.
    pub processor: &'static dyn Processor,
    /// What makes a text of a row.
    pub prompt: Prompt,
    /// The column that names the image of each row, by its new name; none for a run without images.
    pub image_column: Option<String>,
    /// Other names for columns.
    pub columns: BTreeMap<String, String>,
    /// Whether the table is the result of an earlier run.
    pub previous_results: bool,
    /// Where the records come from.
    pub source: Source,
    /// How they are divided.
    pub bounds: Bounds,
    /// What all records have in common.
    pub options: Options,
    /// Writes the bodies of its records.
    pub(super) bodies: TextBodies,
    /// What to do with too few records.
    pub below_minimum: BelowMinimum,
    /// Whether the result is written as CSV, too.
    pub csv: bool,
}

/// What makes a text of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Nothing: a model of embeddings reads the column [`INPUT_TEXT`].
    InputText,
    /// Nothing: a model of embeddings is given the image.
    ImageAlone,
    /// One prompt for all rows.
    One(Template),
    /// Prompts by the values of a column.
    Routed(Routes),
}

impl RunRequest {
    /// Understands the request.
    ///
    /// # Errors
    /// When a rule is broken; the message names the field and what is available.
    pub fn validate(&self, surroundings: &Surroundings<'_>) -> Result<Run, RequestError> {
        let job_name_prefix = self.job_name_prefix.parse()?;
        let model: ModelId = self.model_id.parse()?;
        let processor = processor_of(&model)?;
        let image_column = self.image_column()?;
        if image_column.is_some() {
            must_take_images(processor, &model)?;
        }
        let prompt = self.prompt(&model, processor.kind(), surroundings.templates)?;
        let options = self.options(processor)?;
        Ok(Run {
            job_name_prefix,
            source: self.source(surroundings.input_buckets)?,
            bounds: self.bounds(surroundings.bounds)?,
            bodies: TextBodies::new(processor, options)?,
            options,
            below_minimum: self.below_minimum,
            csv: self.csv,
            columns: self.columns.clone().unwrap_or_default(),
            previous_results: self.previous_results,
            model,
            processor,
            prompt,
            image_column,
        })
    }

    fn source(&self, input_buckets: &[String]) -> Result<Source, RequestError> {
        let readable = |field, uri: &str| readable(field, uri, input_buckets);
        let table = given(self.s3_uri.as_ref());
        let images = given(self.images_s3_uri.as_ref());
        match (table, images, given(self.dataset_id.as_ref())) {
            (None, None, None) => Err(RequestError::NoSource),
            (Some(uri), None, None) => Ok(Source::S3(readable("s3_uri", uri)?)),
            (None, Some(uri), None) => {
                let prefix = readable("images_s3_uri", uri)?;
                if !prefix.is_prefix() {
                    return Err(RequestError::OneImage(prefix));
                }
                Ok(Source::Images(prefix))
            }
            (None, None, Some(id)) => {
                let split = given(self.split.as_ref()).unwrap_or(DEFAULT_SPLIT);
                Ok(dataset(id, given(self.dataset_config.as_ref()), split)?)
            }
            _ => Err(RequestError::TwoSources),
        }
    }

    fn has_images(&self) -> bool {
        given(self.images_s3_uri.as_ref())
            .or(given(self.image_column.as_ref()))
            .is_some()
    }

    fn image_column(&self) -> Result<Option<String>, RequestError> {
        let named = given(self.image_column.as_ref());
        if given(self.images_s3_uri.as_ref()).is_none() {
            return Ok(named.map(str::to_owned));
        }
        if let Some(column) = named {
            return Err(RequestError::UnusedImageColumn(column.to_owned()));
        }
        let renamed = self
            .columns
            .as_ref()
            .and_then(|columns| columns.get(IMAGE_URI));
        Ok(Some(renamed.map_or(IMAGE_URI, String::as_str).to_owned()))
    }

    fn prompt(
        &self,
        model: &ModelId,
        kind: Kind,
        templates: &Templates,
    ) -> Result<Prompt, RequestError> {
        let unused = |field, id: String| RequestError::UnusedPrompt {
            model: model.to_string(),
            field,
            id,
        };
        let id = given(self.prompt_id.as_ref());
        match (kind, id, &self.prompt_routing) {
            (Kind::Text, Some(_), Some(_)) => Err(RequestError::TwoPrompts),
            (Kind::Text, Some(id), None) => Ok(Prompt::One(templates.get(id)?.clone())),
            (Kind::Text, None, Some(routing)) => Ok(Prompt::Routed(routing.routes(templates)?)),
            (Kind::Text, None, None) => Err(RequestError::NoPrompt {
                model: model.to_string(),
                known: templates.ids().collect::<Vec<_>>().join(", "),
            }),
            (Kind::Embedding, Some(id), _) => Err(unused("prompt_id", id.to_owned())),
            (Kind::Embedding, None, Some(routing)) => {
                Err(unused("prompt_routing", routing.column.clone()))
            }
            (Kind::Embedding, None, None) if self.has_images() => Ok(Prompt::ImageAlone),
            (Kind::Embedding, None, None) => Ok(Prompt::InputText),
        }
    }

    fn bounds(&self, defaults: Bounds) -> Result<Bounds, RequestError> {
        let total = number("max_records_total", self.max_records_total.as_ref())?;
        let jobs = number("max_num_jobs", self.max_num_jobs.as_ref())?;
        let per_job = number("max_records_per_job", self.max_records_per_job.as_ref())?;
        // What images come to is known when they have been read; so many fit in any case.
        let fitting = if self.has_images() {
            IMAGE_RECORDS
        } else {
            u64::MAX
        };
        Ok(Bounds {
            max_records_per_job: per_job.unwrap_or(defaults.max_records_per_job.min(fitting)),
            max_num_jobs: jobs.or(defaults.max_num_jobs),
            max_records_total: total.or(defaults.max_records_total),
        })
    }

    fn options(&self, processor: &dyn Processor) -> Result<Options, RequestError> {
        let max_tokens = small("max_tokens", self.max_tokens.as_ref())?;
        let dimensions = small("dimensions", self.dimensions.as_ref())?;
        if max_tokens.is_some() && processor.kind() == Kind::Embedding {
            return Err(RequestError::MaxTokens(processor.family()));
        }
        let offered = processor.dimensions();
        if let Some(asked) = dimensions.filter(|asked| !offered.contains(asked)) {
            return Err(RequestError::Dimensions {
                asked,
                family: processor.family(),
                offered: Offered(offered),
            });
        }
        Ok(Options {
            max_tokens: max_tokens.unwrap_or(Options::default().max_tokens),
            dimensions,
        })
    }
}

impl Run {
    /// The columns that the source must have, by their new names.
    #[must_use]
    pub fn required_columns(&self) -> Vec<&str> {
        let mut columns = match &self.prompt {
            Prompt::InputText => vec![INPUT_TEXT],
            Prompt::ImageAlone => Vec::new(),
            Prompt::One(template) => template.fields().iter().map(String::as_str).collect(),
            Prompt::Routed(routes) => routes.required_columns(),
        };
        let image = self.image_column.as_deref();
        columns.extend(image.filter(|image| !columns.contains(image)));
        columns
    }

    /// The run for a source of these columns, by their new names.
    ///
    /// # Errors
    /// When some are missing; the message lists them and those there are.
    pub fn fit_to<T: AsRef<str>>(mut self, columns: &[T]) -> Result<Self, RequestError> {
        self.check_columns(columns)?;
        match &mut self.prompt {
            Prompt::Routed(routes) => routes.fit_to(columns),
            Prompt::ImageAlone if columns.iter().any(|name| name.as_ref() == INPUT_TEXT) => {
                self.must_take_both()?;
                self.prompt = Prompt::InputText;
            }
            Prompt::ImageAlone | Prompt::InputText | Prompt::One(_) => {}
        }
        Ok(self)
    }

    /// Holds the model to take a text with an image.
    fn must_take_both(&self) -> Result<(), RequestError> {
        let both = Input {
            text: Some(INPUT_TEXT),
            image: Some(Image {
                format: ImageFormat::Png,
                base64: "",
            }),
        };
        match self
            .processor
            .write_body(&both, &self.options, &mut Vec::new())
        {
            Err(BodyError::NotBoth(family)) => Err(RequestError::TextAndImage(family)),
            other => Ok(other?),
        }
    }

    /// Holds the columns of the source against those required.
    ///
    /// # Errors
    /// When some are missing; the message lists them and those there are.
    pub fn check_columns<T: AsRef<str>>(&self, columns: &[T]) -> Result<(), RequestError> {
        let has = |name: &str| columns.iter().any(|column| column.as_ref() == name);
        let required = self.required_columns();
        let missing: Vec<_> = required.into_iter().filter(|name| !has(name)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let available: Vec<_> = columns.iter().map(AsRef::as_ref).collect();
        Err(RequestError::Columns {
            missing: missing.join(", "),
            available: available.join(", "),
        })
    }
}

/// A URI in a bucket that runs may read.
fn readable(field: &'static str, uri: &str, buckets: &[String]) -> Result<S3Uri, RequestError> {
    let uri: S3Uri = uri.parse()?;
    if buckets.contains(&uri.bucket) {
        return Ok(uri);
    }
    Err(RequestError::Bucket {
        field,
        bucket: uri.bucket,
        allowed: buckets.join(", "),
    })
}

/// A text, unless it means "not given".
fn given(text: Option<&String>) -> Option<&str> {
    let text = text?.trim();
    let absent = text.is_empty() || text.eq_ignore_ascii_case("none");
    (!absent).then_some(text)
}

/// A number of at least 1, unless it was not given.
fn number(field: &'static str, count: Option<&Count>) -> Result<Option<u64>, RequestError> {
    let refused = |value: &str| RequestError::Number {
        field,
        value: value.to_owned(),
    };
    let (number, text) = match count {
        None => return Ok(None),
        Some(Count::Number(number)) => (u64::try_from(*number).ok(), number.to_string()),
        Some(Count::Text(text)) => match given(Some(text)) {
            None => return Ok(None),
            Some(digits) => (digits.parse().ok(), text.clone()),
        },
    };
    match number {
        Some(number) if number > 0 => Ok(Some(number)),
        _ => Err(refused(&text)),
    }
}

/// As [`number`], for those that models read.
fn small(field: &'static str, count: Option<&Count>) -> Result<Option<u32>, RequestError> {
    let narrow = |number: u64| {
        u32::try_from(number).map_err(|_| RequestError::Number {
            field,
            value: number.to_string(),
        })
    };
    number(field, count)?.map(narrow).transpose()
}
