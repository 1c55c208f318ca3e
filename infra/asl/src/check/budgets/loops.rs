//! Loops that wait: polling without a bound, or until the history is full.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Execution, events};
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{ChoiceRule, Kind, QueryLanguage, State, States};

pub(super) fn check(states: &States<'_>, execution: Execution, findings: &mut Findings) {
    let mut reported: Vec<&str> = Vec::new();
    for wait in states
        .all
        .iter()
        .filter(|state| matches!(state.kind, Kind::Wait))
    {
        let Some(round) = shortest_round(states, wait) else {
            continue;
        };
        let known = round.iter().any(|state| reported.contains(&state.name));
        if known || round.iter().any(|state| counts(state)) {
            continue;
        }
        reported.extend(round.iter().map(|state| state.name));
        match execution.timeout {
            None => findings.warning(
                &wait.pointer,
                code::UNBOUNDED_LOOP,
                format!("nothing ends the loop {} but its luck", names(&round)),
                "count the rounds in a variable and give up after some, or add `TimeoutSeconds` to the machine",
            ),
            Some(timeout) => history(wait, &round, timeout, findings),
        }
    }
}

fn names(round: &[&State<'_>]) -> String {
    let names: Vec<_> = round.iter().map(|state| state.name).collect();
    names.join(", ")
}

/// A loop that only a timeout ends, and whose history is full before that.
fn history(wait: &State<'_>, round: &[&State<'_>], timeout: u64, findings: &mut Findings) {
    let seconds = |state: &&State<'_>| match state.kind {
        Kind::Wait => state.body.get("Seconds")?.as_u64(),
        _ => Some(0),
    };
    let Some(seconds) = round
        .iter()
        .map(seconds)
        .sum::<Option<u64>>()
        .filter(|sum| *sum > 0)
    else {
        return;
    };
    let per_round: u64 = round.iter().map(|state| events::of(state)).sum();
    let events = timeout / seconds * per_round;
    if events > events::MOST {
        findings.warning(
            &wait.pointer,
            code::HISTORY,
            format!(
                "{per_round} events every {seconds} seconds are {events} until the timeout; a history holds {}",
                events::MOST
            ),
            "wait longer in each round, or let the service call back: `.sync`, `.waitForTaskToken`",
        );
    }
}

/// The round with the fewest events that leads from a state back to it.
fn shortest_round<'s, 'a>(
    states: &'s States<'a>,
    start: &'s State<'a>,
) -> Option<Vec<&'s State<'a>>> {
    let mut ways: BTreeMap<&str, (u64, Vec<&State<'a>>)> = BTreeMap::new();
    let mut open = vec![(start, events::of(start), vec![start])];
    while let Some((state, cost, way)) = open.pop() {
        for next in state
            .successors()
            .into_iter()
            .filter_map(|name| states.get(name))
        {
            let cost = cost + events::of(next);
            let better = ways.get(next.name).is_none_or(|(known, _)| cost < *known);
            if !better {
                continue;
            }
            ways.insert(next.name, (cost, way.clone()));
            if next.name != start.name {
                let way = way.iter().copied().chain([next]).collect();
                open.push((next, cost, way));
            }
        }
    }
    ways.remove(start.name).map(|(_, way)| way)
}

/// Whether a state of a loop compares something that grows: a counter, a time.
fn counts(state: &State<'_>) -> bool {
    let Kind::Choice { rules, .. } = &state.kind else {
        return false;
    };
    rules.iter().any(|rule| compares(rule, state.language))
}

fn compares(rule: &ChoiceRule<'_>, language: QueryLanguage) -> bool {
    match language {
        QueryLanguage::JsonPath => orders(rule.body),
        QueryLanguage::Jsonata => {
            let condition = rule.body.get("Condition").and_then(Value::as_str);
            condition.is_some_and(|condition| {
                condition.contains(['<', '>']) || condition.contains("$count(")
            })
        }
    }
}

fn orders(condition: &Map<String, Value>) -> bool {
    condition
        .iter()
        .any(|(field, value)| match (field.as_str(), value) {
            ("Not", Value::Object(inner)) => orders(inner),
            ("And" | "Or", Value::Array(items)) => {
                items.iter().filter_map(Value::as_object).any(orders)
            }
            (field, _) => {
                field.starts_with("Numeric")
                    || field.contains("LessThan")
                    || field.contains("GreaterThan")
            }
        })
}
