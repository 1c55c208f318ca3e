//! One state.

use serde_json::{Map, Value};

use super::handlers::{catchers, retriers};
use super::{Catcher, QueryLanguage, Retrier, States, language_of, list, text};
use crate::Pointer;

/// A state.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is.
    pub pointer: Pointer,
    /// The language of its paths and expressions, its own or the machine's.
    pub language: QueryLanguage,
    /// What it does.
    pub kind: Kind<'a>,
    /// What comes after it.
    pub transition: Transition<'a>,
    /// What is tried again, in order.
    pub retry: Vec<Retrier<'a>>,
    /// Where errors lead, in order.
    pub catch: Vec<Catcher<'a>>,
    /// All fields, for those that are read nowhere else: `Arguments`, `Output`, `Assign`, `InputPath`, `ResultSelector` ...
    pub body: &'a Map<String, Value>,
}

/// What comes after a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition<'a> {
    /// Another state.
    Next(&'a str),
    /// The end of the machine, branch or iteration.
    End,
    /// Neither: `Choice`, `Succeed` and `Fail`, or a state that is not finished.
    None,
}

/// What a state does.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// Hands its input on, perhaps reshaped.
    Pass,
    /// Calls a service.
    Task(Integration<'a>),
    /// Goes one of several ways.
    Choice {
        /// The ways, in order.
        rules: Vec<ChoiceRule<'a>>,
        /// Where it goes when no rule fits.
        default: Option<&'a str>,
    },
    /// Waits.
    Wait,
    /// Ends the machine well, or the branch or iteration.
    Succeed,
    /// Ends the machine with an error.
    Fail,
    /// Does several things at once.
    Parallel(Vec<States<'a>>),
    /// Does the same with every item.
    Map(MapState<'a>),
    /// No type, or one that is unknown.
    Unknown(Option<&'a str>),
}

/// What a `Task` calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integration<'a> {
    /// The resource ARN; empty when there is none.
    pub resource: &'a str,
}

/// A rule of a `Choice`.
#[derive(Clone, Debug)]
pub struct ChoiceRule<'a> {
    /// Where it is.
    pub pointer: Pointer,
    /// Where it leads.
    pub next: Option<&'a str>,
    /// All fields: `Condition` (JSONata); `Variable`, the comparison, `And`, `Or`, `Not` (`JSONPath`); `Assign`, `Output`.
    pub body: &'a Map<String, Value>,
}

/// A `Map`.
#[derive(Clone, Debug)]
pub struct MapState<'a> {
    /// The states that every item goes through: `ItemProcessor`, or `Iterator` in old definitions.
    pub processor: Option<States<'a>>,
    /// Where the iterations run.
    pub mode: ProcessorMode,
}

/// Where the iterations of a `Map` run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessorMode {
    /// In the same execution.
    Inline,
    /// In executions of their own; they see no variables of the outer one.
    Distributed,
}

impl<'a> State<'a> {
    pub(super) fn read(
        name: &'a str,
        body: &'a Map<String, Value>,
        pointer: Pointer,
        machine: QueryLanguage,
    ) -> Self {
        let language = language_of(body).unwrap_or(machine);
        Self {
            name,
            language,
            // The states inside take the language of the machine, not that of the state around them.
            kind: Kind::read(body, &pointer, machine),
            transition: Transition::read(body),
            retry: retriers(body, &pointer),
            catch: catchers(body, &pointer),
            pointer,
            body,
        }
    }

    /// The states inside: branches, or the processor of a map.
    pub fn inner(&self) -> &[States<'a>] {
        match &self.kind {
            Kind::Parallel(branches) => branches,
            Kind::Map(map) => map.processor.as_slice(),
            _ => &[],
        }
    }

    /// Every state that may come next, by name: after it, by its rules, by its catchers.
    pub fn successors(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        if let Transition::Next(next) = self.transition {
            names.push(next);
        }
        if let Kind::Choice { rules, default } = &self.kind {
            names.extend(rules.iter().filter_map(|rule| rule.next));
            names.extend(default);
        }
        names.extend(self.catch.iter().filter_map(|catcher| catcher.next));
        names
    }

    /// A field that is a text.
    pub fn text(&self, field: &str) -> Option<&'a str> {
        text(self.body, field)
    }
}

impl<'a> Transition<'a> {
    fn read(body: &'a Map<String, Value>) -> Self {
        if let Some(next) = text(body, "Next") {
            return Self::Next(next);
        }
        match body.get("End") {
            Some(Value::Bool(true)) => Self::End,
            _ => Self::None,
        }
    }
}

impl<'a> Kind<'a> {
    fn read(body: &'a Map<String, Value>, pointer: &Pointer, language: QueryLanguage) -> Self {
        match text(body, "Type") {
            Some("Pass") => Self::Pass,
            Some("Task") => Self::Task(Integration {
                resource: text(body, "Resource").unwrap_or_default(),
            }),
            Some("Choice") => Self::Choice {
                rules: rules(body, pointer),
                default: text(body, "Default"),
            },
            Some("Wait") => Self::Wait,
            Some("Succeed") => Self::Succeed,
            Some("Fail") => Self::Fail,
            Some("Parallel") => Self::Parallel(branches(body, pointer, language)),
            Some("Map") => Self::Map(MapState::read(body, pointer, language)),
            other => Self::Unknown(other),
        }
    }

    /// The `Type` in a definition.
    pub fn name(&self) -> &'a str {
        match self {
            Self::Pass => "Pass",
            Self::Task(_) => "Task",
            Self::Choice { .. } => "Choice",
            Self::Wait => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
            Self::Unknown(name) => name.unwrap_or_default(),
        }
    }
}

fn rules<'a>(body: &'a Map<String, Value>, pointer: &Pointer) -> Vec<ChoiceRule<'a>> {
    let pointer = pointer.member("Choices");
    let read = |(index, rule): (usize, &'a Value)| {
        let body = rule.as_object()?;
        Some(ChoiceRule {
            pointer: pointer.item(index),
            next: text(body, "Next"),
            body,
        })
    };
    let all = list(body, "Choices").iter().enumerate();
    all.filter_map(read).collect()
}

fn branches<'a>(
    body: &'a Map<String, Value>,
    pointer: &Pointer,
    language: QueryLanguage,
) -> Vec<States<'a>> {
    let pointer = pointer.member("Branches");
    let read = |(index, branch): (usize, &'a Value)| {
        Some(States::read(
            branch.as_object()?,
            pointer.item(index),
            language,
        ))
    };
    let all = list(body, "Branches").iter().enumerate();
    all.filter_map(read).collect()
}

impl<'a> MapState<'a> {
    fn read(body: &'a Map<String, Value>, pointer: &Pointer, language: QueryLanguage) -> Self {
        let processor = ["ItemProcessor", "Iterator"]
            .into_iter()
            .find_map(|field| Some((field, body.get(field)?.as_object()?)));
        let mode = processor
            .and_then(|(_, processor)| processor.get("ProcessorConfig")?.get("Mode")?.as_str());
        Self {
            processor: processor
                .map(|(field, processor)| States::read(processor, pointer.member(field), language)),
            mode: match mode {
                Some("DISTRIBUTED") => ProcessorMode::Distributed,
                _ => ProcessorMode::Inline,
            },
        }
    }
}

impl<'a> Integration<'a> {
    /// The action `lambda:invoke` of `arn:aws:states:::lambda:invoke.waitForTaskToken`, and the pattern `waitForTaskToken`.
    /// None for a Lambda function or an activity that is named by its own ARN.
    pub fn service(self) -> Option<(&'a str, Option<&'a str>)> {
        let (_, action) = self.resource.split_once(":states:::")?;
        let pattern = [".sync:2", ".sync", ".waitForTaskToken"]
            .into_iter()
            .find(|pattern| action.ends_with(pattern));
        Some(match pattern {
            Some(pattern) => (
                action.strip_suffix(pattern).unwrap_or(action),
                Some(&pattern[1..]),
            ),
            None => (action, None),
        })
    }
}
