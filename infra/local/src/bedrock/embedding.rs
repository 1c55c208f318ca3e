//! Embedding models: a unit vector that depends on nothing but the input, so that equal inputs meet and others do not.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::bedrock::conversation::text_tokens;
use crate::bedrock::error::ServiceError;

/// Longest text, in characters and in tokens.
const TITAN_MAX_CHARACTERS: usize = 50_000;
const TITAN_MAX_TOKENS: u32 = 8_192;
/// Cohere's vectors have one length.
const COHERE_DIMENSIONS: usize = 1024;
/// The most texts in a request to Cohere.
const COHERE_MAX_TEXTS: usize = 96;
/// The most images.
const COHERE_MAX_IMAGES: usize = 1;

/// What the ids of embedding models start with.
const MODELS: [&str; 3] = [
    "amazon.titan-embed-text-v2",
    "amazon.titan-embed-image-v1",
    "cohere.embed-",
];

/// An embedding model's answer.
#[derive(Debug)]
pub(super) struct Embedded {
    /// The text that rules may look into.
    pub(super) text: String,
    pub(super) body: Value,
    pub(super) input_tokens: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Titan {
    input_text: String,
    #[serde(default = "titan_dimensions")]
    dimensions: usize,
    #[serde(default = "yes")]
    normalize: bool,
    #[serde(default = "titan_types")]
    embedding_types: Vec<TitanType>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TitanType {
    Float,
    Binary,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TitanImage {
    input_text: Option<String>,
    input_image: Option<String>,
    #[serde(default)]
    embedding_config: EmbeddingConfig,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EmbeddingConfig {
    output_embedding_length: usize,
}

impl Default for EmbeddingConfig {
    fn default() -> Self {
        Self {
            output_embedding_length: titan_dimensions(),
        }
    }
}

#[derive(Deserialize)]
struct Cohere {
    #[serde(default)]
    texts: Vec<String>,
    /// Data URLs.
    #[serde(default)]
    images: Vec<String>,
    input_type: String,
}

const fn titan_dimensions() -> usize {
    1024
}

const fn yes() -> bool {
    true
}

fn titan_types() -> Vec<TitanType> {
    vec![TitanType::Float]
}

/// Answers for an embedding model; `None` for any other.
pub(super) fn answer(
    model: &str,
    input: &Map<String, Value>,
) -> Option<Result<Embedded, ServiceError>> {
    let input = Value::Object(input.clone());
    if model.starts_with("amazon.titan-embed-text-v2") {
        Some(titan(input))
    } else if model.starts_with("amazon.titan-embed-image-v1") {
        Some(titan_image(input))
    } else if model.starts_with("cohere.embed-") {
        Some(cohere(input))
    } else {
        None
    }
}

/// The same for a body that is yet to be parsed.
pub(super) fn answer_body(model: &str, body: &[u8]) -> Option<Result<Embedded, ServiceError>> {
    if !MODELS.iter().any(|prefix| model.starts_with(prefix)) {
        return None;
    }
    match serde_json::from_slice(body) {
        Ok(input) => answer(model, &input),
        Err(error) => Some(Err(malformed(&error))),
    }
}

fn malformed(error: &serde_json::Error) -> ServiceError {
    ServiceError::validation(format!(
        "Malformed input request: {error}, please reformat your input and try again."
    ))
}

fn titan(input: Value) -> Result<Embedded, ServiceError> {
    let request: Titan = serde_json::from_value(input).map_err(|error| malformed(&error))?;
    let text = request.input_text;
    let input_tokens = text_tokens(&text);
    let refusal = if !matches!(request.dimensions, 256 | 512 | 1024) {
        Some(format!(
            "Malformed input request: #/dimensions: {} is not one of 256, 512, 1024",
            request.dimensions
        ))
    } else if text.is_empty() {
        Some("Malformed input request: expected minLength: 1, actual: 0".into())
    } else if text.chars().count() > TITAN_MAX_CHARACTERS {
        Some(format!(
            "Malformed input request: expected maxLength: {TITAN_MAX_CHARACTERS}"
        ))
    } else if input_tokens > TITAN_MAX_TOKENS {
        Some(format!(
            "Too many input tokens. Max input tokens: {TITAN_MAX_TOKENS}, request input token count: {input_tokens}"
        ))
    } else {
        None
    };
    if let Some(refusal) = refusal {
        return Err(ServiceError::validation(refusal));
    }
    let mut vector = unit_vector(&text, request.dimensions);
    if !request.normalize {
        // Any other length than 1 tells a caller that it forgot to ask.
        for value in &mut vector {
            *value *= 2.0;
        }
    }
    let mut by_type = Map::new();
    let mut body = Map::new();
    if request.embedding_types.contains(&TitanType::Float) {
        body.insert("embedding".into(), json!(vector));
        by_type.insert("float".into(), json!(vector));
    }
    if request.embedding_types.contains(&TitanType::Binary) {
        let signs: Vec<u8> = vector.iter().map(|value| u8::from(*value > 0.0)).collect();
        by_type.insert("binary".into(), json!(signs));
    }
    body.insert("inputTextTokenCount".into(), json!(input_tokens));
    body.insert("embeddingsByType".into(), Value::Object(by_type));
    Ok(Embedded {
        text,
        body: Value::Object(body),
        input_tokens,
    })
}

fn titan_image(input: Value) -> Result<Embedded, ServiceError> {
    let request: TitanImage = serde_json::from_value(input).map_err(|error| malformed(&error))?;
    let dimensions = request.embedding_config.output_embedding_length;
    if !matches!(dimensions, 256 | 384 | 1024) {
        return Err(ServiceError::validation(format!(
            "Malformed input request: #/embeddingConfig/outputEmbeddingLength: {dimensions} is not one of 256, 384, 1024"
        )));
    }
    let text = request.input_text.unwrap_or_default();
    let image = request.input_image.unwrap_or_default();
    if text.is_empty() && image.is_empty() {
        return Err(ServiceError::validation(
            "Malformed input request: inputText or inputImage is required, please reformat your input and try again.",
        ));
    }
    let input_tokens = text_tokens(&text);
    let body = json!({
        "embedding": unit_vector(&format!("{text}\n{image}"), dimensions),
        "inputTextTokenCount": input_tokens,
        "message": null,
    });
    Ok(Embedded {
        text,
        body,
        input_tokens,
    })
}

fn cohere(input: Value) -> Result<Embedded, ServiceError> {
    let request: Cohere = serde_json::from_value(input).map_err(|error| malformed(&error))?;
    let types = [
        "search_document",
        "search_query",
        "classification",
        "clustering",
        "image",
    ];
    if !types.contains(&request.input_type.as_str()) {
        return Err(ServiceError::validation(format!(
            "Malformed input request: #/input_type: {} is not one of {}",
            request.input_type,
            types.join(", ")
        )));
    }
    let (name, inputs, most) = if request.input_type == "image" {
        ("images", &request.images, COHERE_MAX_IMAGES)
    } else {
        ("texts", &request.texts, COHERE_MAX_TEXTS)
    };
    if !(1..=most).contains(&inputs.len()) {
        return Err(ServiceError::validation(format!(
            "Malformed input request: #/{name}: expected 1 to {most} items, not {}",
            inputs.len()
        )));
    }
    let vectors: Vec<Vec<f32>> = inputs
        .iter()
        .map(|input| unit_vector(input, COHERE_DIMENSIONS))
        .collect();
    let text = request.texts.join("\n");
    let body = json!({
        "id": &crate::hash::sha256(inputs.join("\n").as_bytes())[..32],
        "response_type": "embeddings_floats",
        "embeddings": vectors,
        "texts": request.texts,
    });
    Ok(Embedded {
        input_tokens: text_tokens(&text),
        text,
        body,
    })
}

/// Numbers from the text's hash, scaled to length 1.
fn unit_vector(text: &str, dimensions: usize) -> Vec<f32> {
    let blocks = (0u32..).flat_map(|block| {
        let mut hash = Sha256::new();
        hash.update(block.to_be_bytes());
        hash.update(text.as_bytes());
        <[u8; 32]>::from(hash.finalize())
    });
    let raw: Vec<f32> = blocks
        .take(dimensions)
        .map(|byte| f32::from(byte) - 127.5)
        .collect();
    let length = raw.iter().map(|value| value * value).sum::<f32>().sqrt();
    raw.into_iter().map(|value| value / length).collect()
}
