//! The models that the simulated account may use: what `ListFoundationModels` shows, and what a batch job is made for.
//!
//! Ids and lifecycles are those of the project's own catalogue, with its sources; the real list differs by region and
//! changes.

use serde_json::{Value, json};

use super::ErrorCode;
use super::error::ServiceError;
use super::model_id::ModelId;

#[derive(Debug, Clone, Copy)]
struct Offer {
    id: &'static str,
    name: &'static str,
    provider: &'static str,
    input: &'static [&'static str],
    output: &'static str,
    access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// By its own id, and by inference profiles where there are some.
    OnDemand,
    /// By inference profiles only.
    Profile,
    /// Not any more.
    Retired,
}

const fn claude(id: &'static str, name: &'static str, access: Access) -> Offer {
    Offer {
        id,
        name,
        provider: "Anthropic",
        input: &["TEXT", "IMAGE"],
        output: "TEXT",
        access,
    }
}

const fn nova(id: &'static str, name: &'static str, input: &'static [&'static str]) -> Offer {
    Offer {
        id,
        name,
        provider: "Amazon",
        input,
        output: "TEXT",
        access: Access::OnDemand,
    }
}

const fn embedding(
    id: &'static str,
    name: &'static str,
    provider: &'static str,
    input: &'static [&'static str],
) -> Offer {
    Offer {
        id,
        name,
        provider,
        input,
        output: "EMBEDDING",
        access: Access::OnDemand,
    }
}

const TEXT: &[&str] = &["TEXT"];
const TEXT_AND_IMAGE: &[&str] = &["TEXT", "IMAGE"];

const OFFERS: [Offer; 20] = [
    claude(
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "Claude Haiku 4.5",
        Access::Profile,
    ),
    claude(
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "Claude Sonnet 4.5",
        Access::Profile,
    ),
    claude(
        "anthropic.claude-3-haiku-20240307-v1:0",
        "Claude 3 Haiku",
        Access::Retired,
    ),
    claude(
        "anthropic.claude-3-sonnet-20240229-v1:0",
        "Claude 3 Sonnet",
        Access::Retired,
    ),
    claude(
        "anthropic.claude-3-opus-20240229-v1:0",
        "Claude 3 Opus",
        Access::Retired,
    ),
    claude(
        "anthropic.claude-3-5-haiku-20241022-v1:0",
        "Claude 3.5 Haiku",
        Access::Retired,
    ),
    claude(
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "Claude 3.5 Sonnet",
        Access::Retired,
    ),
    claude(
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
        "Claude 3.5 Sonnet v2",
        Access::Retired,
    ),
    claude(
        "anthropic.claude-3-7-sonnet-20250219-v1:0",
        "Claude 3.7 Sonnet",
        Access::Retired,
    ),
    nova("amazon.nova-micro-v1:0", "Nova Micro", TEXT),
    nova("amazon.nova-lite-v1:0", "Nova Lite", TEXT_AND_IMAGE),
    nova("amazon.nova-pro-v1:0", "Nova Pro", TEXT_AND_IMAGE),
    nova("amazon.nova-premier-v1:0", "Nova Premier", TEXT_AND_IMAGE),
    nova("amazon.nova-2-lite-v1:0", "Nova 2 Lite", TEXT_AND_IMAGE),
    embedding(
        "amazon.titan-embed-text-v2:0",
        "Titan Text Embeddings V2",
        "Amazon",
        TEXT,
    ),
    embedding(
        "amazon.titan-embed-image-v1",
        "Titan Multimodal Embeddings G1",
        "Amazon",
        TEXT_AND_IMAGE,
    ),
    embedding(
        "cohere.embed-english-v3",
        "Embed English",
        "Cohere",
        TEXT_AND_IMAGE,
    ),
    embedding(
        "cohere.embed-multilingual-v3",
        "Embed Multilingual",
        "Cohere",
        TEXT_AND_IMAGE,
    ),
    embedding("cohere.embed-v4:0", "Embed v4", "Cohere", TEXT_AND_IMAGE),
    Offer {
        access: Access::Retired,
        ..embedding(
            "amazon.titan-embed-text-v1",
            "Titan Embeddings G1 - Text",
            "Amazon",
            TEXT,
        )
    },
];

/// Refuses a model that no job can be made for: a retired one, or one that nobody has heard of.
pub(super) fn check(model: &ModelId) -> Result<(), ServiceError> {
    match find(&model.foundation) {
        None => Err(ServiceError::validation(
            "The provided model identifier is invalid.",
        )),
        Some(offer) if offer.access == Access::Retired => Err(retired()),
        Some(_) => Ok(()),
    }
}

/// What `ListFoundationModels` answers to this query.
pub(super) fn list(query: &str, region: &str) -> Value {
    let filters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let wanted = |offer: &Offer| {
        filters.iter().all(|(name, value)| match name.as_str() {
            "byProvider" => offer.provider.eq_ignore_ascii_case(value),
            "byOutputModality" => offer.output == value,
            "byInferenceType" => offer.inference_types().contains(&value.as_str()),
            // None of these can be customized.
            "byCustomizationType" => false,
            _ => true,
        })
    };
    let offered = OFFERS
        .iter()
        .filter(|offer| offer.access != Access::Retired && wanted(offer));
    let summaries: Vec<Value> = offered.map(|offer| offer.describe(region)).collect();
    json!({ "modelSummaries": summaries })
}

/// What `GetFoundationModel` answers.
pub(super) fn get(identifier: &str, region: &str) -> Result<Value, ServiceError> {
    let id = identifier.rsplit_once('/').map_or(identifier, |(_, id)| id);
    match find(id) {
        None => Err(ServiceError::of(ErrorCode::ResourceNotFoundException, None)),
        Some(offer) if offer.access == Access::Retired => Err(retired()),
        Some(offer) => Ok(json!({ "modelDetails": offer.describe(region) })),
    }
}

/// The ARN of a foundation model.
pub(super) fn arn(identifier: &str, region: &str) -> String {
    let id = identifier.rsplit_once('/').map_or(identifier, |(_, id)| id);
    format!("arn:aws:bedrock:{region}::foundation-model/{id}")
}

fn find(id: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.id == id)
}

fn retired() -> ServiceError {
    ServiceError::new(
        ErrorCode::ResourceNotFoundException,
        "This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
    )
}

impl Offer {
    fn inference_types(&self) -> &'static [&'static str] {
        match self.access {
            Access::OnDemand => &["ON_DEMAND"],
            Access::Profile => &["INFERENCE_PROFILE"],
            Access::Retired => &[],
        }
    }

    fn describe(&self, region: &str) -> Value {
        json!({
            "modelArn": arn(self.id, region),
            "modelId": self.id,
            "modelName": self.name,
            "providerName": self.provider,
            "inputModalities": self.input,
            "outputModalities": [self.output],
            "responseStreamingSupported": self.output == "TEXT",
            "customizationsSupported": [],
            "inferenceTypesSupported": self.inference_types(),
            "modelLifecycle": { "status": "ACTIVE" },
        })
    }
}
