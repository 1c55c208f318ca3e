//! Ids of models, and the families they lead to.

use shared::batch::model_id::{ModelId, ModelIdError};
use shared::batch::processor::{Kind, PROCESSORS, processor_of};

use super::support::{CLAUDE, COHERE, NOVA, TITAN, TITAN_IMAGE, model, processor};

#[test]
fn ids_profiles_and_arns_lead_to_the_family() {
    for (id, family) in [
        (CLAUDE, "Anthropic Messages"),
        (
            "us.anthropic.claude-3-haiku-20240307-v1:0",
            "Anthropic Messages",
        ),
        (
            "global.anthropic.claude-haiku-4-5-20251001-v1:0",
            "Anthropic Messages",
        ),
        (
            "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "Anthropic Messages",
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0",
            "Titan Text Embeddings V2",
        ),
        (TITAN, "Titan Text Embeddings V2"),
        (TITAN_IMAGE, "Titan Multimodal Embeddings G1"),
        (NOVA, "Amazon Nova"),
        (COHERE, "Cohere Embed"),
    ] {
        assert_eq!(processor(id).family(), family, "{id}");
    }
}

#[test]
fn what_an_id_names_is_told_apart() {
    let arn = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0";
    let id = model(arn);
    assert_eq!(id.to_string(), arn);
    assert_eq!(id.name(), "eu.amazon.nova-lite-v1:0");
    assert_eq!(id.foundation(), "amazon.nova-lite-v1:0");
    assert!(id.is_profile());
    assert!(!model(CLAUDE).is_profile());
}

#[test]
fn unsupported_models_are_told_what_is_supported() {
    for id in [
        "ANTHROPIC.claude-3-haiku-20240307-v1:0",
        "amazon.titan-embed-text-v1",
        "amazon.nova-canvas-v1:0",
        "meta.llama3-8b-instruct-v1:0",
        "notanthropic.claude-3",
    ] {
        let error = processor_of(&model(id)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("model `{id}` is not supported: use one of ")));
        for processor in PROCESSORS {
            assert!(error.contains(processor.family()), "{error}");
            assert!(error.contains(processor.models()[0]), "{error}");
        }
    }
}

#[test]
fn what_is_no_id_is_refused() {
    for id in [
        "",
        "claude",
        "anthropic.",
        "eu.claude",
        "arn:aws:s3:::bucket",
        "arn:aws:bedrock:eu-west-1::guardrail/a.b",
        "anthropic.cl aude",
    ] {
        assert_eq!(
            id.parse::<ModelId>(),
            Err(ModelIdError::Malformed(id.to_owned()))
        );
    }
    let opaque = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc";
    assert_eq!(
        opaque.parse::<ModelId>(),
        Err(ModelIdError::Opaque(opaque.to_owned()))
    );
}

#[test]
fn the_documents_models_are_known_to_be_retired() {
    let message = model(CLAUDE).retirement().unwrap().to_string();
    assert!(
        message.contains("eu.anthropic.claude-haiku-4-5-20251001-v1:0"),
        "{message}"
    );
    assert_eq!(
        model("eu.anthropic.claude-haiku-4-5-20251001-v1:0").retirement(),
        None
    );
    assert_eq!(model(TITAN).retirement(), None);
}

#[test]
fn no_two_families_claim_a_model() {
    let prefixes: Vec<_> = PROCESSORS
        .iter()
        .flat_map(|processor| processor.models())
        .collect();
    for (index, prefix) in prefixes.iter().enumerate() {
        let claims = prefixes
            .iter()
            .enumerate()
            .filter(|(other, known)| *other != index && known.starts_with(**prefix));
        assert_eq!(claims.count(), 0, "{prefix}");
    }
}

#[test]
fn the_kind_names_the_column() {
    assert_eq!(processor(CLAUDE).kind(), Kind::Text);
    assert_eq!(processor(TITAN).kind(), Kind::Embedding);
    assert_eq!(Kind::Text.column(), "response");
    assert_eq!(Kind::Embedding.column(), "embedding");
}
