//! Requests of runs with images, and the bodies of their rows.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::batch::chunk::Bounds;
use shared::batch::limits::{IMAGE_BYTES, IMAGE_RECORDS, Limits};
use shared::batch::processor::{Image, ImageFormat, ImageSize};
use shared::batch::prompt::Templates;
use shared::batch::request::{Prompt, Run, RunRequest, Surroundings};
use shared::batch::source::Source;

use super::support::{CLAUDE, COHERE, TITAN, TITAN_IMAGE, processor};

const PIXEL: Image<'static> = Image {
    format: ImageFormat::Png,
    base64: "aGk=",
};

fn validate(fields: &Value) -> Result<Run, String> {
    let mut request = json!({
        "s3_uri": "s3://data/inputs/covers.csv",
        "image_column": "cover",
        "job_name_prefix": "covers",
        "model_id": CLAUDE,
        "prompt_id": "describe",
    });
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    let request: RunRequest = serde_json::from_value(request).map_err(|error| error.to_string())?;
    let templates = r#"{"describe": "What is on the image?", "about": "Is it {title}?"}"#;
    let surroundings = Surroundings {
        templates: &Templates::from_json(templates).unwrap(),
        input_buckets: &["data".to_owned(), "more-data".to_owned()],
        bounds: Bounds {
            max_records_per_job: 1_000,
            max_num_jobs: None,
            max_records_total: None,
        },
    };
    request
        .validate(&surroundings)
        .map_err(|error| error.to_string())
}

/// A run over the images below a prefix.
fn over_images(fields: &Value) -> Result<Run, String> {
    let mut all =
        json!({"s3_uri": null, "image_column": null, "images_s3_uri": "s3://data/inputs/covers/"});
    for (name, value) in fields.as_object().unwrap() {
        all[name] = value.clone();
    }
    validate(&all)
}

fn body(run: &Run, cells: &[(&str, &'static str)]) -> Result<Value, String> {
    let cell = |name: &str| {
        let cell = cells.iter().find(|(column, _)| *column == name);
        cell.map(|(_, text)| *text)
    };
    let mut out = Vec::new();
    let written = run.write_body(cell, Some(PIXEL), &mut out);
    written.map_err(|error| error.to_string())?;
    Ok(serde_json::from_slice(&out).unwrap())
}

#[test]
fn a_column_names_the_images() {
    let run = validate(&json!({})).unwrap();
    assert_eq!(run.required_columns(), ["cover"]);
    let run = validate(&json!({"prompt_id": "about"})).unwrap();
    assert_eq!(run.required_columns(), ["title", "cover"]);
    assert_eq!(run.used_columns(), ["title", "cover"]);
    let missing = run.fit_to(&["title", "page"]).map(drop).unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("the source has no column cover: it has title, page"),
        "{missing}"
    );
    let none = validate(&json!({"image_column": "none"})).unwrap();
    assert_eq!(none.image_column, None);
}

#[test]
fn a_prefix_is_a_table_of_images() {
    let run = over_images(&json!({})).unwrap();
    assert_eq!(run.required_columns(), ["image_uri"]);
    let prefix = "s3://data/inputs/covers/".parse().unwrap();
    assert_eq!(run.source, Source::Images(prefix));
    let renamed = over_images(&json!({"columns": {"image_uri": "page"}})).unwrap();
    assert_eq!(renamed.required_columns(), ["page"]);
}

#[test]
fn requests_for_images_that_cannot_be_had_say_what_can() {
    for (fields, message) in [
        (
            json!({"images_s3_uri": "s3://data/inputs/cover.png"}),
            "which is one object: write a prefix that ends in `/`",
        ),
        (
            json!({"images_s3_uri": "s3://theirs/covers/"}),
            "`images_s3_uri` is in the bucket `theirs`, which runs may not read: use one of data, more-data",
        ),
        (
            json!({"image_column": "cover"}),
            "image_column is `cover`, but the images of `images_s3_uri` are in the column `image_uri`",
        ),
        (
            json!({"s3_uri": "s3://data/inputs/covers.csv"}),
            "there are several sources",
        ),
        (
            json!({"model_id": "amazon.nova-micro-v1:0"}),
            "model `amazon.nova-micro-v1:0` takes no images: use one of Anthropic Messages (anthropic.claude-*); \
             Titan Multimodal Embeddings G1 (amazon.titan-embed-image-v1*); Amazon Nova (amazon.nova-lite-*",
        ),
        (
            json!({"model_id": TITAN, "prompt_id": null}),
            "takes no images",
        ),
        (json!({"prompt_id": null}), "needs a `prompt_id`"),
    ] {
        let refused = over_images(&fields).unwrap_err();
        assert!(refused.contains(message), "{refused}");
    }
    assert!(over_images(&json!({"model_id": "eu.amazon.nova-lite-v1:0"})).is_ok());
}

#[test]
fn embeddings_are_of_images_and_of_texts_where_the_model_takes_both() {
    let embedding = |model| json!({"model_id": model, "prompt_id": null});
    for model in [TITAN_IMAGE, COHERE] {
        let run = validate(&embedding(model)).unwrap();
        assert_eq!(run.prompt, Prompt::ImageAlone);
        let run = run.fit_to(&["cover", "title"]).unwrap();
        assert_eq!(run.used_columns(), ["cover"]);
        assert!(body(&run, &[("title", "unused")]).is_ok());
    }
    let both = validate(&embedding(TITAN_IMAGE)).unwrap();
    let both = both.fit_to(&["cover", "input_text"]).unwrap();
    assert_eq!(both.used_columns(), ["input_text", "cover"]);
    assert_eq!(
        body(&both, &[("input_text", "a cat")]).unwrap(),
        json!({"inputText": "a cat", "inputImage": "aGk="})
    );
    assert_eq!(
        body(&both, &[("input_text", " ")]).unwrap(),
        json!({"inputImage": "aGk="})
    );
    let either = validate(&embedding(COHERE)).unwrap();
    let refused = either.fit_to(&["cover", "input_text"]).map(drop);
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("Cohere Embed takes a text or an image, not both")
            && refused.contains("with `columns`"),
        "{refused}"
    );
}

#[test]
fn the_image_comes_before_the_prompt() {
    let run = validate(&json!({"prompt_id": "about"})).unwrap();
    let body = body(&run, &[("title", "a cat")]).unwrap();
    let content = &body["messages"][0]["content"];
    assert_eq!(content[0]["source"]["media_type"], "image/png");
    assert_eq!(content[0]["source"]["data"], "aGk=");
    assert_eq!(content[1]["text"], "Is it a cat?");
    let routed = json!({"prompt_id": null, "prompt_routing": {"column": "kind"}});
    let routed = validate(&routed).unwrap();
    let routed = routed.fit_to(&["kind", "title", "cover"]).unwrap();
    let cells = [("kind", "about"), ("prompt_id", "about"), ("title", "x")];
    let told = self::body(&routed, &cells).unwrap();
    assert_eq!(told["messages"][0]["content"][1]["text"], "Is it x?");
    let nowhere = self::body(&routed, &[("kind", "?")]).unwrap_err();
    assert!(nowhere.contains("leads to no prompt"), "{nowhere}");
}

#[test]
fn images_of_any_size_fit_into_the_file_of_a_job() {
    let per_job = |fields: &Value| validate(fields).unwrap().bounds.max_records_per_job;
    assert_eq!(per_job(&json!({})), IMAGE_RECORDS);
    assert_eq!(per_job(&json!({"image_column": null})), 1_000);
    assert_eq!(per_job(&json!({"max_records_per_job": 5_000})), 5_000);
    let limits = Limits::default();
    assert!(IMAGE_RECORDS * IMAGE_BYTES / 3 * 4 < limits.maximum_file_bytes);
    assert!(IMAGE_RECORDS > limits.minimum_records);
}

#[test]
fn claude_bills_pixels_and_others_do_not_say() {
    let tokens =
        |model: &str, width, height| processor(model).image_tokens(ImageSize { width, height });
    // The documents round to the nearest, an estimate up.
    assert_eq!(tokens(CLAUDE, 1_024, 1_024), Some(1_399));
    assert_eq!(tokens(CLAUDE, 1_024, 683), Some(933));
    assert_eq!(tokens(CLAUDE, 8_000, 8_000), Some(1_600));
    assert_eq!(tokens(CLAUDE, 8_000, 80), Some(32));
    assert_eq!(tokens(CLAUDE, 0, 0), Some(0));
    assert_eq!(tokens("amazon.nova-lite-v1:0", 1_024, 1_024), None);
    assert_eq!(tokens(TITAN_IMAGE, 1_024, 1_024), None);
}

proptest! {
    #[test]
    fn no_size_is_billed_more_than_the_most(width: u32, height: u32) {
        let tokens = processor(CLAUDE).image_tokens(ImageSize { width, height });
        prop_assert!(tokens.unwrap() <= 1_600);
    }
}
