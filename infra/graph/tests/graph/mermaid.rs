//! Reads the part of Mermaid's flowcharts that we write, and nothing else: what it does not know is a mistake.

use std::collections::BTreeSet;

/// A flowchart that was read.
#[derive(Debug, Default)]
pub(crate) struct Flowchart {
    pub(crate) nodes: Vec<(String, String)>,
    pub(crate) groups: Vec<(String, String)>,
    pub(crate) arrows: Vec<Arrow>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) stroke: String,
    pub(crate) label: String,
    pub(crate) to: String,
}

/// Brackets around the text of a node, the longest first.
const BRACKETS: [(&str, &str); 10] = [
    ("(((", ")))"),
    ("((", "))"),
    ("([", "])"),
    ("[[", "]]"),
    ("[(", ")]"),
    ("{{", "}}"),
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    (">", "]"),
];

/// What Mermaid takes for something else where an id stands.
const KEYWORDS: [&str; 9] = [
    "end",
    "graph",
    "flowchart",
    "subgraph",
    "class",
    "classDef",
    "click",
    "style",
    "default",
];

/// Reads a flowchart.
///
/// # Panics
/// When a line is none of Mermaid's, an id is not there or there twice, or a text could end before its quote.
pub(crate) fn read(text: &str) -> Flowchart {
    let mut lines = text.lines().map(str::trim);
    assert_eq!(lines.next(), Some("flowchart TB"));
    let mut chart = Flowchart::default();
    let mut depth = 0;
    for line in lines {
        if line.starts_with("accTitle: ") || line.starts_with("accDescr: ") {
            assert!(
                !line.contains(['#', ';', '%', '{', '}', '<', '"']),
                "{line}"
            );
        } else if let Some(group) = line.strip_prefix("subgraph ") {
            let (id, text) = node(group);
            chart.groups.push((id, text));
            depth += 1;
        } else if line == "end" {
            depth -= 1;
        } else if line != "direction TB" {
            statement(line, &mut chart);
        }
    }
    assert_eq!(depth, 0, "every group ends");
    hold_together(&chart);
    chart
}

fn statement(line: &str, chart: &mut Flowchart) {
    let id_ends = line
        .find(|letter: char| !is_id(letter))
        .expect("more than an id");
    if line.as_bytes()[id_ends] == b' ' {
        chart.arrows.push(arrow(line));
    } else {
        chart.nodes.push(node(line));
    }
}

fn is_id(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn node(line: &str) -> (String, String) {
    let id_ends = line.find(|letter: char| !is_id(letter)).expect("a bracket");
    let (id, rest) = line.split_at(id_ends);
    let inner = BRACKETS
        .iter()
        .find_map(|(open, close)| rest.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or_else(|| panic!("no brackets: {line}"));
    (id.to_owned(), quoted(inner).to_owned())
}

fn arrow(line: &str) -> Arrow {
    let mut words = line.splitn(3, ' ');
    let from = words.next().expect("an id").to_owned();
    let arrow = words.next().expect("an arrow");
    let (arrow, label, to) = match arrow.split_once('|') {
        None => (arrow, "", words.next().expect("an id")),
        Some((arrow, _)) => {
            let (_, rest) = line.split_once('|').expect("a label");
            let (label, to) = rest.rsplit_once("| ").expect("an id after the label");
            (arrow, quoted(label), to)
        }
    };
    assert!(matches!(arrow, "-->" | "==>" | "-.->"), "{line}");
    assert!(to.chars().all(is_id), "{line}");
    Arrow {
        from,
        stroke: arrow.to_owned(),
        label: label.to_owned(),
        to: to.to_owned(),
    }
}

/// The text between quotes, in which nothing is left that Mermaid would read as something else.
fn quoted(text: &str) -> &str {
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let inner = inner.unwrap_or_else(|| panic!("not quoted: {text}"));
    assert!(!inner.is_empty(), "Mermaid wants a text");
    let without_breaks = inner.replace("<br/>", " ");
    assert!(
        !without_breaks.contains(['"', '<', '>', '`', '\\', '%', '&']),
        "{inner}"
    );
    for entity in without_breaks.split('#').skip(1) {
        let (name, _) = entity.split_once(';').expect("an entity ends");
        assert!(
            name == "quot" || name.chars().all(|letter| letter.is_ascii_digit()),
            "{inner}"
        );
    }
    inner
}

fn hold_together(chart: &Flowchart) {
    let all = chart.nodes.iter().chain(&chart.groups);
    let mut ids = BTreeSet::new();
    for (id, _) in all {
        assert!(ids.insert(id.as_str()), "{id} is there twice");
        assert!(
            !KEYWORDS.iter().any(|word| word.eq_ignore_ascii_case(id)),
            "{id}"
        );
    }
    for arrow in &chart.arrows {
        assert!(ids.contains(arrow.from.as_str()), "{arrow:?}");
        assert!(ids.contains(arrow.to.as_str()), "{arrow:?}");
    }
}
