//! Examples of changed permissions, in words.

use super::clause::Key;
use super::gap::{Gap, Reason};
use super::holder::Holder;
use super::managed;
use super::model::{PermissionRequest, Witness};
use super::region::Region;
use super::scope::{ACTION, PRINCIPAL, RESOURCE, Request};
use super::table;

/// Which side of a change a gap is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Gained,
    Lost,
}

pub(super) fn witness(gap: &Gap, direction: Direction, holder: &Holder) -> Witness {
    Witness {
        text: text(gap, direction, holder),
        logical_id: gap.source.logical_id.clone(),
        path: gap.source.path.clone(),
        request: gap.request.as_ref().map(|found| request(found, holder)),
        actions: (gap.extent.actions > 1).then_some(gap.extent.actions),
        later: (gap
            .is_certain
            .then_some(gap.extent.later.as_ref())
            .flatten())
        .map(shown),
    }
}

fn request(request: &Request, holder: &Holder) -> PermissionRequest {
    let context = request.context.iter();
    let principal = request.texts[PRINCIPAL].to_string();
    PermissionRequest {
        principal: holder.has_principals().then_some(principal),
        action: table::spelled(&request.texts[ACTION]),
        resource: request.texts[RESOURCE].to_string(),
        context: context
            .map(|(key, value)| (key.to_string(), value.to_string()))
            .collect(),
    }
}

fn text(gap: &Gap, direction: Direction, holder: &Holder) -> String {
    let what = requests(gap, holder);
    let gained = direction == Direction::Gained;
    match &gap.reason {
        Reason::Attached(policy) => attached(policy, gained),
        Reason::Detached(policy) => {
            format!("no longer the policy `{policy}`, which may have denied something")
        }
        Reason::Unbounded(policy) if gained => format!("no longer bounded by `{policy}`"),
        Reason::Unbounded(policy) => format!("now bounded by `{policy}`"),
        reason => {
            let even = circumstances(gap, reason);
            match (gap.is_certain, gained, reason) {
                (true, true, Reason::NotDenied) => format!("no longer denied: {what}{even}"),
                (true, false, Reason::NotDenied) => format!("now denied: {what}{even}"),
                (false, true, Reason::NotDenied) => format!("perhaps no longer denied: {what}"),
                (false, false, Reason::NotDenied) => format!("perhaps now denied: {what}"),
                (true, true, _) => format!("now also {what}{even}"),
                (true, false, _) => format!("no longer {what}{even}"),
                (false, true, _) => {
                    format!("perhaps now also {what}: it cannot be compared with what was allowed")
                }
                (false, false, _) => format!("perhaps no longer {what}"),
            }
        }
    }
}

fn attached(policy: &super::pattern::Pattern, gained: bool) -> String {
    let kind = if managed::is_administrator(policy) {
        ", which makes an administrator"
    } else {
        ""
    };
    if gained {
        return format!("now also what `{policy}` allows{kind}");
    }
    format!("no longer what `{policy}` allows{kind}")
}

fn requests(gap: &Gap, holder: &Holder) -> String {
    let (actions, is_list) = actions(gap);
    let resource = &gap.scope.regions[RESOURCE];
    // What a policy of a resource is about goes without saying.
    if holder.has_principals() && resource.include.is_any() && resource.except.is_empty() {
        return actions;
    }
    let comma = if is_list { "," } else { "" };
    format!("{actions}{comma} on {resource}")
}

/// The action of the witness, and what it stands for; and whether these are several things.
fn actions(gap: &Gap) -> (String, bool) {
    let action = &gap.scope.regions[ACTION];
    let more = match gap.extent.actions.saturating_sub(1) {
        1 => Some("1 more action".to_owned()),
        more => (more > 1).then(|| format!("{more} more actions")),
    };
    let first = if action.except.is_empty() {
        format!("`{}`", table::spelled(&action.include))
    } else {
        action.to_string()
    };
    match (&gap.extent.later, more) {
        (Some(later), _) if gap.extent.only_later => {
            (format!("actions that AWS may add to {later}"), false)
        }
        (Some(later), None) => (
            format!("{first} and actions that AWS may add to {later}"),
            true,
        ),
        (Some(later), Some(more)) => (
            format!("{first}, {more} and those that AWS may add to {later}"),
            true,
        ),
        (None, Some(more)) => (format!("{first} and {more}"), false),
        (None, None) => (first, false),
    }
}

/// A region without marks around it.
fn shown(region: &Region) -> String {
    region.to_string().replace('`', "")
}

/// The keys that make the difference, where the same is allowed or denied under other conditions.
fn circumstances(gap: &Gap, reason: &Reason) -> String {
    let Some(request) = &gap.request else {
        return String::new();
    };
    let keys: Vec<&Key> = match reason {
        Reason::Unconditional(keys) => keys.iter().collect(),
        _ => gap.scope.clauses.iter().map(|clause| &clause.key).collect(),
    };
    let mut parts: Vec<String> = Vec::new();
    for key in keys {
        let part = match request.context.get(key) {
            Some(value) => format!("`{key}` is `{value}`"),
            None => format!("`{key}` is absent"),
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.as_slice() {
        [] => String::new(),
        parts => format!(", when {}", parts.join(" and ")),
    }
}
