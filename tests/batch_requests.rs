//! What a batch run can be asked for: prompts by rows, columns by other names, bounds, models, ids and CSV.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use aws_sdk_sfn::types::ExecutionStatus;
use end_to_end::batch::{Batch, Row, statuses};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

fn request(prefix: &str, uri: &str, more: Value) -> Value {
    let mut request = json!({
        "job_name_prefix": prefix,
        "model_id": MODEL,
        "prompt_id": "joke_about_topic",
        "s3_uri": uri,
    });
    let Value::Object(more) = more else {
        panic!("fields are an object");
    };
    request.as_object_mut().expect("an object").extend(more);
    request
}

/// A run that ends well; its report and its rows.
async fn run(batch: &Batch, name: &str, request: Value) -> (Value, Vec<Row>) {
    let report = batch.run(name, &request).await;
    let prefix = request["job_name_prefix"]
        .as_str()
        .expect("it has a prefix");
    (report, batch.rows(prefix, name).await)
}

async fn refused(batch: &Batch, name: &str, request: Value, words: &str) {
    let execution = batch.start(name, &request).await;
    let ended = batch.ended(&execution).await;
    assert_eq!(ended.status, ExecutionStatus::Failed, "{ended:?}");
    assert!(ended.error.starts_with("InvalidRequest: "), "{ended:?}");
    assert!(ended.error.contains(words), "{words} is not in {ended:?}");
}

fn column<'a>(rows: &'a [Row], name: &str) -> Vec<&'a str> {
    let cells = rows
        .iter()
        .map(|row| row.get(name).map_or("", String::as_str));
    cells.collect()
}

fn topics(rows: usize) -> String {
    let rows = (0..rows).map(|row| format!("topic {row}\n"));
    format!("topic\n{}", rows.collect::<String>())
}

const KINDS: &str = "topic,kind\ncats,short\ndogs,both\nbirds,none of them\n";

#[tokio::test]
async fn prompts_columns_ids_and_texts() {
    let batch = Batch::deploy(json!({}), &[], |_| ()).await;
    let prompts = json!({
        "short": "A word on {topic}.",
        "long": "A novel of {{{topic}}}.",
    });
    batch
        .put("prompts/templates.json", prompts.to_string())
        .await;
    let kinds = batch.put("inputs/kinds.csv", KINDS).await;
    let renamed = batch.put("inputs/named.csv", "title,topic\na,b\n").await;
    let ids = "record_id,topic\nrow-b,cats\nrow-a,\nröw 3,dogs\n";
    let ids = batch.put("inputs/ids.csv", ids).await;
    let twice = "record_id,topic\n7,cats\n8,dogs\n7,birds\n";
    let twice = batch.put("inputs/twice.csv", twice).await;
    let mut long = String::from("input_text,n\nshort,1\n\"");
    for word in 0..130_000 {
        write!(long, "word{} ", word % 1_000).expect("a text takes more");
    }
    assert!(long.len() > 1_000_000);
    long.push_str("\",2\n,3\n");
    let long = batch.put("inputs/long.csv", long).await;

    let mapped = json!({ "prompt_id": null, "prompt_routing": {
        "column": "kind", "prompts": { "short": "short", "both": "long" },
    } });
    let expanded = json!({ "prompt_id": null, "prompt_routing": {
        "column": "kind", "prompts": { "short": "short", "both": ["short", "long"] }, "default": "long",
    } });
    let named = json!({ "columns": { "topic": "old", "title": "topic" } });
    let classified = json!({ "prompt_id": "sentiment_classifier" });
    let (added, mapped, expanded, named, ids, long, ()) = tokio::join!(
        run(
            &batch,
            "added",
            request("added", &kinds, json!({ "prompt_id": "long" }))
        ),
        run(&batch, "mapped", request("mapped", &kinds, mapped)),
        run(&batch, "expanded", request("expanded", &kinds, expanded)),
        run(&batch, "named", request("named", &renamed, named)),
        run(&batch, "ids", request("ids", &ids, json!({}))),
        run(&batch, "long", request("long", &long, classified)),
        refused(
            &batch,
            "twice",
            request("twice", &twice, json!({})),
            "`record_id` is `7` in row 3"
        ),
    );
    let answers = column(&added.1, "response");
    assert!(answers[1].ends_with("A novel of {dogs}."), "{answers:?}");

    assert_eq!(
        column(&mapped.1, "status"),
        ["succeeded", "succeeded", "rejected"]
    );
    assert_eq!(column(&mapped.1, "prompt_id"), ["short", "long", ""]);
    assert!(
        mapped.1[2]["error_message"].contains("`none of them`"),
        "{:?}",
        mapped.1
    );
    assert_eq!(mapped.0["verdict"], "incomplete", "{:#}", mapped.0);

    assert_eq!(expanded.0["records"], 4);
    assert_eq!(
        column(&expanded.1, "topic"),
        ["cats", "dogs", "dogs", "birds"]
    );
    assert_eq!(
        column(&expanded.1, "prompt_id"),
        ["short", "short", "long", "long"]
    );
    let places = expanded
        .1
        .iter()
        .map(|row| &row["record_id"][row["record_id"].len() - 4..]);
    assert_eq!(places.collect::<Vec<_>>(), ["-001", "-001", "-002", "-001"]);
    let distinct: BTreeSet<&str> = column(&expanded.1, "record_id").into_iter().collect();
    assert_eq!(distinct.len(), 4);

    assert!(
        named.1[0]["response"].contains("joke about a in"),
        "{:?}",
        named.1
    );
    assert_eq!(named.1[0]["old"], "b");

    assert_eq!(column(&ids.1, "record_id"), ["row-b", "row-a", "röw 3"]);
    let counts = BTreeMap::from([("succeeded", 3)]);
    assert_eq!(
        statuses(&ids.1),
        counts,
        "an empty cell is an empty text in a prompt"
    );
    assert_eq!(batch.asked("ids", "ids").await, ["row-a", "row-b", "röw 3"]);

    assert_eq!(column(&long.1, "n"), ["1", "2", "3"]);
    assert!(long.1[1]["input_text"].len() > 1_000_000);
    assert_eq!(
        statuses(&long.1),
        BTreeMap::from([("succeeded", 3)]),
        "{:?}",
        long.0
    );
    batch.stop().await;
}

#[tokio::test]
async fn bounds_and_models() {
    let batch = Batch::deploy(json!({}), &[], |_| ()).await;
    let uri = batch.put("inputs/topics.csv", topics(250)).await;
    let words = format!("input_text{}", &topics(110)[5..]);
    let words = batch.put("inputs/words.csv", words).await;

    let as_texts = json!({
        "max_records_total": "240", "max_records_per_job": "120", "max_num_jobs": "none",
        "max_tokens": "", "dataset_id": "None", "split": "",
    });
    let one_job = json!({ "max_num_jobs": 1, "max_records_per_job": 110 });
    let nova =
        json!({ "model_id": "amazon.nova-micro-v1:0", "max_records_total": 100, "csv": true });
    let cohere =
        json!({ "model_id": "cohere.embed-multilingual-v3", "prompt_id": "none", "csv": true });
    let few = json!({ "below_minimum": "refuse", "max_records_total": 99 });
    let (texts, one, nova, cohere, ()) = tokio::join!(
        run(&batch, "texts", request("texts", &uri, as_texts)),
        run(&batch, "one", request("one", &uri, one_job)),
        run(&batch, "nova", request("nova", &uri, nova)),
        run(&batch, "cohere", request("cohere", &words, cohere)),
        refused(&batch, "few", request("few", &uri, few), "99"),
    );
    assert_eq!(
        (texts.1.len(), texts.0["chunks"].as_u64()),
        (240, Some(2)),
        "{:#}",
        texts.0
    );
    assert_eq!(texts.1[239]["topic"], "topic 239");
    assert_eq!(
        (one.1.len(), one.0["chunks"].as_u64()),
        (110, Some(1)),
        "{:#}",
        one.0
    );
    for (report, rows) in [&texts, &one, &nova, &cohere] {
        assert_eq!(report["verdict"], "complete", "{report:#}");
        assert_eq!(statuses(rows), BTreeMap::from([("succeeded", rows.len())]));
    }
    assert_eq!(nova.1.len(), 100);
    for row in &nova.1 {
        assert!(row["response"].contains(&row["topic"]), "{row:#?}");
        assert!(
            row["input_tokens"] != "0" && row["stop_reason"] == "end_turn",
            "{row:#?}"
        );
    }
    assert_eq!(cohere.1.len(), 110);
    let vectors: BTreeSet<&str> = column(&cohere.1, "embedding").into_iter().collect();
    assert_eq!(vectors.len(), 110, "each text has a vector of its own");
    assert_eq!(batch.listed_jobs().await.len(), 5);

    assert_same_as_csv(&batch, "nova", &nova.1).await;
    assert_same_as_csv(&batch, "cohere", &cohere.1).await;
    batch.stop().await;
}

/// Holds the CSV of a run to say what the Parquet says, as a reader of CSV that is not ours reads it.
async fn assert_same_as_csv(batch: &Batch, run: &str, rows: &[Row]) {
    let mut read: Vec<Row> = Vec::new();
    for key in batch.keys(&format!("batch_output_csv/{run}/{run}/")).await {
        let file = batch.get(&key).await;
        let mut reader = csv::Reader::from_reader(GzDecoder::new(file.as_slice()));
        read.extend(reader.deserialize().map(|row| row.expect("it is CSV")));
    }
    assert_eq!(read.len(), rows.len());
    for (as_csv, row) in read.into_iter().zip(rows) {
        let filled = as_csv.into_iter().filter(|(_, cell)| !cell.is_empty());
        let filled: Row = filled.collect();
        let numbers = |row: &Row| {
            let vector = row.get("embedding")?.trim_matches(['[', ']']).split(',');
            let vector = vector.map(|number| number.trim().parse::<f32>().expect("a number"));
            Some(vector.collect::<Vec<_>>())
        };
        assert_eq!(numbers(&filled), numbers(row));
        let others = |row: &Row| {
            let mut row = row.clone();
            row.remove("embedding");
            row
        };
        assert_eq!(others(&filled), others(row));
    }
}
