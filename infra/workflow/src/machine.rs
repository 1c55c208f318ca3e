//! A state machine: its definition, and what the definition needs around it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use asl::check::{MachineType, Severity};
use cfn::{Statement, Value};
use schemars::JsonSchema;
use serde_json::{Map, Value as Json, json};

use crate::emit::{self, States};
use crate::node::{Node, Root};
use crate::permission::statements;
use crate::store::{Collected, Store};
use crate::{Expr, Flow, Problem, schema};

/// State names are no longer, in characters.
const LONGEST_STATE_NAME: usize = 80;

/// A state machine that takes an `I` and answers an `O`.
#[must_use = "a machine exists once it is added to a stack"]
pub struct Machine<I, O> {
    name: String,
    states: Map<String, Json>,
    locations: BTreeMap<String, &'static Location<'static>>,
    collected: Collected,
    comment: Option<String>,
    timeout: Option<Duration>,
    express: bool,
    location: &'static Location<'static>,
    of: PhantomData<fn(I) -> O>,
}

impl<I: JsonSchema, O> Machine<I, O> {
    /// Describes a machine: the closure adds the steps, and what it gives is what the machine answers.
    #[track_caller]
    pub fn new(
        name: impl Into<String>,
        body: impl for<'s> FnOnce(&mut Flow<'s, 's>, Expr<'s, I>) -> Expr<'s, O>,
    ) -> Self {
        let (name, location) = (name.into(), Location::caller());
        let store = Store::default();
        let block = Flow::own_execution(&store, |flow| {
            let input = Expr::add(flow.store, Node::Root(Root::Input));
            body(flow, input)
        });
        let states = emit::machine(&store, &block, &name, location);
        let locations = check_names(&store, &states);
        store.schemas(|schemas| schemas.input = Some(schema::read_as::<I>()));
        Self {
            name,
            states: states.into_fields(),
            locations,
            collected: store.collected(),
            comment: None,
            timeout: None,
            express: false,
            location,
            of: PhantomData,
        }
    }
}

impl<I, O> Machine<I, O> {
    /// Says what the machine is for.
    pub fn comment(mut self, comment: &str) -> Self {
        self.comment = Some(comment.to_owned());
        self
    }

    /// The longest an execution may take.
    pub fn timeout(mut self, timeout: impl Into<Duration>) -> Self {
        self.timeout = Some(timeout.into());
        self
    }

    /// Makes it an express machine: up to five minutes, at least once, paid by duration. It cannot wait for others.
    pub fn express(mut self) -> Self {
        self.express = true;
        self
    }

    /// Its name in the stack.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is an express machine.
    pub fn is_express(&self) -> bool {
        self.express
    }

    /// The definition, with `${Name}` for what is known at deployment.
    pub fn definition(&self) -> Json {
        let mut definition = Map::new();
        if let Some(comment) = &self.comment {
            definition.insert("Comment".to_owned(), json!(comment));
        }
        definition.insert("QueryLanguage".to_owned(), json!("JSONata"));
        if let Some(timeout) = self.timeout {
            definition.insert("TimeoutSeconds".to_owned(), json!(timeout.as_secs()));
        }
        definition.extend(self.states.clone());
        Json::Object(definition)
    }

    /// What stands for each `${Name}`.
    pub fn substitutions(&self) -> &BTreeMap<String, Value<String>> {
        &self.collected.substitutions
    }

    /// What the role must allow. `physical_name` is the deployed machine's name, as text for `Fn::Sub`: a role cannot refer
    /// to the machine that has it.
    pub fn statements(&self, physical_name: &str) -> Vec<Statement> {
        statements(&self.collected.permissions, physical_name)
    }

    /// What is known of the data, for the checker.
    pub fn schemas(&self) -> &asl::Schemas {
        &self.collected.schemas
    }

    /// Mistakes in the description, and what the checker calls an error in the definition, each with the line of its step.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.collected.problems.clone();
        let kind = if self.express {
            MachineType::Express
        } else {
            MachineType::Standard
        };
        let report = asl::check::check_as(kind, &self.definition(), self.schemas());
        let errors = report.findings.into_iter();
        let errors = errors.filter(|finding| finding.severity == Severity::Error);
        problems.extend(errors.map(|finding| Problem {
            message: format!(
                "{} at {}: {}; {}",
                finding.code, finding.pointer, finding.message, finding.help
            ),
            location: self.line_of(finding.pointer.as_str()),
        }));
        problems
    }

    /// The line of the innermost state that a pointer leads through.
    fn line_of(&self, pointer: &str) -> &'static Location<'static> {
        let names = pointer.rsplit("/States/");
        let names = names.filter_map(|rest| rest.split('/').next());
        let names = names.map(|name| name.replace("~1", "/").replace("~0", "~"));
        let mut known = names.filter_map(|name| self.locations.get(&name).copied());
        known.next().unwrap_or(self.location)
    }
}

impl<I, O> fmt::Debug for Machine<I, O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Machine").field(&self.name).finish()
    }
}

/// Refuses names that Step Functions would not take; gives the line of each.
fn check_names(store: &Store, states: &States) -> BTreeMap<String, &'static Location<'static>> {
    let mut lines = BTreeMap::new();
    let mut told = BTreeSet::new();
    for named in states.names() {
        let length = named.name.chars().count();
        if length > LONGEST_STATE_NAME || length == 0 {
            let message = format!(
                "`{}` has {length} characters: the name of a step has 1 to {LONGEST_STATE_NAME}",
                named.name
            );
            store.problem(named.location, message);
        }
        if lines.contains_key(&named.name) && told.insert(named.name.clone()) {
            let message = format!(
                "another step is called `{}`, too: names are unique in the whole machine",
                named.name
            );
            store.problem(named.location, message);
        }
        lines.entry(named.name).or_insert(named.location);
    }
    lines
}
