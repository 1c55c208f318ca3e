//! Draws a state machine.

mod condition;
mod notes;

use asl::Definition;
use asl::definition::{Kind, State, States, Transition};

use crate::drawing::{Drawing, Edge, Ids, Line, Node, Scene};
use crate::look::Look;
use crate::words::{first_and_more, summary};

/// Draws a state machine: its states by type, every transition, and what is caught.
///
/// Whatever was read is drawn. A state that is named and not there is shown as missing.
pub fn machine(definition: &Definition<'_>) -> Drawing {
    let scene = scene(&definition.states, &mut Ids::default());
    let states = definition.states.walk().len();
    Drawing {
        title: "State machine".to_owned(),
        summary: summary(
            definition.comment().unwrap_or_default(),
            &format!("State machine with {states} states"),
        ),
        scene,
    }
}

/// The states of a machine, branch or processor between a start and, where some state ends it, an end.
fn scene(states: &States<'_>, ids: &mut Ids) -> Scene {
    let mut names = Names::default();
    let mut scene = Scene::default();
    let start = point(Look::Start, "start", ids);
    let start_id = start.id.clone();
    scene.nodes.push(start);
    for state in &states.all {
        let id = ids.take(state.name);
        names.known.push((state.name.to_owned(), id.clone()));
        scene.nodes.push(node(state, id, ids));
    }
    let mut arrows = Arrows {
        names,
        ids,
        scene,
        end: None,
    };
    if let Some(first) = states.start_at {
        arrows.draw(&start_id, first, Line::Flow, Vec::new());
    }
    for state in &states.all {
        arrows.leave(state);
    }
    arrows.scene
}

fn node(state: &State<'_>, id: String, ids: &mut Ids) -> Node {
    let look = match &state.kind {
        Kind::Task(_) => Look::Task,
        Kind::Pass => Look::Pass,
        Kind::Choice { .. } => Look::Choice,
        Kind::Wait => Look::Wait,
        Kind::Succeed => Look::Succeed,
        Kind::Fail => Look::Fail,
        Kind::Map(_) | Kind::Parallel(_) => Look::Group,
        Kind::Unknown(_) => Look::Missing,
    };
    Node {
        id,
        look,
        title: state.name.to_owned(),
        notes: notes::of(state),
        inside: state
            .inner()
            .iter()
            .map(|inner| scene(inner, ids))
            .collect(),
    }
}

fn point(look: Look, name: &str, ids: &mut Ids) -> Node {
    Node {
        id: ids.take(name),
        look,
        title: String::new(),
        notes: Vec::new(),
        inside: Vec::new(),
    }
}

/// The ids of the states of one scene, by name.
#[derive(Default)]
struct Names {
    known: Vec<(String, String)>,
}

/// Draws the transitions of one scene.
struct Arrows<'i> {
    names: Names,
    ids: &'i mut Ids,
    scene: Scene,
    end: Option<String>,
}

impl Arrows<'_> {
    /// Every way out of a state.
    fn leave(&mut self, state: &State<'_>) {
        let from = self.id(state.name);
        match state.transition {
            Transition::Next(next) => self.draw(&from, next, Line::Flow, Vec::new()),
            Transition::End => self.draw_end(&from),
            Transition::None => {}
        }
        if let Kind::Choice { rules, default } = &state.kind {
            for rule in rules {
                if let Some(next) = rule.next {
                    let label = condition::shortened(rule.body);
                    self.draw(&from, next, Line::Flow, vec![label]);
                }
            }
            if let Some(next) = default {
                self.draw(&from, next, Line::Flow, vec!["default".to_owned()]);
            }
        }
        for catcher in &state.catch {
            if let Some(next) = catcher.next {
                let label = first_and_more(&catcher.errors);
                self.draw(&from, next, Line::Failure, vec![label]);
            }
        }
    }

    fn draw(&mut self, from: &str, name: &str, line: Line, labels: Vec<String>) {
        let to = self.id(name);
        let mut edge = Edge::new(from, &to, line);
        edge.labels = labels;
        self.scene.edges.push(edge);
    }

    fn draw_end(&mut self, from: &str) {
        if self.end.is_none() {
            let end = point(Look::End, "finish", self.ids);
            self.end = Some(end.id.clone());
            self.scene.nodes.push(end);
        }
        if let Some(end) = &self.end {
            self.scene.edges.push(Edge::new(from, end, Line::Flow));
        }
    }

    /// The id of the state of this name, which is drawn as missing if there is none.
    fn id(&mut self, name: &str) -> String {
        if let Some((_, id)) = self.names.known.iter().find(|known| known.0 == name) {
            return id.clone();
        }
        let id = self.ids.take(name);
        self.names.known.push((name.to_owned(), id.clone()));
        self.scene.nodes.push(Node {
            id: id.clone(),
            look: Look::Missing,
            title: name.to_owned(),
            notes: vec!["there is no such state here".to_owned()],
            inside: Vec::new(),
        });
        id
    }
}
