//! Names and texts that try to be something else.

use asl::Definition;
use graph::Drawing;
use serde_json::{Map, Value, json};

use crate::{mermaid, svg};

const NAMES: [&str; 22] = [
    "end",
    "End",
    "graph",
    "subgraph",
    "style a fill:#f00;",
    "start",
    "o",
    "x",
    "--> b",
    "a\"]; click a href \"javascript:alert(1)\"",
    "</text><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp;",
    "%%{init: {'theme': 'dark'}}%%",
    "`**bold**`",
    "#quot; #35;",
    "a\\b",
    "two\nlines\r\nand\ttabs",
    "\u{0}\u{1}\u{1b}[31m\u{ffff}",
    "\u{202e}gnp.exe",
    "日本語の状態 🙂",
    "",
];

fn chain() -> Value {
    let next = |index: usize| NAMES.get(index + 1);
    let state = |(index, name): (usize, &&str)| {
        let mut body = json!({
            "Type": "Choice",
            "Choices": [{"Variable": name, "StringEquals": name, "Next": name}],
        });
        if let Some(next) = next(index) {
            body["Default"] = json!(next);
        }
        ((*name).to_owned(), body)
    };
    let states: Map<String, Value> = NAMES.iter().enumerate().map(state).collect();
    json!({"Comment": NAMES[9], "StartAt": NAMES[0], "States": states})
}

fn stack() -> Value {
    let bucket = |name: &&str| {
        let queue = json!({"Ref": NAMES[0]});
        let properties = json!({"NotificationConfiguration": {"QueueConfigurations": [{"Event": name, "Queue": queue}]}});
        (
            (*name).to_owned(),
            json!({"Type": "AWS::S3::Bucket", "Properties": properties}),
        )
    };
    let resources: Map<String, Value> = NAMES.iter().map(bucket).collect();
    json!({"Description": NAMES[10], "Resources": resources})
}

fn drawings() -> [Drawing; 2] {
    let title = NAMES.join(" ");
    [
        graph::machine(&Definition::read(&chain())).titled(title.clone()),
        graph::stack(&stack()).expect("a template").titled(title),
    ]
}

#[test]
fn mermaid_reads_them_as_texts() {
    for drawing in drawings() {
        let chart = mermaid::read(&drawing.to_mermaid());
        assert_eq!(chart.nodes.len(), drawing.scene.walk().len());
        assert_eq!(chart.arrows.len(), drawing.scene.arrows().len());
    }
}

#[test]
fn svg_has_them_as_texts() {
    for drawing in drawings() {
        let picture = svg::read(&drawing.to_svg());
        assert_eq!(picture.arrows, drawing.scene.arrows().len());
        assert!(picture.title.contains("</text><script>alert(1)</script>"));
        assert!(
            picture
                .texts
                .iter()
                .any(|text| text.contains("日本語の状態 🙂"))
        );
        assert!(picture.texts.iter().all(|text| !text.contains('\u{202e}')));
    }
}

#[test]
fn names_that_look_the_same_in_ids_stay_apart() {
    let states: Map<String, Value> = ["a b", "a-b", "a_b", "a_b_2"]
        .iter()
        .map(|name| ((*name).to_owned(), json!({"Type": "Pass", "Next": "a b"})))
        .collect();
    let definition = json!({"StartAt": "a-b", "States": states});
    let chart = mermaid::read(&graph::machine(&Definition::read(&definition)).to_mermaid());
    assert_eq!(chart.nodes.len(), 5);
    assert!(chart.arrows.iter().skip(1).all(|arrow| arrow.to == "a_b"));
}
