//! The arrows of a stack as they are collected: what is said twice is drawn once.

use super::verb;
use crate::drawing::{Edge, Line};

/// A verb and what it is about: `write processed/, claims/`. No object: all there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    verb: String,
    objects: Vec<String>,
}

impl Label {
    pub(super) fn verb(verb: &str) -> Self {
        Self::of(verb, String::new())
    }

    pub(super) fn of(verb: &str, object: String) -> Self {
        Self {
            verb: verb.to_owned(),
            objects: vec![object],
        }
    }

    fn is_about_all(&self) -> bool {
        self.objects.iter().any(String::is_empty)
    }

    fn text(&self) -> String {
        let objects = if self.is_about_all() {
            String::new()
        } else {
            self.objects.join(", ")
        };
        format!("{} {objects}", self.verb).trim().to_owned()
    }
}

/// An arrow between two nodes, by id.
#[derive(Debug)]
struct Arrow {
    from: String,
    to: String,
    line: Line,
    labels: Vec<Label>,
}

impl Arrow {
    fn add(&mut self, label: Label) {
        match self
            .labels
            .iter_mut()
            .find(|known| known.verb == label.verb)
        {
            Some(known) => {
                let new = label
                    .objects
                    .into_iter()
                    .filter(|object| !known.objects.contains(object));
                let new: Vec<String> = new.collect();
                known.objects.extend(new);
            }
            None => self.labels.push(label),
        }
    }

    fn only_takes(&self) -> bool {
        self.labels.iter().all(|label| verb::takes(&label.verb))
    }
}

/// All arrows, in the order in which they were first said.
#[derive(Debug, Default)]
pub(super) struct Arrows {
    all: Vec<Arrow>,
}

impl Arrows {
    pub(super) fn add(&mut self, from: &str, to: &str, line: Line, label: Label) {
        let same = |arrow: &&mut Arrow| arrow.from == from && arrow.to == to && arrow.line == line;
        if let Some(arrow) = self.all.iter_mut().find(same) {
            return arrow.add(label);
        }
        self.all.push(Arrow {
            from: from.to_owned(),
            to: to.to_owned(),
            line,
            labels: vec![label],
        });
    }

    /// The arrows to draw. A permission that goes with data between the same two is written on the data's arrow.
    pub(super) fn edges(self) -> Vec<Edge> {
        let (permissions, mut drawn): (Vec<Arrow>, Vec<Arrow>) = self
            .all
            .into_iter()
            .partition(|arrow| arrow.line == Line::Use);
        for permission in permissions {
            let takes = permission.only_takes();
            let goes_with = |arrow: &&mut Arrow| {
                arrow.from == permission.from && arrow.to == permission.to
                    || takes
                        && arrow.line == Line::Data
                        && arrow.from == permission.to
                        && arrow.to == permission.from
            };
            match drawn.iter_mut().find(goes_with) {
                // Whoever is sent messages receives them: nothing new.
                Some(arrow) => permission
                    .labels
                    .into_iter()
                    .filter(|label| label.verb != "receive")
                    .for_each(|label| arrow.add(label)),
                None => drawn.push(permission),
            }
        }
        drawn.into_iter().map(edge).collect()
    }
}

fn edge(arrow: Arrow) -> Edge {
    let labels = together(&arrow.labels);
    let labels = labels.iter().map(Label::text);
    Edge {
        backward: arrow.line == Line::Use && arrow.only_takes(),
        labels: labels.filter(|label| !label.is_empty()).collect(),
        from: arrow.from,
        to: arrow.to,
        line: arrow.line,
    }
}

/// What is about the same in one label: `list, read processed/`.
fn together(labels: &[Label]) -> Vec<Label> {
    let mut joined: Vec<Label> = Vec::new();
    for label in labels.iter().filter(|label| !label.verb.is_empty()) {
        let same = |other: &&mut Label| {
            other.objects == label.objects || other.is_about_all() && label.is_about_all()
        };
        match joined.iter_mut().find(same) {
            Some(other) => other.verb = format!("{}, {}", other.verb, label.verb),
            None => joined.push(label.clone()),
        }
    }
    let silent = labels.iter().filter(|label| label.verb.is_empty());
    joined.extend(silent.cloned());
    joined
}
