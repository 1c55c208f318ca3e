//! Where states lead: names that are there, states that can be reached, and ends that can be.

use std::collections::{BTreeMap, BTreeSet};

use jsonata::suggestion;

use crate::Pointer;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Kind, State, States, Transition};

/// Step Functions' bound on the name of a state, in characters.
const LONGEST_NAME: usize = 80;

pub(super) fn check(machine: &States<'_>, findings: &mut Findings) {
    let mut names = BTreeMap::new();
    for state in machine.walk() {
        name(state, &mut names, findings);
    }
    scope(machine, &names, findings);
}

type Names<'a> = BTreeMap<&'a str, Pointer>;

fn name<'a>(state: &State<'a>, names: &mut Names<'a>, findings: &mut Findings) {
    let length = state.name.chars().count();
    if length == 0 || length > LONGEST_NAME {
        findings.error(
            &state.pointer,
            code::STATE_NAME,
            format!(
                "the name of a state has 1 to {LONGEST_NAME} characters; this one has {length}"
            ),
            "rename the state, and what leads to it",
        );
    }
    if let Some(first) = names.get(state.name) {
        findings.error(
            &state.pointer,
            code::STATE_NAME,
            format!("another state is named `{}`: {first}", state.name),
            "rename one of them: names are unique in the whole machine, branches and processors included",
        );
    } else {
        names.insert(state.name, state.pointer.clone());
    }
}

fn scope(states: &States<'_>, names: &Names<'_>, findings: &mut Findings) {
    let beside = states.all.iter().map(|state| (state.name, state)).collect();
    let mut sound = states.start_at.is_some();
    if let Some(start) = states.start_at {
        let here = states.pointer.member("StartAt");
        sound &= leads_to(start, &here, &beside, names, findings);
    }
    for state in &states.all {
        for (target, pointer) in transitions(state) {
            sound &= leads_to(target, &pointer, &beside, names, findings);
        }
        sound &= is_complete(state);
        for inner in state.inner() {
            scope(inner, names, findings);
        }
    }
    // A wrong name would make the state that it meant look unreachable.
    if sound {
        let reached = reachable(states, &beside);
        unreachable(states, &reached, findings);
        without_end(states, &reached, findings);
    }
}

/// The states of a scope by name.
type Beside<'s, 'a> = BTreeMap<&'a str, &'s State<'a>>;

/// Every name that a state leads to, and where it is written.
fn transitions<'a>(state: &State<'a>) -> Vec<(&'a str, Pointer)> {
    let mut found = Vec::new();
    if let Transition::Next(next) = state.transition {
        found.push((next, state.pointer.member("Next")));
    }
    if let Kind::Choice { rules, default } = &state.kind {
        for rule in rules {
            found.extend(rule.next.map(|next| (next, rule.pointer.member("Next"))));
        }
        found.extend(default.map(|next| (next, state.pointer.member("Default"))));
    }
    for catcher in &state.catch {
        found.extend(
            catcher
                .next
                .map(|next| (next, catcher.pointer.member("Next"))),
        );
    }
    found
}

fn leads_to(
    target: &str,
    pointer: &Pointer,
    beside: &Beside<'_, '_>,
    names: &Names<'_>,
    findings: &mut Findings,
) -> bool {
    if beside.contains_key(target) {
        return true;
    }
    if let Some(elsewhere) = names.get(target) {
        findings.error(
            pointer,
            code::CROSSES_SCOPE,
            format!("`{target}` is outside this scope: {elsewhere}"),
            "states lead only to states beside them: end the branch or the item here, and go on after the Parallel or Map state",
        );
    } else {
        let message = format!("there is no state `{target}`");
        let help = suggestion::help(target, beside.keys().copied(), "add it");
        findings.error(pointer, code::UNKNOWN_STATE, message, help);
    }
    false
}

/// Whether all that the state leads to is known; what is missing is reported with its fields.
fn is_complete(state: &State<'_>) -> bool {
    match &state.kind {
        Kind::Unknown(_) => false,
        Kind::Choice { rules, .. } => rules.iter().all(|rule| rule.next.is_some()),
        Kind::Succeed | Kind::Fail => true,
        _ => state.transition != Transition::None,
    }
}

fn reachable<'a>(states: &States<'a>, beside: &Beside<'_, 'a>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<_> = states.start_at.into_iter().collect();
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            let state = beside.get(name);
            open.extend(state.into_iter().flat_map(|state| state.successors()));
        }
    }
    reached
}

/// One finding for a chain: what follows an unreachable state needs no mention of its own.
fn unreachable(states: &States<'_>, reached: &BTreeSet<&str>, findings: &mut Findings) {
    let lost: Vec<_> = states
        .all
        .iter()
        .filter(|state| !reached.contains(state.name))
        .collect();
    let led_to: BTreeSet<_> = lost
        .iter()
        .flat_map(|state| {
            state
                .successors()
                .into_iter()
                .filter(|next| *next != state.name)
        })
        .collect();
    let mut heads: Vec<_> = lost
        .iter()
        .filter(|state| !led_to.contains(state.name))
        .collect();
    if heads.is_empty() {
        heads.extend(lost.first());
    }
    for state in heads {
        findings.error(
            &state.pointer,
            code::UNREACHABLE,
            format!("no state leads to `{}`", state.name),
            "lead to it with `Next`, `Default`, a choice or a catcher, or remove it",
        );
    }
}

fn without_end(states: &States<'_>, reached: &BTreeSet<&str>, findings: &mut Findings) {
    let mut leading_to: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for state in &states.all {
        for next in state.successors() {
            leading_to.entry(next).or_default().push(state.name);
        }
    }
    let mut ending = BTreeSet::new();
    let ends = states.all.iter().filter(|state| is_end(state));
    let mut open: Vec<_> = ends.map(|state| state.name).collect();
    while let Some(name) = open.pop() {
        if ending.insert(name) {
            open.extend(leading_to.get(name).into_iter().flatten());
        }
    }
    let trapped: Vec<_> = states
        .all
        .iter()
        .map(|state| (state, state.name))
        .filter(|(_, name)| reached.contains(name) && !ending.contains(name))
        .collect();
    if let [(first, _), ..] = trapped[..] {
        let names: Vec<_> = trapped.iter().map(|(_, name)| *name).collect();
        findings.error(
            &first.pointer,
            code::NO_END,
            format!("an execution never leaves {}", names.join(", ")),
            "let one of these states end, or lead to a state that does",
        );
    }
}

fn is_end(state: &State<'_>) -> bool {
    state.transition == Transition::End || matches!(state.kind, Kind::Succeed | Kind::Fail)
}
