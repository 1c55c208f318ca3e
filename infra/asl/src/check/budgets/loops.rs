//! Loops that wait: polling without a bound, or until the history is full.

use std::collections::BTreeMap;

use petgraph::algo::{astar, kosaraju_scc};
use petgraph::graphmap::DiGraphMap;
use serde_json::{Map, Value};

use super::{Execution, events};
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{ChoiceRule, Kind, QueryLanguage, State, States};

pub(super) fn check(states: &States<'_>, execution: Execution, findings: &mut Findings) {
    let ways = ways(states);
    for group in kosaraju_scc(&ways) {
        if let [alone] = group[..]
            && !ways.contains_edge(alone, alone)
        {
            continue;
        }
        let mut members = states
            .all
            .iter()
            .filter(|state| group.contains(&state.name));
        let Some(wait) = members.find(|state| matches!(state.kind, Kind::Wait)) else {
            continue;
        };
        let Some(round) = shortest_round(&ways, wait, states) else {
            continue;
        };
        if round.iter().any(|state| counts(state)) {
            continue;
        }
        match execution.timeout {
            None => findings.warning(
                &wait.pointer,
                code::UNBOUNDED_LOOP,
                format!("nothing bounds the loop {}: it may go round for a year", names(&round)),
                "count the rounds in a variable and give up after some, or add `TimeoutSeconds` to the machine",
            ),
            Some(timeout) => history(wait, &round, timeout, findings),
        }
    }
}

/// Which states lead to which, each way with the events of the state it leads to.
type Ways<'a> = DiGraphMap<&'a str, u64>;

fn ways<'a>(states: &States<'a>) -> Ways<'a> {
    let costs: BTreeMap<_, _> = states
        .all
        .iter()
        .map(|state| (state.name, events::of(state)))
        .collect();
    let mut ways = Ways::new();
    for state in &states.all {
        for next in state.successors() {
            if let Some(cost) = costs.get(next) {
                ways.add_edge(state.name, next, *cost);
            }
        }
    }
    ways
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
    ways: &Ways<'a>,
    start: &State<'a>,
    states: &'s States<'a>,
) -> Option<Vec<&'s State<'a>>> {
    let back = |first| {
        astar(
            ways,
            first,
            |name| name == start.name,
            |(_, _, cost)| *cost,
            |_| 0,
        )
    };
    let rounds = ways.neighbors(start.name).filter_map(back);
    let (_, names) = rounds.min_by_key(|(cost, _)| *cost)?;
    // The way back ends with the state itself; the round begins with it.
    let (last, others) = names.split_last()?;
    let round = std::iter::once(last).chain(others);
    Some(round.filter_map(|name| states.get(name)).collect())
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
