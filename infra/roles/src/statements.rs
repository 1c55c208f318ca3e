//! Statements: what is allowed on the same resources, together.

use std::collections::{BTreeMap, BTreeSet};

use cfn::intrinsics::{join, split, sub, sub_with};
use cfn::{Statement, Value};

use crate::names::SNAKE_STACK;
use crate::needs::{Condition, Needs};

/// A statement that allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Allowed {
    pub(crate) actions: Vec<String>,
    /// Texts for `Fn::Sub`.
    pub(crate) resources: Vec<String>,
    pub(crate) condition: Condition,
}

/// As few statements as the needs can be said in, service by service: what is allowed on `*` first.
pub(crate) fn of(needs: &Needs) -> Vec<Allowed> {
    let mut statements = Vec::new();
    for (condition, actions) in &needs.0 {
        let mut grouped: BTreeMap<(&str, &BTreeSet<String>), Vec<String>> = BTreeMap::new();
        for (action, resources) in actions {
            let service = action.split(':').next().unwrap_or_default();
            let group = grouped.entry((service, resources)).or_default();
            group.push(action.clone());
        }
        let allowed =
            |((_, resources), actions): ((&str, &BTreeSet<String>), Vec<String>)| Allowed {
                actions,
                resources: resources.iter().cloned().collect(),
                condition: condition.clone(),
            };
        statements.extend(grouped.into_iter().map(allowed));
    }
    statements
}

impl Allowed {
    /// The statement in a template with the parameter `StackName`.
    pub(crate) fn statement(&self) -> Statement {
        let resources = self.resources.iter().map(|text| substituted(text));
        let statement = Statement::allow()
            .actions(self.actions.iter().cloned())
            .resources(resources.collect::<Vec<_>>());
        match &self.condition {
            None => statement,
            Some((operator, key, values)) => match values.as_slice() {
                [value] => statement.condition(*operator, *key, substituted(value)),
                values => {
                    let values: Vec<_> = values.iter().map(|value| substituted(value)).collect();
                    statement.condition_any(*operator, *key, values)
                }
            },
        }
    }

    /// Two statements that together allow the same; nothing when there is only one action on one resource.
    pub(crate) fn halves(&self) -> Option<[Self; 2]> {
        let mut halves = [self.clone(), self.clone()];
        let (resources, actions) = (self.resources.len() / 2, self.actions.len() / 2);
        if resources > 0 {
            halves[0].resources.truncate(resources);
            halves[1].resources.drain(..resources);
        } else if actions > 0 {
            halves[0].actions.truncate(actions);
            halves[1].actions.drain(..actions);
        } else {
            return None;
        }
        Some(halves)
    }
}

/// A text of [`Names`](crate::names::Names) as a value.
pub(crate) fn substituted(text: &str) -> Value<String> {
    if !text.contains("${") {
        return cfn::IntoValue::into_value(text);
    }
    if !text.contains(SNAKE_STACK) {
        return sub(text.to_owned());
    }
    let words = split("-", cfn::intrinsics::reference("StackName"));
    sub_with(text.to_owned(), [("SnakeStackName", join("_", words))])
}
