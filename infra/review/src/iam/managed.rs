//! Policies by their names alone.

use super::clause::Clause;
use super::pattern::Pattern;
use super::scope::{Grants, Scope};
use super::statement::Place;

/// Policies of AWS that let their holder grant itself whatever it likes.
const ADMINISTRATORS: [&str; 2] = ["/AdministratorAccess", "/IAMFullAccess"];

/// Whether AWS wrote the policy: its ARN has `aws` in the place of an account.
pub(super) fn is_of_aws(policy: &Pattern) -> bool {
    policy.to_string().contains(":iam::aws:policy/")
}

/// Whether a policy of AWS denies: the few that do say so in their names.
pub(super) fn denies(policy: &Pattern) -> bool {
    let name = policy.to_string();
    ["Deny", "Quarantine"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether a policy makes an administrator.
pub(super) fn is_administrator(policy: &Pattern) -> bool {
    let name = policy.to_string();
    ADMINISTRATORS.iter().any(|suffix| name.ends_with(suffix))
}

/// Attaches a policy. `AdministratorAccess` is known to be everything; the others are not looked into.
pub(super) fn attach(policy: Pattern, place: &Place, grants: &mut Grants) {
    if is_of_aws(&policy) && policy.to_string().ends_with("/AdministratorAccess") {
        let mut everything = Scope::everything();
        everything.clauses.clone_from(&place.guards);
        (grants.allows.entry(everything)).or_insert_with(|| place.source.clone());
        return;
    }
    let shown = policy.to_string();
    // Under a condition it is another one than without.
    let guards: Vec<String> = place.guards.iter().map(Clause::identity).collect();
    let policy = policy.with_prefix(&guards.concat()).shown_as(shown);
    (grants.opaque.entry(policy)).or_insert_with(|| place.source.clone());
}
