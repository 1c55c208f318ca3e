//! How each family of models wants its records, and how it answers.
//!
//! Another family is another file: a [`Processor`], and a line in [`PROCESSORS`].

mod cohere;
mod messages;
mod nova;
mod text_bodies;
mod titan;

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

pub use self::text_bodies::TextBodies;
use super::model_id::ModelId;
use super::outcome::{Answer, Outcome};

/// One family of models: those whose records have the same body.
pub trait Processor: Debug + Sync {
    /// What people call the format.
    fn family(&self) -> &'static str;

    /// What the ids of its foundation models start with.
    fn models(&self) -> &'static [&'static str];

    /// What the models give back.
    fn kind(&self) -> Kind;

    /// What the ids of those of its models start with that take no images.
    fn models_without_images(&self) -> &'static [&'static str] {
        &[]
    }

    /// Tokens that an image of so many pixels is billed as; nothing where the rule is not known.
    fn image_tokens(&self, _image: ImageSize) -> Option<u64> {
        None
    }

    /// The lengths of embedding that can be asked for; none when the length is fixed.
    fn dimensions(&self) -> &'static [u32] {
        &[]
    }

    /// Appends the body of a record, `modelInput`, as JSON.
    ///
    /// # Errors
    /// When the model takes no such input; nothing was appended then.
    fn write_body(
        &self,
        input: &Input<'_>,
        options: &Options,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError>;

    /// Reads an output, `modelOutput`. An output of the expected form that holds no answer is an outcome, too.
    ///
    /// # Errors
    /// When the output does not have the form of this family.
    fn read_output(&self, output: &str) -> serde_json::Result<Outcome>;
}

/// Every family.
pub static PROCESSORS: [&dyn Processor; 5] = [
    &messages::Messages,
    &titan::TitanText,
    &titan::TitanImage,
    &nova::Nova,
    &cohere::CohereEmbed,
];

/// The family of a model.
///
/// # Errors
/// When no family has the model; the message lists what is supported.
pub fn processor_of(model: &ModelId) -> Result<&'static dyn Processor, UnsupportedModel> {
    let foundation = model.foundation();
    PROCESSORS
        .into_iter()
        .find(|processor| {
            let mut prefixes = processor.models().iter();
            prefixes.any(|prefix| foundation.starts_with(prefix))
        })
        .ok_or_else(|| UnsupportedModel {
            model: model.to_string(),
            supported: supported(),
        })
}

/// Holds a model to take images.
///
/// # Errors
/// When it takes none; the message lists the families and models that do.
pub fn must_take_images(
    processor: &dyn Processor,
    model: &ModelId,
) -> Result<(), ModelWithoutImages> {
    let mut without = processor.models_without_images().iter();
    if !without.any(|prefix| model.foundation().starts_with(prefix)) {
        return Ok(());
    }
    Err(ModelWithoutImages {
        model: model.to_string(),
        supported: with_images(),
    })
}

fn with_images() -> String {
    let families = PROCESSORS.iter().filter_map(|processor| {
        let without = processor.models_without_images();
        let mut models = processor.models().to_vec();
        models.retain(|model| !without.contains(model));
        let listed = format!("{} ({}*)", processor.family(), models.join("*, "));
        (!models.is_empty()).then_some(listed)
    });
    families.collect::<Vec<_>>().join("; ")
}

fn supported() -> String {
    let families = PROCESSORS.iter().map(|processor| {
        format!(
            "{} ({}*)",
            processor.family(),
            processor.models().join("*, ")
        )
    });
    families.collect::<Vec<_>>().join("; ")
}

/// What a family of models gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, asked for by a prompt.
    Text,
    /// A vector of a text or an image.
    Embedding,
}

impl Kind {
    /// The column of the result that holds the answer.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::Text => "response",
            Self::Embedding => "embedding",
        }
    }
}

/// What a record is about: a text (the rendered prompt, for a model of texts), an image, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Input<'a> {
    /// The prompt, or the text to embed.
    pub text: Option<&'a str>,
    /// A picture.
    pub image: Option<Image<'a>>,
}

impl<'a> Input<'a> {
    /// A text alone.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self {
            text: Some(text),
            image: None,
        }
    }

    /// An image alone.
    #[must_use]
    pub fn image(image: Image<'a>) -> Self {
        Self {
            text: None,
            image: Some(image),
        }
    }

    /// The text, unless it is missing or blank: every model refuses a blank one, after the wait.
    fn written_text(&self) -> Option<&'a str> {
        self.text.filter(|text| !text.trim().is_empty())
    }
}

/// A picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// Its format.
    pub format: ImageFormat,
    /// Its bytes in standard base64, with padding.
    pub base64: &'a str,
}

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// `WebP`.
    Webp,
}

impl ImageFormat {
    /// The name, as in `image/jpeg`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }
}

/// The size of a picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// What all records of a run have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Most tokens of an answer, for models of text. Newer models count it against the quota whether it is used or not.
    pub max_tokens: u32,
    /// Length of an embedding; the model's own when not given.
    pub dimensions: Option<u32>,
}

/// The document's: 1,024 tokens, embeddings of the model's own length.
impl Default for Options {
    fn default() -> Self {
        Self {
            max_tokens: 1024,
            dimensions: None,
        }
    }
}

/// A model without a family.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("model `{model}` is not supported: use one of {supported}")]
pub struct UnsupportedModel {
    /// The id asked for.
    pub model: String,
    /// The families and their models.
    pub supported: String,
}

/// A model that takes no images, where images are to be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("model `{model}` takes no images: use one of {supported}")]
pub struct ModelWithoutImages {
    /// The id asked for.
    pub model: String,
    /// The families and models that take images.
    pub supported: String,
}

/// Why no body can be made of an input.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// Nothing to send.
    #[error("the text is empty: fill the row's column, or leave the row out")]
    EmptyText,
    /// Nothing to send, to a model that takes an image as well.
    #[error("there is neither text nor image: fill the row's columns, or leave the row out")]
    Empty,
    /// The model reads texts only.
    #[error("{0} takes no images: choose a model that does")]
    NoImages(&'static str),
    /// The model reads no texts.
    #[error("{0} takes no texts: choose a model that does")]
    NoTexts(&'static str),
    /// The model takes a text or an image.
    #[error("{0} takes a text or an image, not both: leave one out")]
    NotBoth(&'static str),
    /// JSON could not be written.
    #[error("the body could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Appends a body.
fn write(body: &impl Serialize, out: &mut Vec<u8>) -> Result<(), BodyError> {
    Ok(serde_json::to_writer(out, body)?)
}

/// An answer in text, which may turn out to be none.
fn text_outcome(text: String, stop_reason: Option<&str>) -> Outcome {
    if text.is_empty() {
        return Outcome::no_answer(format!(
            "the model answered without text (stop reason `{}`)",
            stop_reason.unwrap_or("unknown")
        ));
    }
    Outcome::answered(Answer::Text(text))
}

/// A vector, which may turn out to be none.
fn embedding_outcome(embedding: Option<Vec<f32>>) -> Outcome {
    match embedding {
        Some(vector) if !vector.is_empty() => Outcome::answered(Answer::Embedding(vector)),
        _ => Outcome::no_answer("the model answered without an embedding of floats"),
    }
}
