//! Where states lead: names that are there, states that can be reached, and ends that can be.

use std::collections::{BTreeMap, BTreeSet};

use crate::Pointer;
use crate::check::code;
use crate::check::findings::Findings;
use crate::check::suggestion;
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
    let mut sound = states.start_at.is_some();
    if let Some(start) = states.start_at {
        sound &= leads_to(
            start,
            &states.pointer.member("StartAt"),
            states,
            names,
            findings,
        );
    }
    for state in &states.all {
        for (target, pointer) in transitions(state) {
            sound &= leads_to(target, &pointer, states, names, findings);
        }
        sound &= is_complete(state);
        for inner in state.inner() {
            scope(inner, names, findings);
        }
    }
    // A wrong name would make the state that it meant look unreachable.
    if sound {
        let reached = reachable(states, findings);
        without_end(states, &reached, findings);
    }
}

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
    states: &States<'_>,
    names: &Names<'_>,
    findings: &mut Findings,
) -> bool {
    if states.get(target).is_some() {
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
        let known: Vec<_> = states.all.iter().map(|state| state.name).collect();
        let message = format!("there is no state `{target}`");
        let help = suggestion::help(target, known);
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

fn reachable<'a>(states: &States<'a>, findings: &mut Findings) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    follow(states, states.start_at, &mut reached);
    // One finding for a chain: what follows an unreachable state needs no mention of its own.
    let followers: BTreeSet<_> = unreached(states, &reached)
        .flat_map(|state| {
            state
                .successors()
                .into_iter()
                .filter(|next| *next != state.name)
        })
        .collect();
    let heads = unreached(states, &reached).filter(|state| !followers.contains(state.name));
    let mut heads: Vec<_> = heads.collect();
    if heads.is_empty() {
        heads.extend(unreached(states, &reached).next());
    }
    for state in heads {
        findings.error(
            &state.pointer,
            code::UNREACHABLE,
            format!("no state leads to `{}`", state.name),
            "lead to it with `Next`, `Default`, a choice or a catcher, or remove it",
        );
    }
    reached
}

fn unreached<'s, 'a>(
    states: &'s States<'a>,
    reached: &BTreeSet<&str>,
) -> impl Iterator<Item = &'s State<'a>> {
    states
        .all
        .iter()
        .filter(|state| !reached.contains(state.name))
}

fn follow<'a>(states: &States<'a>, start: Option<&'a str>, reached: &mut BTreeSet<&'a str>) {
    let mut open: Vec<_> = start.into_iter().collect();
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            let state = states.get(name);
            open.extend(state.into_iter().flat_map(State::successors));
        }
    }
}

fn without_end(states: &States<'_>, reached: &BTreeSet<&str>, findings: &mut Findings) {
    let mut ending: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = ending.len();
        for state in &states.all {
            let next = state.successors();
            if is_end(state) || next.iter().any(|next| ending.contains(next)) {
                ending.insert(state.name);
            }
        }
        if ending.len() == before {
            break;
        }
    }
    let trapped: Vec<_> = states
        .all
        .iter()
        .filter(|state| reached.contains(state.name) && !ending.contains(state.name))
        .collect();
    if let [first, ..] = trapped[..] {
        let names: Vec<_> = trapped.iter().map(|state| state.name).collect();
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
