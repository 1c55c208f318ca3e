//! Statements of policy documents.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::alternatives::{Guards, alternatives, items};
use super::arn::Arns;
use super::clause::{Clause, Key};
use super::managed;
use super::operator::{Family, Operator};
use super::pattern::{Pattern, Syntax};
use super::principal::principals;
use super::region::Region;
use super::scope::{Grants, Scope, Source};
use crate::meaning::Meaning;
use crate::template::Template;

/// Statements of more combinations than IAM's own limits let through are not taken apart.
const LARGEST: usize = 10_000;

type Members = BTreeMap<String, Meaning>;

/// A place in a template, and the conditions under which what stands there is deployed.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) guards: Guards,
    pub(super) source: Source,
    /// How ARNs are put together in the template.
    pub(super) arns: Rc<Arns>,
}

impl Place {
    /// A place below this one.
    pub(super) fn below(&self, guards: Guards, path: &str) -> Self {
        let mut place = self.clone();
        place.guards = guards;
        place.source.path.push_str(path);
        place
    }
}

/// Adds what a policy document grants. One that is not understood is opaque.
pub(super) fn add_document(
    document: &Meaning,
    place: &Place,
    template: &Template<'_>,
    grants: &mut Grants,
) {
    for (guards, document) in alternatives(document, &place.guards) {
        let parsed;
        let document = match document {
            Meaning::Scalar(text) => {
                let value: Value = serde_json::from_str(text).unwrap_or_default();
                parsed = Meaning::of(&value, template);
                &parsed
            }
            other => other,
        };
        let Some((members, statements)) = parts(document) else {
            add_opaque(document, place, grants);
            continue;
        };
        let variables = members.get("Version").and_then(Meaning::as_text) == Some("2012-10-17");
        for (number, (guards, statement)) in items(statements, &guards).into_iter().enumerate() {
            let place = place.below(guards, &format!(".Statement[{number}]"));
            add_one(statement, &place, variables, grants);
        }
    }
}

/// Adds one statement. One that is not understood is opaque.
pub(super) fn add_one(statement: &Meaning, place: &Place, variables: bool, grants: &mut Grants) {
    if add_statement(statement, place, variables, grants).is_none() {
        add_opaque(statement, place, grants);
    }
}

fn parts(document: &Meaning) -> Option<(&Members, &Meaning)> {
    let Meaning::Object(members) = document else {
        return None;
    };
    Some((members, members.get("Statement")?))
}

fn add_opaque(meaning: &Meaning, place: &Place, grants: &mut Grants) {
    managed::attach(Pattern::of(meaning, Syntax::default()), place, grants);
}

/// Adds a statement; nothing when it is not understood.
fn add_statement(
    statement: &Meaning,
    place: &Place,
    variables: bool,
    grants: &mut Grants,
) -> Option<()> {
    let Meaning::Object(members) = statement else {
        return None;
    };
    let denies = match members.get("Effect")?.as_text()? {
        "Allow" => false,
        "Deny" => true,
        _ => return None,
    };
    let action = Syntax {
        wildcards: true,
        variables: false,
        ignores_case: true,
    };
    let resource = Syntax {
        wildcards: true,
        variables,
        ignores_case: false,
    };
    let clauses = clauses(members.get("Condition"), variables, &place.arns);
    let principals = principal_regions(members, place, denies)?;
    let actions = regions(members, "Action", "NotAction", place, action)?;
    let resources = regions(members, "Resource", "NotResource", place, resource);
    let resources = resources.unwrap_or_else(|| vec![(Guards::new(), Region::any())]);
    if principals.len() * actions.len() * resources.len() > LARGEST {
        return None;
    }
    let side = if denies {
        &mut grants.denies
    } else {
        &mut grants.allows
    };
    for (of, principal) in &principals {
        for (when, action) in &actions {
            for (also, resource) in &resources {
                let scope = Scope {
                    regions: [principal.clone(), action.clone(), resource.clone()],
                    clauses: [of, when, also, &clauses, &place.guards]
                        .into_iter()
                        .flatten()
                        .cloned()
                        .collect(),
                };
                side.entry(scope).or_insert_with(|| place.source.clone());
            }
        }
    }
    Some(())
}

/// Nothing when who is left out depends on a condition.
fn principal_regions(
    members: &Members,
    place: &Place,
    denies: bool,
) -> Option<Vec<(Guards, Region)>> {
    if let Some(principal) = members.get("Principal") {
        let named = principals(principal, place, denies).into_iter();
        return Some(
            named
                .map(|(guards, pattern)| (guards, Region::from(pattern)))
                .collect(),
        );
    }
    let Some(others) = members.get("NotPrincipal") else {
        return Some(vec![(Guards::new(), Region::any())]);
    };
    let without_guards = place.below(Guards::new(), "");
    let except = principals(others, &without_guards, false);
    if except.iter().any(|(guards, _)| !guards.is_empty()) {
        return None;
    }
    let except = except.into_iter().map(|(_, pattern)| pattern).collect();
    Some(vec![(Guards::new(), Region::all_except(except))])
}

/// What an element names, or all but what its opposite names; nothing when there is neither.
fn regions(
    members: &Members,
    name: &str,
    opposite: &str,
    place: &Place,
    syntax: Syntax,
) -> Option<Vec<(Guards, Region)>> {
    let read = |item: &Meaning| place.arns.pattern(item, syntax);
    if let Some(value) = members.get(name) {
        let found = items(value, &place.guards).into_iter();
        return Some(
            found
                .map(|(guards, item)| (guards, Region::from(read(item))))
                .collect(),
        );
    }
    let except = match members.get(opposite)? {
        Meaning::List(list) => list.iter().map(read).collect(),
        one => vec![read(one)],
    };
    Some(vec![(Guards::new(), Region::all_except(except))])
}

/// The clauses of a condition block.
fn clauses(condition: Option<&Meaning>, variables: bool, arns: &Arns) -> BTreeSet<Clause> {
    let Some(condition) = condition else {
        return BTreeSet::new();
    };
    let Meaning::Object(operators) = condition else {
        return BTreeSet::from([Clause::opaque(condition.clone())]);
    };
    let read = operators.iter().flat_map(|(operator, keys)| match keys {
        Meaning::Object(keys) => (keys.iter())
            .map(|(key, values)| clause(operator, key, values, variables, arns))
            .collect(),
        other => vec![Clause::opaque(other.clone())],
    });
    read.collect()
}

fn clause(operator: &str, key: &str, values: &Meaning, variables: bool, arns: &Arns) -> Clause {
    let operator = Operator::read(operator);
    let syntax = Syntax {
        wildcards: matches!(operator.family, Family::Pattern | Family::Arn),
        variables,
        ignores_case: matches!(operator.family, Family::Truth | Family::Presence),
    };
    let values: BTreeSet<_> = match values {
        Meaning::List(list) => list
            .iter()
            .map(|value| arns.pattern(value, syntax))
            .collect(),
        one => BTreeSet::from([arns.pattern(one, syntax)]),
    };
    if values.is_empty() {
        return Clause::opaque(Meaning::Scalar(key.to_owned()));
    }
    Clause {
        key: Key::Request(key.to_ascii_lowercase()),
        operator,
        values,
    }
}
