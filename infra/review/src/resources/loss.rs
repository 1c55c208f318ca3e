//! Data that a change loses.

use crate::lifecycle::Lifecycle;
use crate::template::Resource;

/// What keeps the data of a resource that goes.
fn keeps(policy: Option<&str>) -> bool {
    matches!(policy, Some("Retain" | "RetainExceptOnCreate" | "Snapshot"))
}

/// Why data is lost when a resource goes, if it is. The policy that was deployed with it decides.
pub(super) fn by_removal(old: Resource<'_>) -> Option<String> {
    let policy = old.text("DeletionPolicy");
    if !Lifecycle::of(old.kind()).holds_data() || keeps(policy) || keeps(by_default(old)) {
        return None;
    }
    let policy = policy.map_or("it has none".to_owned(), |policy| {
        format!("it is `{policy}`")
    });
    Some(format!(
        "it holds data, and its DeletionPolicy does not keep it: {policy}"
    ))
}

/// Why data is lost when a resource is replaced, if it is.
pub(super) fn by_replacement(old: Resource<'_>, new: Resource<'_>) -> Option<String> {
    if !Lifecycle::of(old.kind()).holds_data() {
        return None;
    }
    let [before, after] = [old, new].map(|resource| keeps(resource.text("UpdateReplacePolicy")));
    if before && after {
        return None;
    }
    let problem = match (before, after) {
        (false, true) => {
            ", which would keep it, comes with this very update: deploy it on its own first"
        }
        (true, false) => ", which kept it, goes with this very update",
        _ => " does not keep it: the new resource begins empty",
    };
    Some(format!(
        "it holds data, and its UpdateReplacePolicy{problem}"
    ))
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
