//! The model catalogue: what can be invoked, under which id, with which permissions, at which price.
//!
//! Data that ages, and second hand. Nothing here was read off the model cards of the Bedrock user guide. Sources, read in
//! 2026: ids and profiles come from threads in repositories of third parties that call these models; prices from price
//! pages, AWS's and others'; image limits from Anthropic's guide to vision and uses of Bedrock. Nothing asks the account
//! whether a model is still offered. So check at deployment: the id and the profile with `aws bedrock
//! get-inference-profile`, the model's lifecycle with `aws bedrock get-foundation-model`, the quota in Service Quotas. The
//! model is a template parameter, so that another can be named; prices serve estimates only.

use std::fmt;

/// A foundation model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Id of the foundation model.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The profiles that can be named instead of the id. Newer models can be invoked through a profile only.
    pub profiles: &'static [Profile],
    /// Whether the plain id can be invoked, in the region of the call.
    pub in_region: bool,
    /// Price at a global profile or in the region.
    pub price: Price,
    /// What images it takes.
    pub images: ImageLimits,
    /// Requests per minute of an account that never asked for more. Quotas differ by account and region, so this is
    /// only the default of a parameter: the figure of the document this system follows.
    pub requests_per_minute: u32,
}

/// A cross-region inference profile defined by AWS, named by the prefix it puts before the model's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Australia.
    Au,
    /// European Union.
    Eu,
    /// Anywhere.
    Global,
    /// Japan.
    Jp,
    /// United States.
    Us,
}

impl Profile {
    /// The prefix of the profile's id, without the dot.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Au => "au",
            Self::Eu => "eu",
            Self::Global => "global",
            Self::Jp => "jp",
            Self::Us => "us",
        }
    }

    /// Price over that of the global profile: data that stays in a geography costs a tenth more since Claude 4.5.
    fn price_factor(self) -> f64 {
        match self {
            Self::Global => 1.0,
            Self::Au | Self::Eu | Self::Jp | Self::Us => 1.1,
        }
    }
}

/// A price in US dollars per million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Tokens sent, images included.
    pub input: f64,
    /// Tokens answered.
    pub output: f64,
}

/// What images a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// Largest image in bytes, before base64.
    pub bytes: u32,
    /// Longest edge accepted, in pixels.
    pub edge: u32,
    /// Longest edge that is not scaled down by the service, in pixels: more only costs time.
    pub useful_edge: u32,
}

/// Claude's limits: 8,000 pixels, 3.75 MB on Bedrock, scaled down beyond 1,568 pixels.
const CLAUDE_IMAGES: ImageLimits = ImageLimits {
    bytes: 3_932_160,
    edge: 8_000,
    useful_edge: 1_568,
};

impl Model {
    /// Fast and inexpensive; what this system uses unless told otherwise.
    pub const CLAUDE_HAIKU_4_5: Self = Self {
        id: "anthropic.claude-haiku-4-5-20251001-v1:0",
        name: "Claude Haiku 4.5",
        profiles: &[
            Profile::Us,
            Profile::Eu,
            Profile::Jp,
            Profile::Au,
            Profile::Global,
        ],
        in_region: false,
        price: Price {
            input: 1.0,
            output: 5.0,
        },
        images: CLAUDE_IMAGES,
        requests_per_minute: 40,
    };

    /// Reads difficult images better, at three times the price.
    pub const CLAUDE_SONNET_4_5: Self = Self {
        id: "anthropic.claude-sonnet-4-5-20250929-v1:0",
        name: "Claude Sonnet 4.5",
        price: Price {
            input: 3.0,
            output: 15.0,
        },
        ..Self::CLAUDE_HAIKU_4_5
    };

    /// The id of the model, or of the profile that leads to it.
    #[must_use]
    pub fn at(&'static self, profile: Profile) -> Option<Target> {
        self.profiles.contains(&profile).then_some(Target {
            model: self,
            profile: Some(profile),
        })
    }
}

/// Every model that can be chosen.
pub const MODELS: [&Model; 2] = [&Model::CLAUDE_HAIKU_4_5, &Model::CLAUDE_SONNET_4_5];

/// Ids that the documents behind this system name and Bedrock no longer serves, each with what to use instead.
pub const RETIRED: [(&str, &str); 7] = [
    (
        "anthropic.claude-3-haiku-20240307-v1:0",
        Model::CLAUDE_HAIKU_4_5.id,
    ),
    (
        "anthropic.claude-3-5-haiku-20241022-v1:0",
        Model::CLAUDE_HAIKU_4_5.id,
    ),
    (
        "anthropic.claude-3-sonnet-20240229-v1:0",
        Model::CLAUDE_SONNET_4_5.id,
    ),
    (
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        Model::CLAUDE_SONNET_4_5.id,
    ),
    (
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
        Model::CLAUDE_SONNET_4_5.id,
    ),
    (
        "anthropic.claude-3-opus-20240229-v1:0",
        Model::CLAUDE_SONNET_4_5.id,
    ),
    ("amazon.titan-embed-text-v1", "amazon.titan-embed-text-v2:0"),
];

/// What an invocation names: a model, or a profile that leads to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The model.
    pub model: &'static Model,
    /// The profile, when one is named.
    pub profile: Option<Profile>,
}

impl Target {
    /// Finds what an id means, for example `eu.anthropic.claude-haiku-4-5-20251001-v1:0`.
    ///
    /// # Errors
    /// When the id is retired, unknown, or not a way to invoke its model; the message names what to use instead.
    pub fn parse(id: &str) -> Result<Self, ModelError> {
        let found = Self::all().find(|target| target.to_string() == id);
        found.ok_or_else(|| Self::refusal(id))
    }

    fn refusal(id: &str) -> ModelError {
        let model = without_profile(id);
        let retired = RETIRED.iter().find(|(retired, _)| *retired == model);
        let id = id.to_owned();
        match retired {
            Some((_, successor)) => ModelError::Retired {
                id,
                ways: ways(successor),
            },
            None if MODELS.iter().any(|known| known.id == model) => ModelError::NotInvocable {
                id,
                ways: ways(model),
            },
            None => ModelError::Unknown {
                id,
                known: list(Self::all()),
            },
        }
    }

    /// Everything that can be invoked: each model by its profiles and, where it is offered so, by its plain id.
    pub fn all() -> impl Iterator<Item = Self> {
        MODELS.into_iter().flat_map(|model| {
            let plain = model.in_region.then_some(None);
            let profiles = model.profiles.iter().copied().map(Some);
            plain
                .into_iter()
                .chain(profiles)
                .map(move |profile| Self { model, profile })
        })
    }

    /// Estimated price of an invocation in US dollars.
    #[must_use]
    pub fn cost(&self, input_tokens: u32, output_tokens: u32) -> f64 {
        let Price { input, output } = self.model.price;
        let millionths = f64::from(input_tokens) * input + f64::from(output_tokens) * output;
        millionths * self.profile.map_or(1.0, Profile::price_factor) / 1e6
    }

    /// The resources an identity must be granted `bedrock:InvokeModel` on.
    ///
    /// Naming a profile takes two grants: one on the profile, which belongs to the account and the region of the call,
    /// and one on the foundation model in every region that the profile may send the call to. The second has `*` for
    /// its region, for two reasons: AWS adds destinations to profiles, and a list that ages turns into denied calls
    /// under load, when traffic is spread; and a global profile authorises against a model ARN without any region,
    /// which `*` matches too. It is held to the profile by the condition key `bedrock:InferenceProfileArn` instead, so
    /// it permits no call past the profile in any region.
    #[must_use]
    pub fn resources(&self, place: &Place<'_>) -> Vec<Resource> {
        let Place {
            partition,
            region,
            account,
        } = place;
        let model = self.model.id;
        if self.profile.is_none() {
            return vec![Resource {
                arn: format!("arn:{partition}:bedrock:{region}::foundation-model/{model}"),
                only_through: None,
            }];
        }
        let profile =
            format!("arn:{partition}:bedrock:{region}:{account}:inference-profile/{self}");
        vec![
            Resource {
                arn: profile.clone(),
                only_through: None,
            },
            Resource {
                arn: format!("arn:{partition}:bedrock:*::foundation-model/{model}"),
                only_through: Some(profile),
            },
        ]
    }
}

/// The model's id behind a profile's: what follows a prefix that no vendor has.
fn without_profile(id: &str) -> &str {
    match id.split_once('.') {
        Some((prefix, model))
            if model.contains('.') && prefix.chars().all(|letter| letter.is_ascii_lowercase()) =>
        {
            model
        }
        _ => id,
    }
}

/// How to invoke a model; the model itself when it is not in the catalogue.
fn ways(model: &str) -> String {
    match list(Target::all().filter(|target| target.model.id == model)) {
        none if none.is_empty() => format!("`{model}`"),
        some => some,
    }
}

fn list(targets: impl Iterator<Item = Target>) -> String {
    targets
        .map(|target| format!("`{target}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The id as an invocation names it.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(profile) = self.profile {
            write!(formatter, "{}.", profile.prefix())?;
        }
        formatter.write_str(self.model.id)
    }
}

/// Where an invocation is made from; a template fills in pseudo parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// For example `aws`, or `${AWS::Partition}`.
    pub partition: &'a str,
    /// For example `eu-west-1`, or `${AWS::Region}`.
    pub region: &'a str,
    /// For example `111122223333`, or `${AWS::AccountId}`.
    pub account: &'a str,
}

/// A resource to grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its ARN.
    pub arn: String,
    /// The profile that the condition key `bedrock:InferenceProfileArn` must equal.
    pub only_through: Option<String>,
}

/// Why a model id was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Bedrock no longer serves it.
    #[error("model `{id}` is retired: use its successor by one of {ways}")]
    Retired {
        /// The id asked for.
        id: String,
        /// Ids of its successor that can be invoked.
        ways: String,
    },
    /// The model exists, but cannot be invoked like this.
    #[error("model `{id}` cannot be invoked by this id: use one of {ways}")]
    NotInvocable {
        /// The id asked for.
        id: String,
        /// Ids that can be invoked.
        ways: String,
    },
    /// The catalogue does not have it.
    #[error(
        "model `{id}` is not in the catalogue: use one of {known}, or add it to `shared::model`"
    )]
    Unknown {
        /// The id asked for.
        id: String,
        /// Ids that can be invoked.
        known: String,
    },
}
