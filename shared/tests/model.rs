//! The model catalogue: ids, permissions, prices, retired models.

use shared::model::{MODELS, Model, ModelError, Place, Profile, RETIRED, Resource, Target};

const PLACE: Place<'static> = Place {
    partition: "aws",
    region: "eu-west-1",
    account: "111122223333",
};

#[test]
fn ids_round_trip() {
    let all: Vec<_> = Target::all().collect();
    assert!(all.len() > MODELS.len());
    for target in all {
        assert_eq!(Target::parse(&target.to_string()), Ok(target));
    }
}

#[test]
fn a_profile_needs_itself_and_its_model_everywhere() {
    let target = Target::parse("eu.anthropic.claude-haiku-4-5-20251001-v1:0").unwrap();
    let profile = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0";
    assert_eq!(
        target.resources(&PLACE),
        [
            Resource {
                arn: profile.into(),
                only_through: None,
            },
            Resource {
                arn: "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"
                    .into(),
                only_through: Some(profile.into()),
            },
        ]
    );
}

#[test]
fn resources_take_pseudo_parameters() {
    let place = Place {
        partition: "${AWS::Partition}",
        region: "${AWS::Region}",
        account: "${AWS::AccountId}",
    };
    let target = Model::CLAUDE_SONNET_4_5.at(Profile::Global).unwrap();
    let arns: Vec<_> = target
        .resources(&place)
        .into_iter()
        .map(|resource| resource.arn)
        .collect();
    assert_eq!(
        arns,
        [
            "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "arn:${AWS::Partition}:bedrock:*::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        ]
    );
}

#[test]
fn a_geography_costs_a_tenth_more_than_the_globe() {
    let global = Target::parse("global.anthropic.claude-haiku-4-5-20251001-v1:0").unwrap();
    let europe = Target::parse("eu.anthropic.claude-haiku-4-5-20251001-v1:0").unwrap();
    assert!((global.cost(1_400, 200) - 0.0024).abs() < 1e-12);
    assert!((europe.cost(1_400, 200) - 0.00264).abs() < 1e-12);
    assert!(global.cost(0, 0).abs() < f64::EPSILON);
}

#[test]
fn retired_ids_name_their_successor() {
    for (retired, replacement) in RETIRED {
        let error = Target::parse(retired).unwrap_err();
        assert!(error.to_string().contains(replacement), "{error}");
    }
    assert_eq!(
        Target::parse("eu.amazon.titan-embed-text-v1")
            .unwrap_err()
            .to_string(),
        "model `eu.amazon.titan-embed-text-v1` is retired: use its successor by one of `amazon.titan-embed-text-v2:0`"
    );
    let error = Target::parse("us.anthropic.claude-3-haiku-20240307-v1:0").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`us.anthropic.claude-haiku-4-5-20251001-v1:0`"),
        "{error}"
    );
}

#[test]
fn a_plain_id_of_a_profile_only_model_lists_its_profiles() {
    let error = Target::parse(Model::CLAUDE_HAIKU_4_5.id).unwrap_err();
    assert!(matches!(error, ModelError::NotInvocable { .. }));
    assert!(
        error
            .to_string()
            .contains("`eu.anthropic.claude-haiku-4-5-20251001-v1:0`"),
        "{error}"
    );
    let error = Target::parse("apac.anthropic.claude-haiku-4-5-20251001-v1:0").unwrap_err();
    assert!(matches!(error, ModelError::NotInvocable { .. }), "{error}");
}

#[test]
fn an_unknown_id_lists_the_catalogue() {
    let error = Target::parse("eu.example.vision-1").unwrap_err();
    assert!(matches!(error, ModelError::Unknown { .. }));
    assert!(
        error.to_string().contains("add it to `shared::model`"),
        "{error}"
    );
}

#[test]
fn models_are_found_by_profile() {
    let japan = Model::CLAUDE_HAIKU_4_5.at(Profile::Jp).unwrap();
    assert_eq!(
        japan.to_string(),
        "jp.anthropic.claude-haiku-4-5-20251001-v1:0"
    );
}
