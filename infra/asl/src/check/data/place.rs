//! What an expression or path can see where it stands.

use std::collections::BTreeSet;

use jsonata::Shape;

use super::variables::Variables;
use crate::definition::State;

/// What states that run together see: those of the machine, of a branch, or of an iteration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// The input of the execution.
    execution_input: Shape,
    /// The `Map` of the context object, inside of an iteration.
    map: Option<Shape>,
    /// Variables that the states here assign.
    own: BTreeSet<String>,
    /// Variables of the states around, which may be read and not assigned.
    pub(super) outer: BTreeSet<String>,
    /// Variables of the states around a distributed map, which cannot be seen.
    pub(super) hidden: BTreeSet<String>,
}

/// What is there.
#[derive(Clone)]
pub(super) struct Place<'v> {
    /// `$states.input`.
    pub(super) input: Shape,
    /// `$` of a `JSONPath`.
    pub(super) document: Shape,
    /// `$states.result`.
    pub(super) result: Option<Shape>,
    /// `$states.errorOutput`.
    pub(super) error: Option<Shape>,
    /// `$states.context`, `$$`.
    pub(super) context: Shape,
    pub(super) variables: &'v Variables,
    /// Variables around a distributed map.
    pub(super) hidden: &'v BTreeSet<String>,
}

impl Scope {
    pub(super) fn of_machine(execution_input: Shape) -> Self {
        Self {
            execution_input,
            map: None,
            own: BTreeSet::new(),
            outer: BTreeSet::new(),
            hidden: BTreeSet::new(),
        }
    }

    /// With the variables that the states here assign.
    pub(super) fn assigning(&self, own: BTreeSet<String>) -> Self {
        Self {
            own,
            ..self.clone()
        }
    }

    /// A branch or iteration inside: the variables here are outer ones there.
    pub(super) fn inside(&self) -> Self {
        let mut inner = self.clone();
        inner.outer.append(&mut inner.own);
        inner
    }

    /// An iteration of a map.
    pub(super) fn iteration(mut self, item: &Shape) -> Self {
        self.map = Some(map_context(item));
        self
    }

    /// An execution of its own for each iteration: it sees no variables of the outer one.
    pub(super) fn apart(mut self) -> Self {
        self.hidden.append(&mut self.outer);
        self.execution_input = Shape::json();
        self
    }

    /// The context object in a state.
    fn context(&self, state: &State<'_>) -> Shape {
        let mut members = vec![
            (
                "Execution",
                Shape::object([
                    ("Id", Shape::text()),
                    ("Input", self.execution_input.clone()),
                    ("Name", Shape::text_up_to(80)),
                    ("RoleArn", Shape::text()),
                    ("StartTime", Shape::text()),
                    ("RedriveCount", Shape::number()),
                    ("RedriveTime", Shape::text().or_undefined()),
                ]),
            ),
            (
                "State",
                Shape::object([
                    ("EnteredTime", Shape::text()),
                    ("Name", Shape::one_of([state.name])),
                    ("RetryCount", Shape::number()),
                ]),
            ),
            (
                "StateMachine",
                Shape::object([("Id", Shape::text()), ("Name", Shape::text_up_to(80))]),
            ),
        ];
        if state
            .text("Resource")
            .is_some_and(|resource| resource.ends_with(".waitForTaskToken"))
        {
            members.push(("Task", Shape::object([("Token", Shape::text_up_to(2048))])));
        }
        if let Some(map) = &self.map {
            members.push(("Map", map.clone()));
        }
        Shape::object(members)
    }

    /// What the fields of a state see, before it does anything.
    pub(super) fn place<'v>(
        &'v self,
        state: &State<'_>,
        input: &Shape,
        variables: &'v Variables,
    ) -> Place<'v> {
        Place {
            input: input.clone(),
            document: input.clone(),
            result: None,
            error: None,
            context: self.context(state),
            variables,
            hidden: &self.hidden,
        }
    }
}

impl Place<'_> {
    /// With the result of the state.
    pub(super) fn with_result(&self, result: Shape) -> Self {
        Self {
            document: result.clone(),
            result: Some(result),
            ..self.clone()
        }
    }

    /// In a catcher.
    pub(super) fn with_error(&self) -> Self {
        let error = error_output();
        Self {
            document: error.clone(),
            error: Some(error),
            result: None,
            ..self.clone()
        }
    }

    /// In the selector of a map.
    pub(super) fn with_item(&self, item: &Shape) -> Self {
        Self {
            context: self.context.clone().with_field("Map", map_context(item)),
            ..self.clone()
        }
    }

    /// With another `$`.
    pub(super) fn with_document(&self, document: Shape) -> Self {
        Self {
            document,
            ..self.clone()
        }
    }
}

/// What a caught error is: the names of both members are fixed, the cause of a failed function is JSON in a text. Not every
/// error has a cause.
pub(super) fn error_output() -> Shape {
    Shape::object([
        ("Error", Shape::text()),
        ("Cause", Shape::text().or_undefined()),
    ])
}

/// `Key` is there for objects only, `Source` for items that a reader lists.
fn map_context(item: &Shape) -> Shape {
    Shape::object([(
        "Item",
        Shape::object([
            ("Index", Shape::number()),
            ("Value", item.clone()),
            ("Key", Shape::text().or_undefined()),
            ("Source", Shape::text().or_undefined()),
        ]),
    )])
}
