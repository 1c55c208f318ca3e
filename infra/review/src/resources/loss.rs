//! Data that a change loses.

use crate::lifecycle::Lifecycle;
use crate::template::{Resource, retains};

/// What keeps the data of a resource that goes.
fn keeps(policy: Option<&str>) -> bool {
    retains(policy) || policy == Some("Snapshot")
}

/// Why data is lost when a resource goes, if it is. The policy that was deployed with it decides.
pub(super) fn by_removal(old: Resource<'_>, lifecycle: &Lifecycle) -> Option<String> {
    let loss = lifecycle.loss()?;
    let policy = old.text("DeletionPolicy");
    if keeps(policy) || keeps(by_default(old)) {
        return None;
    }
    let policy = policy.map_or("there is no policy".to_owned(), |policy| {
        format!("the policy is `{policy}`")
    });
    Some(format!("it loses {loss} ({policy})"))
}

/// What is left of a resource that goes.
pub(super) fn what_stays(old: Resource<'_>) -> Option<&'static str> {
    let policy = old.text("DeletionPolicy").or(by_default(old));
    if retains(policy) {
        return Some("it stays in the account, outside of the stack");
    }
    keeps(policy).then_some("a snapshot of it stays in the account")
}

/// Why data is lost when a resource is replaced, if it is.
pub(super) fn by_replacement(
    old: Resource<'_>,
    new: Resource<'_>,
    lifecycle: &Lifecycle,
) -> Option<String> {
    let loss = lifecycle.loss()?;
    let [before, after] = [old, new].map(|resource| keeps(resource.text("UpdateReplacePolicy")));
    let reason = match (before, after) {
        (true, true) => return None,
        (false, true) => {
            "the policy that would keep it comes with this very update, so deploy it on its own first"
        }
        (true, false) => "the policy that kept it goes with this very update",
        (false, false) => "no policy keeps the old resource",
    };
    Some(format!("it loses {loss} ({reason})"))
}

/// The policy of a resource that names none, where that is not to delete it.
fn by_default(resource: Resource<'_>) -> Option<&'static str> {
    if resource.text("DeletionPolicy").is_some() {
        return None;
    }
    // AWS, "DeletionPolicy attribute": clusters, and instances that are in none, are kept as a snapshot.
    let snapshot = match resource.kind() {
        "AWS::RDS::DBCluster" => true,
        "AWS::RDS::DBInstance" => resource.properties().get("DBClusterIdentifier").is_none(),
        _ => false,
    };
    snapshot.then_some("Snapshot")
}
