//! What roles allow, as far as a template says it: enough to see that one allows less.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use spec::matches_wildcard;

use super::references::references;
use crate::meaning::Meaning;
use crate::resources::Pair;
use crate::template::Template;

/// More pairs of actions and resources than a template that CloudFormation takes can hold; with more, nothing is said of roles.
const MOST_GRANTS: usize = 50_000;
/// More grants with wildcards than the policies of a role can hold.
const MOST_WIDE: usize = 1_000;

/// An action on a resource, under conditions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Grant {
    action: String,
    pub(super) resource: String,
    condition: String,
}

impl fmt::Display for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` on `{}`", self.action, self.resource)
    }
}

/// What the roles of both templates may no longer do, by the logical ids that they have.
pub(super) fn lost(pair: &Pair<'_>) -> BTreeMap<String, Vec<Grant>> {
    let [before, after] = [pair.old, pair.new].map(Roles::of);
    if before.count.max(after.count) > MOST_GRANTS {
        return BTreeMap::new();
    }
    let roles = before.by_id.into_iter().filter_map(|(id, old)| {
        let lost = old.lost(after.by_id.get(&id)?);
        Some((id, lost))
    });
    roles.collect()
}

/// The roles of a template.
#[derive(Default)]
struct Roles {
    by_id: BTreeMap<String, Role>,
    count: usize,
}

/// What a role is allowed.
#[derive(Default)]
struct Role {
    grants: BTreeSet<Grant>,
    /// Managed policies that the template does not hold.
    elsewhere: BTreeSet<String>,
}

impl Roles {
    fn of(template: &Template<'_>) -> Self {
        let mut roles = Self::default();
        let resources = template.resources();
        let of_kind = |kinds: &'static [&str]| {
            let found = (resources.iter()).filter(|(_, resource)| kinds.contains(&resource.kind()));
            found.map(|(id, resource)| {
                let properties = Meaning::of(resource.properties(), template);
                (template.new_id(id).to_owned(), properties)
            })
        };
        let managed: BTreeMap<_, _> = of_kind(&["AWS::IAM::ManagedPolicy"]).collect();
        for (id, properties) in of_kind(&["AWS::IAM::Role"]) {
            roles.read_role(&id, &properties, &managed);
        }
        let attached = of_kind(&["AWS::IAM::Policy", "AWS::IAM::RolePolicy"]);
        for (_, policy) in attached.chain(managed.clone()) {
            roles.read_policy(&policy);
        }
        roles
    }

    fn read_role(&mut self, id: &str, properties: &Meaning, managed: &BTreeMap<String, Meaning>) {
        self.by_id.entry(id.to_owned()).or_default();
        for policy in items(member(properties, "Policies")) {
            self.add(id, member(policy, "PolicyDocument"));
        }
        for policy in items(member(properties, "ManagedPolicyArns")) {
            let policy = policy.to_string();
            let known = references(&policy).next().and_then(|id| managed.get(id));
            if let Some(known) = known {
                self.add(id, member(known, "PolicyDocument"));
            } else {
                let role = self.by_id.entry(id.to_owned()).or_default();
                role.elsewhere.insert(policy);
            }
        }
    }

    /// A policy that names its roles.
    fn read_policy(&mut self, properties: &Meaning) {
        for name in ["RoleName", "Roles"] {
            for role in items(member(properties, name)) {
                if let Some(id) = references(&role.to_string()).next() {
                    self.add(id, member(properties, "PolicyDocument"));
                }
            }
        }
    }

    fn add(&mut self, role: &str, document: &Meaning) {
        let role = self.by_id.entry(role.to_owned()).or_default();
        for statement in items(member(document, "Statement")) {
            if member(statement, "Effect").as_text() != Some("Allow") {
                continue;
            }
            for grant in grants(statement) {
                if self.count > MOST_GRANTS {
                    return;
                }
                self.count += 1;
                role.grants.insert(grant);
            }
        }
    }
}

impl Role {
    /// What this role could do and the same one later cannot. Nothing where policies are added that nobody can see.
    fn lost(self, after: &Self) -> Vec<Grant> {
        if !after.elsewhere.is_subset(&self.elsewhere) {
            return Vec::new();
        }
        let wide = after.grants.iter().filter(|grant| grant.is_wide());
        let wide: Vec<_> = wide.take(MOST_WIDE).collect();
        let is_kept = |grant: &Grant| {
            after.grants.contains(grant) || wide.iter().any(|wide| wide.covers(grant))
        };
        let before = self.grants.into_iter();
        before.filter(|grant| !is_kept(grant)).collect()
    }
}

impl Grant {
    /// Whether it may cover others: by a wildcard, or without a condition.
    fn is_wide(&self) -> bool {
        let has_wildcard = |text: &str| text.contains(['*', '?']);
        self.condition.is_empty() || has_wildcard(&self.action) || has_wildcard(&self.resource)
    }

    /// Whether this allows all that the other one does. Resources are compared without regard to case, which is close enough
    /// for a warning.
    fn covers(&self, other: &Self) -> bool {
        (self.condition.is_empty() || self.condition == other.condition)
            && matches_wildcard(&self.action, &other.action)
            && matches_wildcard(&self.resource, &other.resource)
    }
}

/// Every action of a statement on every resource.
fn grants(statement: &Meaning) -> impl Iterator<Item = Grant> {
    let [actions, resources] = ["Action", "Resource"].map(|name| items(member(statement, name)));
    let condition = match member(statement, "Condition") {
        Meaning::Absent => String::new(),
        condition => condition.to_string(),
    };
    actions.iter().flat_map(move |action| {
        let condition = condition.clone();
        resources.iter().map(move |resource| Grant {
            action: action.to_string(),
            resource: resource.to_string(),
            condition: condition.clone(),
        })
    })
}

fn member<'a>(meaning: &'a Meaning, name: &str) -> &'a Meaning {
    match meaning {
        Meaning::Object(members) => members.get(name).unwrap_or(&Meaning::Absent),
        _ => &Meaning::Absent,
    }
}

/// The items of a list, or the one that stands for a list.
fn items(meaning: &Meaning) -> &[Meaning] {
    match meaning {
        Meaning::List(items) => items,
        Meaning::Absent => &[],
        one => std::slice::from_ref(one),
    }
}
