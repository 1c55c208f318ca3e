//! Examples of changed permissions, in words.

use super::clause::Key;
use super::gap::{Gap, Reason};
use super::holder::Holder;
use super::managed;
use super::model::{PermissionRequest, Witness};
use super::scope::{ACTION, PRINCIPAL, RESOURCE, Request};
use super::table;
use crate::iam::scope::Scope;

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
    let what = requests(&gap.scope, holder);
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

fn requests(scope: &Scope, holder: &Holder) -> String {
    let action = &scope.regions[ACTION];
    let action = if action.except.is_empty() {
        format!("`{}`", table::spelled(&action.include))
    } else {
        action.to_string()
    };
    let resource = &scope.regions[RESOURCE];
    // What a policy of a resource is about goes without saying.
    if holder.has_principals() && resource.include.is_any() && resource.except.is_empty() {
        return action;
    }
    format!("{action} on {resource}")
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
