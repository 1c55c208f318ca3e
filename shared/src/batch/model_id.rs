//! Model ids as people write them: a foundation model, an inference profile, or the ARN of either.

use std::fmt;
use std::str::FromStr;

use crate::model::{ModelError, Target};

/// Prefixes of the inference profiles that AWS defines.
const GEOGRAPHIES: [&str; 9] = [
    "us", "us-gov", "eu", "apac", "jp", "au", "ca", "sa", "global",
];

/// What a job is asked to invoke.
///
/// ```
/// use shared::batch::model_id::ModelId;
///
/// let id: ModelId = "eu.anthropic.claude-haiku-4-5-20251001-v1:0".parse()?;
/// assert_eq!(id.foundation(), "anthropic.claude-haiku-4-5-20251001-v1:0");
/// assert_eq!(id.name(), "eu.anthropic.claude-haiku-4-5-20251001-v1:0");
/// # Ok::<(), shared::batch::model_id::ModelIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelId {
    given: String,
    /// Where the name starts in `given`: behind the ARN's prefix.
    name: usize,
    /// Where the foundation model's id starts in `given`: behind the profile's prefix.
    foundation: usize,
}

impl ModelId {
    /// The id without what an ARN puts before it: `eu.anthropic.claude-haiku-4-5-20251001-v1:0`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.given[self.name..]
    }

    /// The foundation model: `anthropic.claude-haiku-4-5-20251001-v1:0`.
    #[must_use]
    pub fn foundation(&self) -> &str {
        &self.given[self.foundation..]
    }

    /// Whether a cross-region inference profile is named.
    #[must_use]
    pub fn is_profile(&self) -> bool {
        self.name != self.foundation
    }

    /// Why a job for this model would be refused, when the catalogue knows the model to be retired.
    #[must_use]
    pub fn retirement(&self) -> Option<ModelError> {
        Target::parse(self.name())
            .err()
            .filter(|error| matches!(error, ModelError::Retired { .. }))
    }
}

impl FromStr for ModelId {
    type Err = ModelIdError;

    fn from_str(given: &str) -> Result<Self, ModelIdError> {
        let name = match given.strip_prefix("arn:") {
            None => given,
            Some(rest) => name_in_arn(given, rest)?,
        };
        let foundation = match name.split_once('.') {
            Some((geography, model)) if GEOGRAPHIES.contains(&geography) => model,
            _ => name,
        };
        let well_formed = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-:._".contains(&byte))
        };
        match foundation.split_once('.') {
            Some((provider, model)) if well_formed(provider) && well_formed(model) => Ok(Self {
                name: given.len() - name.len(),
                foundation: given.len() - foundation.len(),
                given: given.to_owned(),
            }),
            _ => Err(ModelIdError::Malformed(given.to_owned())),
        }
    }
}

/// The name at the end of `given`, an ARN whose text behind `arn:` is `rest`.
fn name_in_arn<'a>(given: &str, rest: &'a str) -> Result<&'a str, ModelIdError> {
    let malformed = || ModelIdError::Malformed(given.to_owned());
    let parts: Vec<&str> = rest.splitn(5, ':').collect();
    let [_partition, "bedrock", _region, _account, resource] = parts[..] else {
        return Err(malformed());
    };
    match resource.split_once('/').ok_or_else(malformed)? {
        ("foundation-model" | "inference-profile", name) => Ok(name),
        ("application-inference-profile", _) => Err(ModelIdError::Opaque(given.to_owned())),
        _ => Err(malformed()),
    }
}

/// As it was given: what an API call names.
impl fmt::Display for ModelId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.given)
    }
}

/// Why a model id was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelIdError {
    /// Neither an id nor an ARN.
    #[error(
        "`{0}` is not the id of a model: write one like `anthropic.claude-haiku-4-5-20251001-v1:0`, with the prefix of an inference profile (`eu.`) where the model needs one, or the ARN of either"
    )]
    Malformed(String),
    /// The id says nothing of the model behind it, so nothing of the format of its records.
    #[error(
        "`{0}` does not tell which model it leads to: name the model, or an inference profile defined by AWS"
    )]
    Opaque(String),
}
