//! State machines.

use std::fs;
use std::path::{Path, PathBuf};

use asl::Definition;
use asl::definition::{Kind, States, Transition};
use graph::{Drawing, Look};
use serde_json::Value;

use crate::{assert_reviewed, mermaid, read, svg};

fn drawn(definition: &str) -> Drawing {
    graph::machine(&Definition::read(&read(definition)))
}

/// The definitions that the checker is held against, broken ones too: whatever can be read is drawn.
fn corpus() -> Vec<(PathBuf, Value)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../asl/tests/corpus");
    let mut found = Vec::new();
    for kind in ["broken", "correct"] {
        for entry in fs::read_dir(corpus.join(kind)).expect("the corpus is there") {
            let path = entry.expect("an entry of a folder").path();
            let text = fs::read_to_string(&path).expect("a text");
            found.push((path, read(&text)["definition"].take()));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let drawable = found
        .iter()
        .filter(|(_, definition)| definition["States"].is_object());
    assert!(drawable.count() > 50, "the corpus holds definitions");
    found
}

/// States, and arrows that have to be there: every transition that names a state, every end, every start.
fn counted(states: &States<'_>) -> (usize, usize) {
    let (mut nodes, mut arrows) = (states.all.len(), usize::from(states.start_at.is_some()));
    for state in &states.all {
        arrows += usize::from(state.transition != Transition::None);
        arrows += state
            .catch
            .iter()
            .filter(|catcher| catcher.next.is_some())
            .count();
        if let Kind::Choice { rules, default } = &state.kind {
            arrows += rules.iter().filter(|rule| rule.next.is_some()).count();
            arrows += usize::from(default.is_some());
        }
        for inner in state.inner() {
            let (inner_nodes, inner_arrows) = counted(inner);
            nodes += inner_nodes;
            arrows += inner_arrows;
        }
    }
    (nodes, arrows)
}

#[test]
fn every_state_is_a_node_and_every_transition_an_arrow() {
    for (path, json) in corpus() {
        let definition = Definition::read(&json);
        let drawing = graph::machine(&definition);
        let (states, arrows) = counted(&definition.states);
        let is_state = |look: Look| !matches!(look, Look::Start | Look::End);
        let nodes = drawing.scene.walk();
        let no_such_state =
            |notes: &[String]| notes.iter().any(|note| note.contains("no such state"));
        let drawn = nodes
            .iter()
            .filter(|node| is_state(node.look) && !no_such_state(&node.notes));
        assert_eq!(drawn.count(), states, "{}", path.display());
        assert_eq!(drawing.scene.arrows().len(), arrows, "{}", path.display());

        let chart = mermaid::read(&drawing.to_mermaid());
        assert_eq!(
            chart.nodes.len() + chart.groups.len(),
            nodes.len(),
            "{}",
            path.display()
        );
        assert_eq!(chart.arrows.len(), arrows, "{}", path.display());
        assert_eq!(
            svg::read(&drawing.to_svg()).arrows,
            arrows,
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_same_definition_gives_the_same_bytes() {
    let definition = include_str!("machines/batch.json");
    assert_eq!(drawn(definition).to_svg(), drawn(definition).to_svg());
    assert_eq!(
        drawn(definition).to_mermaid(),
        drawn(definition).to_mermaid()
    );
}

#[test]
fn a_job_that_is_waited_for() {
    assert_reviewed(
        "machine_wait_loop",
        &drawn(include_str!("machines/wait_loop.json")),
    );
}

#[test]
fn maps_branches_retries_and_catchers() {
    assert_reviewed("machine_batch", &drawn(include_str!("machines/batch.json")));
}

#[test]
fn conditions_of_json_path() {
    assert_reviewed(
        "machine_conditions",
        &drawn(include_str!("machines/conditions.yaml")),
    );
}

#[test]
fn a_broken_definition_is_drawn_with_what_is_missing() {
    assert_reviewed(
        "machine_broken",
        &drawn(include_str!("machines/broken.yaml")),
    );
}

#[test]
fn what_is_no_definition_is_an_empty_picture() {
    let drawing = drawn("[]");
    assert_eq!(mermaid::read(&drawing.to_mermaid()).arrows, []);
    assert_eq!(svg::read(&drawing.to_svg()).arrows, 0);
}
