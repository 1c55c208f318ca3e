//! Other names, fewer columns, and a row for each prompt.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use tables::input::{Batches, Routing};

use crate::memory::{Grid, grid, open};

const TABLE: &str = "category,text\nnews,a\nreview,b\nother,c\n,d\n";

fn table() -> Batches {
    open("t.csv", TABLE).unwrap()
}

fn lists(prompts: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let owned = |list: &[&str]| list.iter().map(|&prompt| prompt.to_owned()).collect();
    prompts
        .iter()
        .map(|(value, list)| ((*value).to_owned(), owned(list)))
        .collect()
}

fn routing(prompts: &[(&str, &[&str])], default: &[&str]) -> Routing {
    Routing {
        column: "category".to_owned(),
        prompts: lists(prompts),
        default: default.iter().map(|&prompt| prompt.to_owned()).collect(),
    }
}

fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect()
}

/// `id text prompt` of each row, without the part of the id that all have in common.
fn routed(table: Batches, routing: &Routing) -> Vec<String> {
    let (columns, rows) = grid(table.expanded(routing, "run").unwrap()).unwrap();
    assert_eq!(columns, ["record_id", "category", "text", "prompt_id"]);
    let cell = |cell: &Option<String>| cell.clone().unwrap_or("-".to_owned());
    rows.iter()
        .map(|row| {
            let id = cell(&row[0]);
            let (_, id) = id.split_once("-00000000").unwrap();
            format!("{id} {} {}", cell(&row[2]), cell(&row[3]))
        })
        .collect()
}

#[test]
fn columns_are_renamed_and_may_exchange_names() {
    let exchanged = table()
        .renamed(&names(&[("category", "text"), ("text", "category")]))
        .unwrap();
    let (columns, rows) = grid(exchanged).unwrap();
    assert_eq!(columns, ["text", "category"]);
    assert_eq!(rows[0], [Some("news".to_owned()), Some("a".to_owned())]);
}

#[test]
fn impossible_names_are_refused() {
    let refusal = |pairs: &[(&str, &str)]| {
        let refused = table().renamed(&names(pairs));
        refused.err().unwrap().to_string()
    };
    assert_eq!(
        refusal(&[("topic", "x")]),
        "the table has no column `topic`; it has `category`, `text`"
    );
    assert!(refusal(&[("category", "text")]).contains("names `text` twice"));
    assert!(refusal(&[("category", " ")]).contains("column 1 of the header has no name"));
}

#[test]
fn columns_are_left_out_but_not_all() {
    let (columns, rows) = grid(table().without(&["category", "unknown"]).unwrap()).unwrap();
    assert_eq!((columns, rows.len()), (vec!["text".to_owned()], 4));
    let refused = table().without(&["category", "text"]).err().unwrap();
    assert!(refused.to_string().starts_with("no column is left"));
    assert_eq!(table().without(&["text"]).unwrap().count_rows().unwrap(), 4);
}

#[test]
fn values_lead_to_prompts_and_the_rest_to_the_default() {
    let one_each = routing(&[("news", &["sum"]), ("review", &["mood"])], &["joke"]);
    assert_eq!(
        routed(table(), &one_each),
        ["00 a sum", "01 b mood", "02 c joke", "03 d joke"]
    );
    let several = routing(&[("news", &["sum"]), ("review", &["mood", "sum"])], &[]);
    assert_eq!(
        routed(table(), &several),
        [
            "00-001 a sum",
            "01-001 b mood",
            "01-002 b sum",
            "02-001 c -",
            "03-001 d -"
        ]
    );
}

#[test]
fn without_prompts_the_column_holds_them() {
    assert_eq!(
        routed(table(), &routing(&[], &["joke"])),
        ["00 a news", "01 b review", "02 c other", "03 d joke"]
    );
    let own = open("t.csv", "prompt_id,record_id\njoke,x\n,y\n").unwrap();
    let routing = Routing {
        column: "prompt_id".to_owned(),
        ..Routing::default()
    };
    let (columns, rows) = grid(own.expanded(&routing, "run").unwrap()).unwrap();
    assert_eq!(columns, ["record_id", "prompt_id"]);
    assert_eq!(rows[0][1].as_deref(), Some("joke"));
    assert_eq!(rows[1], [Some("y".to_owned()), None]);
}

#[test]
fn what_cannot_be_routed_is_refused() {
    let refusal = |text: &'static str, routing: &Routing| {
        let expanded = open("t.csv", text).unwrap().expanded(routing, "run");
        expanded.and_then(grid).unwrap_err().to_string()
    };
    let plain = routing(&[("news", &["sum"])], &[]);
    assert!(refusal("topic\na\n", &plain).starts_with("the table has no column `category`"));
    assert!(refusal("category,prompt_id\na,b\n", &plain).contains("a column `prompt_id`"));
    assert!(
        refusal("category,record_id\na,\n", &plain).starts_with("`record_id` is empty in row 1")
    );
    let many = Routing {
        default: vec!["joke".to_owned(); 1_000],
        ..plain
    };
    assert!(refusal("category\na\n", &many).contains("leads to 1000 prompts"));
}

fn ids(grid: &Grid) -> Vec<String> {
    grid.1.iter().map(|row| row[0].clone().unwrap()).collect()
}

proptest! {
    #[test]
    fn ids_are_unique_and_the_same_every_time(
        rows in vec(("[a-c]", "[ab](-00[12]){0,2}"), 1..30),
        prompts in proptest::collection::btree_map("[a-c]", vec("[xyz]", 0..4), 0..3),
        default in vec("[xyz]", 0..3),
    ) {
        let mut seen = BTreeSet::new();
        let rows: Vec<_> = rows.into_iter().filter(|(_, id)| seen.insert(id.clone())).collect();
        let text = rows.iter().fold("category,record_id\n".to_owned(), |text, (value, id)| {
            text + value + "," + id + "\n"
        });
        let routing = Routing { column: "category".to_owned(), prompts, default };
        let expand = || {
            let table = open("t.csv", text.clone()).unwrap();
            grid(table.expanded(&routing, "run").unwrap()).unwrap()
        };
        let first = expand();
        let expected: usize = rows.iter()
            .map(|(value, _)| routing.prompts_of(Some(value)).len().max(1))
            .sum();
        prop_assert_eq!(first.1.len(), expected);
        let table = open("t.csv", text.clone()).unwrap();
        prop_assert_eq!(table.expanded(&routing, "run").unwrap().count_rows().unwrap(), expected as u64);
        let unique: BTreeSet<_> = ids(&first).into_iter().collect();
        prop_assert_eq!(unique.len(), expected);
        prop_assert_eq!(expand(), first);
    }
}
