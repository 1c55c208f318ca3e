//! Everything that a template grants.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::alternatives::{Guards, items};
use super::arn::Arns;
use super::boundary;
use super::budget::Budget;
use super::clause::Clause;
use super::holder::{self, Granted, Holder};
use super::managed;
use super::pattern::{Pattern, Syntax};
use super::resource_policies;
use super::scope::{Grants, Source};
use super::statement::{Place, add_document};
use crate::meaning::Meaning;
use crate::template::{Resource, Template};

/// Lists of those that a policy is attached to.
const ATTACHED_TO: [&str; 6] = [
    "GroupName",
    "Groups",
    "RoleName",
    "Roles",
    "UserName",
    "Users",
];

/// A resource, understood.
pub(super) struct Known<'a> {
    pub(super) kind: &'a str,
    /// By the names of the new template.
    pub(super) id: String,
    pub(super) properties: BTreeMap<String, Meaning>,
    guards: Guards,
    arns: Rc<Arns>,
}

impl Known<'_> {
    pub(super) fn place(&self, path: &str) -> Place {
        Place {
            guards: self.guards.clone(),
            arns: Rc::clone(&self.arns),
            source: Source {
                logical_id: self.id.clone(),
                path: format!("Properties.{path}"),
            },
        }
    }

    pub(super) fn property(&self, name: &str) -> &Meaning {
        self.properties.get(name).unwrap_or(&Meaning::Absent)
    }
}

/// The resources that matter.
pub(super) fn known<'a>(template: &'a Template<'_>) -> Vec<Known<'a>> {
    let resources = template.resources();
    let arns = Rc::new(Arns::of(template));
    let read = resources
        .into_values()
        .map(|resource| understood(resource, template, &arns));
    read.collect()
}

fn understood<'a>(resource: Resource<'a>, template: &Template<'_>, arns: &Rc<Arns>) -> Known<'a> {
    let properties = match Meaning::of(resource.properties(), template) {
        Meaning::Object(properties) => properties,
        _ => BTreeMap::new(),
    };
    let condition = resource.condition(template);
    Known {
        kind: resource.kind(),
        id: template.new_id(resource.id).to_owned(),
        properties,
        guards: condition
            .map(|condition| Clause::deployed(condition, true))
            .into_iter()
            .collect(),
        arns: Rc::clone(arns),
    }
}

/// What the resources of a template grant.
pub(super) fn granted(
    resources: &[Known<'_>],
    template: &Template<'_>,
    budget: &Budget,
) -> Granted {
    let collection = Collection::of(resources, template);
    let mut granted = Granted::new();
    for resource in resources {
        match resource.kind {
            "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => {
                collection.add_principal(resource, &mut granted);
            }
            "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy" => {
                collection.add_attached(resource, &mut granted);
            }
            "AWS::IAM::ManagedPolicy" => {
                collection.add_attached(resource, &mut granted);
                if !collection.attached.contains(&resource.id) {
                    let grants = granted
                        .entry(Holder::Policy(resource.id.clone()))
                        .or_default();
                    collection.add_policy(resource, &Guards::new(), grants);
                }
            }
            _ => resource_policies::add(resource, template, &mut granted),
        }
    }
    for grants in granted.values_mut() {
        boundary::apply(grants, budget);
    }
    granted
}

struct Collection<'a> {
    template: &'a Template<'a>,
    by_id: BTreeMap<&'a str, &'a Known<'a>>,
    /// Logical ids by the names that roles, users and groups are given.
    by_name: BTreeMap<&'a Meaning, &'a str>,
    /// Managed policies that somebody has, or is bounded by.
    attached: BTreeSet<String>,
}

impl<'a> Collection<'a> {
    fn of(resources: &'a [Known<'a>], template: &'a Template<'a>) -> Self {
        let by_id: BTreeMap<_, _> = resources
            .iter()
            .map(|known| (known.id.as_str(), known))
            .collect();
        let named = resources.iter().flat_map(|known| {
            let names = ["RoleName", "UserName", "GroupName"].into_iter();
            let names = names.filter(|_| {
                known.kind.starts_with("AWS::IAM::") && !known.kind.ends_with("Policy")
            });
            names.filter_map(|name| Some((known.properties.get(name)?, known.id.as_str())))
        });
        let mut attached = BTreeSet::new();
        for known in resources {
            for (_, policy) in items(known.property("ManagedPolicyArns"), &Guards::new()) {
                attached.insert(holder::name(policy));
            }
            // A boundary gives nobody anything.
            attached.insert(holder::name(known.property("PermissionsBoundary")));
            if ATTACHED_TO
                .iter()
                .any(|list| !items(known.property(list), &Guards::new()).is_empty())
            {
                attached.insert(known.id.clone());
            }
        }
        Self {
            template,
            by_id,
            by_name: named.collect(),
            attached,
        }
    }

    /// Whom a value names.
    fn holder(&self, value: &Meaning) -> Holder {
        let id = self.by_name.get(value).map(|id| (*id).to_owned());
        Holder::Principal(id.unwrap_or_else(|| holder::name(value)))
    }

    /// A role, user or group, with what stands in it and what it refers to.
    fn add_principal(&self, resource: &Known<'_>, granted: &mut Granted) {
        let guards = resource.place("").guards;
        let grants = granted
            .entry(Holder::Principal(resource.id.clone()))
            .or_default();
        for (number, (guards, policy)) in items(resource.property("Policies"), &guards)
            .into_iter()
            .enumerate()
        {
            let path = format!("Policies[{number}].PolicyDocument");
            let document = match policy {
                Meaning::Object(members) => {
                    members.get("PolicyDocument").unwrap_or(&Meaning::Absent)
                }
                other => other,
            };
            let place = resource.place("").below(guards, &path);
            add_document(document, &place, self.template, grants);
        }
        for (number, (guards, policy)) in items(resource.property("ManagedPolicyArns"), &guards)
            .into_iter()
            .enumerate()
        {
            if let Some(known) = self.managed(policy) {
                self.add_policy(known, &guards, grants);
                continue;
            }
            let place = resource
                .place("")
                .below(guards, &format!("ManagedPolicyArns[{number}]"));
            managed::attach(Pattern::of(policy, Syntax::default()), &place, grants);
        }
        for (guards, group) in items(resource.property("Groups"), &guards) {
            let shown = format!("of group {}", holder::name(group));
            let pattern = Pattern::of(group, Syntax::default()).shown_as(shown);
            managed::attach(pattern, &resource.place("").below(guards, "Groups"), grants);
        }
        let boundary = resource.property("PermissionsBoundary");
        if *boundary != Meaning::Absent {
            let place = resource.place("PermissionsBoundary");
            let policy = self.managed(boundary);
            let document = policy.map(|policy| format!("{:?}", policy.property("PolicyDocument")));
            grants.bound = policy.map(|policy| {
                let mut bound = Grants::default();
                self.add_policy(policy, &guards, &mut bound);
                Box::new(bound)
            });
            let pattern = Pattern::of(boundary, Syntax::default());
            let shown = pattern.to_string();
            // What the boundary says is part of what it is.
            let pattern = pattern
                .with_prefix(&document.unwrap_or_default())
                .shown_as(shown);
            grants.boundary.insert(pattern, place.source);
        }
        let trust = resource.property("AssumeRolePolicyDocument");
        if *trust != Meaning::Absent {
            let grants = granted
                .entry(Holder::Trust(resource.id.clone()))
                .or_default();
            add_document(
                trust,
                &resource.place("AssumeRolePolicyDocument"),
                self.template,
                grants,
            );
        }
    }

    /// A policy that names whom it is attached to.
    fn add_attached(&self, policy: &Known<'_>, granted: &mut Granted) {
        for list in ATTACHED_TO {
            for (guards, name) in items(policy.property(list), &Guards::new()) {
                let grants = granted.entry(self.holder(name)).or_default();
                self.add_policy(policy, &guards, grants);
            }
        }
    }

    fn add_policy(&self, policy: &Known<'_>, guards: &Guards, grants: &mut Grants) {
        let mut place = policy.place("PolicyDocument");
        place.guards.extend(guards.iter().cloned());
        add_document(
            policy.property("PolicyDocument"),
            &place,
            self.template,
            grants,
        );
    }

    /// The policy of the template that a value refers to.
    fn managed(&self, policy: &Meaning) -> Option<&'a Known<'a>> {
        let known = self.by_id.get(holder::name(policy).as_str())?;
        (known.kind == "AWS::IAM::ManagedPolicy").then_some(*known)
    }
}
