//! The data that reaches each state, and what the states do with it.
//!
//! A first pass follows the data from the start until nothing new reaches any state, loops included; it reports nothing. A
//! second one goes through every state once, with all that may reach it, and reports.

mod assign;
mod choice;
mod expression;
mod field;
mod flow;
mod intrinsic;
mod jsonata_state;
mod jsonpath_state;
mod known;
mod map;
mod needed;
mod parallel;
mod path;
mod place;
mod sink;
mod state;
mod task;
mod template;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use jsonata::Shape;

use super::Schemas;
use super::findings::Findings;
use super::flows::Flows;
use crate::{Definition, Pointer};
use flow::{Data, Followed};
use known::Known;
use place::Scope;
use sink::Sink;

/// Follows the data through a definition; returns what reaches each state.
pub(super) fn check(
    definition: &Definition<'_>,
    schemas: &Schemas,
    findings: &mut Findings,
) -> Flows {
    let mut sink = Sink::new(findings);
    let known = Known::read(schemas, &mut sink);
    let mut assigned = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for state in definition.states.walk() {
        assigned.extend(variables::assigned_by(state));
        asked.extend(needed::asked_by(state));
    }
    let input = known.input();
    let scope = Scope::of_machine(input.clone());
    let mut check = Check {
        sink,
        known,
        assigned,
        asked,
        flows: Flows::default(),
        followed: BTreeMap::new(),
    };
    check.states(&definition.states, Data::of(input), &scope);
    check.flows
}

/// A check under way.
struct Check<'f> {
    sink: Sink<'f>,
    known: Known,
    /// Every variable that is assigned somewhere.
    assigned: BTreeSet<String>,
    /// Every name that a `Choice` asks about.
    asked: BTreeSet<String>,
    flows: Flows,
    /// What was found for branches and iterations, by their place.
    followed: BTreeMap<Pointer, Followed>,
}

/// A shape that has a value.
fn there(shape: Shape) -> Shape {
    if shape.may_be_defined() {
        shape.defined()
    } else {
        Shape::json()
    }
}
