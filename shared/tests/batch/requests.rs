//! Requests of runs: the document's input schema, rule by rule.

use serde_json::{Value, json};
use shared::batch::chunk::Bounds;
use shared::batch::prompt::Templates;
use shared::batch::request::{BelowMinimum, Prompt, Run, RunRequest, Surroundings};
use shared::batch::source::{S3Uri, Source};

use super::support::{CLAUDE, TITAN, snapshots};

const DEFAULTS: Bounds = Bounds {
    max_records_per_job: 1000,
    max_num_jobs: None,
    max_records_total: Some(7000),
};

fn validate(request: &RunRequest) -> Result<Run, String> {
    let surroundings = Surroundings {
        templates: &Templates::built_in(),
        input_buckets: &["data".to_owned(), "more-data".to_owned()],
        bounds: DEFAULTS,
    };
    request
        .validate(&surroundings)
        .map_err(|error| error.to_string())
}

/// A request for jokes, with other values for some fields.
fn jokes(fields: &Value) -> Result<Run, String> {
    request(
        &json!({
            "s3_uri": "s3://data/inputs/jokes/topics.csv",
            "job_name_prefix": "test-joke-job1",
            "model_id": CLAUDE,
            "prompt_id": "joke_about_topic",
        }),
        fields,
    )
}

/// A request for embeddings, with other values for some fields.
fn embeddings(fields: &Value) -> Result<Run, String> {
    request(
        &json!({
            "s3_uri": "s3://data/inputs/embeddings/embedding_input.csv",
            "job_name_prefix": "test-embeddings-job1",
            "model_id": TITAN,
            "prompt_id": null,
        }),
        fields,
    )
}

fn request(base: &Value, fields: &Value) -> Result<Run, String> {
    let mut request = base.clone();
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    let request: RunRequest = serde_json::from_value(request).map_err(|error| error.to_string())?;
    validate(&request)
}

#[test]
fn the_documents_requests_are_understood() {
    let run = jokes(&json!({})).unwrap();
    assert_eq!(
        run.source,
        Source::S3(S3Uri {
            bucket: "data".into(),
            key: "inputs/jokes/topics.csv".into()
        })
    );
    assert_eq!(run.job_name_prefix.as_str(), "test-joke-job1");
    assert_eq!(run.required_columns(), ["topic"]);
    assert_eq!((run.bounds, run.options.max_tokens), (DEFAULTS, 1024));
    assert_eq!(
        (run.below_minimum, run.csv),
        (BelowMinimum::OnDemand, false)
    );

    let dataset = json!({"s3_uri": null, "dataset_id": "w601sxs/simpleCoT", "split": "train",
        "prompt_id": "question_answering", "max_num_jobs": 1, "max_records_total": 100});
    let run = jokes(&dataset).unwrap();
    assert_eq!(
        run.source,
        Source::Dataset {
            id: "w601sxs/simpleCoT".into(),
            config: None,
            split: "train".into()
        }
    );
    assert_eq!(run.required_columns(), ["source"]);
    assert_eq!(
        (run.bounds.max_num_jobs, run.bounds.max_records_total),
        (Some(1), Some(100))
    );

    let run = embeddings(&json!({})).unwrap();
    assert_eq!(run.prompt, Prompt::InputText);
    assert_eq!(run.required_columns(), ["input_text"]);
}

#[test]
fn the_four_sample_requests_of_the_document_are_understood() {
    let samples = include_str!("samples.json");
    let samples: Vec<RunRequest> = serde_json::from_str(samples).unwrap();
    let runs: Vec<Run> = samples
        .iter()
        .map(|request| validate(request).unwrap())
        .collect();
    let required: Vec<_> = runs.iter().map(Run::required_columns).collect();
    assert_eq!(
        required,
        [["topic"], ["source"], ["source"], ["input_text"]]
    );
    assert_eq!(runs[1].bounds.max_num_jobs, Some(1));
    assert_eq!(runs[2].bounds.max_records_total, Some(100));
}

#[test]
fn a_source_is_exactly_one() {
    let none = jokes(&json!({"s3_uri": ""})).unwrap_err();
    assert_eq!(
        none,
        "there is no source: give `s3_uri`, `images_s3_uri` or `dataset_id`"
    );
    let two = jokes(&json!({"dataset_id": "a/b"})).unwrap_err();
    assert_eq!(
        two,
        "there are several sources: give one of `s3_uri`, `images_s3_uri` and `dataset_id`, and no other"
    );
    assert!(jokes(&json!({"dataset_id": "none"})).is_ok());
    assert!(jokes(&json!({"split": "ignored / here"})).is_ok());
}

#[test]
fn a_split_is_train_unless_named() {
    let split = |fields: Value| match jokes(&fields).map(|run| run.source) {
        Ok(Source::Dataset { split, .. }) => split,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        split(json!({"s3_uri": null, "dataset_id": "squad"})),
        "train"
    );
    assert_eq!(
        split(json!({"s3_uri": null, "dataset_id": "squad", "split": ""})),
        "train"
    );
    assert_eq!(
        split(json!({"s3_uri": null, "dataset_id": "squad", "split": "test"})),
        "test"
    );
}

#[test]
fn sources_that_lead_elsewhere_are_refused() {
    for (fields, rule) in [
        (
            json!({"s3_uri": "topics.csv"}),
            "it does not start with `s3://`",
        ),
        (json!({"s3_uri": "s3://"}), "the name of a bucket"),
        (json!({"s3_uri": "s3://Data/x.csv"}), "the name of a bucket"),
        (
            json!({"s3_uri": "s3://-data/x.csv"}),
            "the name of a bucket",
        ),
        (
            json!({"s3_uri": "s3://theirs/x.csv"}),
            "use one of data, more-data",
        ),
        (
            json!({"s3_uri": null, "dataset_id": "a/b/c"}),
            "write it as `owner/name`",
        ),
        (
            json!({"s3_uri": null, "dataset_id": "../b"}),
            "write it as `owner/name`",
        ),
        (
            json!({"s3_uri": null, "dataset_id": "a/"}),
            "write it as `owner/name`",
        ),
        (
            json!({"s3_uri": null, "dataset_id": "a/b", "split": "a/b"}),
            "write one like `train`",
        ),
    ] {
        let message = jokes(&fields).unwrap_err();
        assert!(message.contains(rule), "{message}");
    }
}

#[test]
fn a_prefix_is_a_source() {
    let prefix: S3Uri = "s3://data/inputs/".parse().unwrap();
    assert!(prefix.is_prefix() && "s3://data".parse::<S3Uri>().unwrap().is_prefix());
    assert_eq!(prefix.to_string(), "s3://data/inputs/");
    let object: S3Uri = "s3://data/a b/ü.csv".parse().unwrap();
    assert_eq!(
        (object.key.as_str(), object.is_prefix()),
        ("a b/ü.csv", false)
    );
}

#[test]
fn numbers_may_be_texts_or_absent() {
    let jobs =
        |value: Value| jokes(&json!({"max_num_jobs": value})).map(|run| run.bounds.max_num_jobs);
    for absent in [
        json!(null),
        json!(""),
        json!(" "),
        json!("none"),
        json!("None"),
    ] {
        assert_eq!(jobs(absent), Ok(None));
    }
    for five in [json!(5), json!("5"), json!(" 5 ")] {
        assert_eq!(jobs(five), Ok(Some(5)));
    }
    for (bad, shown) in [
        (json!(0), "0"),
        (json!(-1), "-1"),
        (json!("0"), "0"),
        (json!("-3"), "-3"),
        (json!("five"), "five"),
        (json!("5.5"), "5.5"),
    ] {
        assert_eq!(
            jobs(bad),
            Err(format!(
                "max_num_jobs is `{shown}`: give a whole number of 1 or more, or leave it out"
            ))
        );
    }
    for wrong in [json!(true), json!([1]), json!(1.5)] {
        assert!(
            jobs(wrong)
                .unwrap_err()
                .contains("did not match any variant")
        );
    }
}

#[test]
fn every_number_has_its_own_place() {
    let run = jokes(&json!({"max_records_total": "10", "max_num_jobs": 20,
        "max_records_per_job": 300, "max_tokens": 40}))
    .unwrap();
    assert_eq!(
        run.bounds,
        Bounds {
            max_records_per_job: 300,
            max_num_jobs: Some(20),
            max_records_total: Some(10)
        }
    );
    assert_eq!(run.options.max_tokens, 40);
    for field in [
        "max_records_total",
        "max_num_jobs",
        "max_records_per_job",
        "max_tokens",
        "dimensions",
    ] {
        let message = jokes(&json!({field: 0})).unwrap_err();
        assert!(message.starts_with(&format!("{field} is `0`")), "{message}");
    }
    let large = jokes(&json!({"max_tokens": 1u64 << 40})).unwrap_err();
    assert!(
        large.starts_with("max_tokens is `1099511627776`"),
        "{large}"
    );
}

#[test]
fn models_of_text_need_a_prompt_there_is() {
    for absent in [json!(null), json!(""), json!("none")] {
        let message = jokes(&json!({"prompt_id": absent})).unwrap_err();
        assert!(
            message.contains("needs a `prompt_id`: use one of describe_image, joke_about_topic, "),
            "{message}"
        );
    }
    let unknown = jokes(&json!({"prompt_id": "poem"})).unwrap_err();
    assert!(
        unknown.contains("no prompt `poem`: use one of describe_image, joke_about_topic, question_answering, sentiment_classifier"),
        "{unknown}"
    );
}

#[test]
fn models_of_embeddings_take_none() {
    assert!(embeddings(&json!({"prompt_id": "none"})).is_ok());
    let prompt = embeddings(&json!({"prompt_id": "joke_about_topic"})).unwrap_err();
    assert!(
        prompt.contains("remove `prompt_id` (it is `joke_about_topic`)"),
        "{prompt}"
    );
    let tokens = embeddings(&json!({"max_tokens": 5})).unwrap_err();
    assert!(
        tokens.starts_with("max_tokens does not apply to Titan"),
        "{tokens}"
    );
}

#[test]
fn dimensions_are_those_on_offer() {
    let run = embeddings(&json!({"dimensions": "512"})).unwrap();
    assert_eq!(run.options.dimensions, Some(512));
    let other = embeddings(&json!({"dimensions": 100})).unwrap_err();
    assert_eq!(
        other,
        "dimensions is 100, which Titan Text Embeddings V2 does not offer: use one of 256, 512, 1024"
    );
    let none = jokes(&json!({"dimensions": 256})).unwrap_err();
    assert!(none.ends_with("does not offer: leave it out"), "{none}");
}

#[test]
fn models_and_prefixes_are_checked() {
    let model = jokes(&json!({"model_id": "meta.llama3-8b-instruct-v1:0"})).unwrap_err();
    assert!(
        model.contains("is not supported: use one of Anthropic Messages"),
        "{model}"
    );
    let id = jokes(&json!({"model_id": "claude"})).unwrap_err();
    assert!(
        id.starts_with("model_id: `claude` is not the id of a model"),
        "{id}"
    );
    let prefix = jokes(&json!({"job_name_prefix": "--"})).unwrap_err();
    assert!(
        prefix.starts_with("job_name_prefix: the prefix `--` has no letter"),
        "{prefix}"
    );
}

#[test]
fn fields_are_those_of_the_schema() {
    let unknown = jokes(&json!({"promptid": "x"})).unwrap_err();
    assert!(
        unknown.contains("unknown field `promptid`, expected one of"),
        "{unknown}"
    );
    let missing = serde_json::from_value::<RunRequest>(json!({"model_id": CLAUDE})).unwrap_err();
    assert_eq!(missing.to_string(), "missing field `job_name_prefix`");
    let other = jokes(&json!({"below_minimum": "refuse", "csv": true})).unwrap();
    assert_eq!(
        (other.below_minimum, other.csv),
        (BelowMinimum::Refuse, true)
    );
}

#[test]
fn columns_are_held_against_the_prompt() {
    let run = jokes(&json!({})).unwrap();
    assert!(run.check_columns(&["id", "topic"]).is_ok());
    let message = run.check_columns(&["id", "Topic"]).unwrap_err().to_string();
    assert_eq!(
        message,
        "the source has no column topic: it has id, Topic; rename a column with `columns`, or choose another prompt"
    );
    let run = embeddings(&json!({})).unwrap();
    assert!(run.check_columns(&["input_text"]).is_ok());
    assert!(run.check_columns::<&str>(&[]).is_err());
}

/// A request for prompts by the column `kind`.
fn routed(routing: &Value) -> Result<Run, String> {
    jokes(&json!({"prompt_id": null, "prompt_routing": routing}))
}

#[test]
fn prompts_by_a_column_are_those_there_are() {
    let run = routed(&json!({"column": "kind",
        "prompts": {"joke": "joke_about_topic", "both": ["joke_about_topic", "question_answering"]},
        "default": "sentiment_classifier"}))
    .unwrap();
    assert_eq!(
        run.required_columns(),
        ["kind", "topic", "source", "input_text"]
    );
    for (routing, message) in [
        (
            json!({"column": "", "default": "joke_about_topic"}),
            "`column` is empty",
        ),
        (
            json!({"column": "kind", "prompts": {}}),
            "`prompts` names no prompt",
        ),
        (
            json!({"column": "kind", "prompts": {"a": []}}),
            "`a` names no prompt",
        ),
        (
            json!({"column": "kind", "prompts": {"a": ["joke_about_topic", "joke_about_topic"]}}),
            "`a` names the prompt `joke_about_topic` twice",
        ),
        (
            json!({"column": "kind", "prompts": {"a": "poem"}}),
            "there is no prompt `poem`: use one of describe_image, joke_about_topic",
        ),
        (
            json!({"column": "kind", "default": "poem"}),
            "there is no prompt `poem`",
        ),
    ] {
        let refused = routed(&routing).unwrap_err();
        assert!(refused.starts_with("prompt_routing: "), "{refused}");
        assert!(refused.contains(message), "{refused}");
    }
    let both = jokes(&json!({"prompt_routing": {"column": "kind"}})).unwrap_err();
    assert!(both.starts_with("there are two prompts"), "{both}");
    let embedding = embeddings(&json!({"prompt_routing": {"column": "kind"}})).unwrap_err();
    assert!(
        embedding.contains("remove `prompt_routing` (it is `kind`)"),
        "{embedding}"
    );
}

/// The prompt of a row, or why there is none.
fn body(run: &Run, cells: &[(&'static str, &'static str)]) -> Result<String, String> {
    let cell = |name: &str| {
        let cell = cells.iter().find(|(column, _)| *column == name);
        cell.map(|(_, text)| *text)
    };
    let mut out = Vec::new();
    run.write_body(cell, None, &mut out)
        .map_err(|error| error.to_string())?;
    let body: Value = serde_json::from_slice(&out).unwrap();
    let text = &body["messages"][0]["content"][0]["text"];
    Ok(text.as_str().unwrap().to_owned())
}

#[test]
fn a_row_is_sent_with_the_prompt_it_leads_to() {
    let run = routed(&json!({"column": "kind"})).unwrap();
    assert_eq!(run.required_columns(), ["kind"]);
    let run = run.fit_to(&["kind", "topic", "prompt_id"]).unwrap();
    assert_eq!(run.used_columns(), ["kind", "topic", "prompt_id"]);
    let told = |kind, prompt| {
        body(
            &run,
            &[("kind", kind), ("topic", "cats"), ("prompt_id", prompt)],
        )
    };
    assert_eq!(
        told("joke_about_topic", "joke_about_topic").unwrap(),
        "Tell me a joke about cats in less than 50 words."
    );
    let unknown = told("poem", "poem").unwrap_err();
    assert!(unknown.contains("asks for the prompt `poem`"), "{unknown}");
    // The table has no column `source`, so an empty question would be sent.
    let unfit = told("question_answering", "question_answering").unwrap_err();
    assert!(
        unfit.contains("needs columns that the table has not"),
        "{unfit}"
    );
    let nowhere = body(&run, &[("kind", "?"), ("topic", "cats")]).unwrap_err();
    assert!(
        nowhere.contains("the value `?` of the column `kind` leads to no prompt"),
        "{nowhere}"
    );
}

#[test]
fn answers_of_an_earlier_run_can_be_asked_about() {
    let later = json!({"prompt_id": "question_answering", "previous_results": true,
        "columns": {"response": "source"}});
    let run = jokes(&later).unwrap();
    assert!(body(&run, &[("source", "why?")]).unwrap().ends_with("why?"));
    for cells in [&[("source", "")][..], &[]] {
        let refused = body(&run, cells).unwrap_err();
        assert!(
            refused.contains("no answer for this row (column `source`)"),
            "{refused}"
        );
    }
    // The same columns of any other table are only cells.
    let run = jokes(&json!({"columns": {"response": "topic"}})).unwrap();
    assert!(body(&run, &[("topic", "")]).is_ok());
}

#[test]
fn a_dataset_may_have_configurations() {
    let run =
        jokes(&json!({"s3_uri": null, "dataset_id": "squad", "dataset_config": "plain_text"}));
    let Source::Dataset { config, .. } = run.unwrap().source else {
        panic!("a dataset was asked for");
    };
    assert_eq!(config.as_deref(), Some("plain_text"));
    let refused = jokes(&json!({"s3_uri": null, "dataset_id": "squad", "dataset_config": "a/b"}));
    assert!(
        refused
            .unwrap_err()
            .contains("`a/b` is not the name of a dataset's configuration")
    );
}

#[test]
fn the_schema_is_reviewed() {
    let schema = schemars::schema_for!(RunRequest);
    snapshots(|| insta::assert_json_snapshot!("request_schema", schema));
}
