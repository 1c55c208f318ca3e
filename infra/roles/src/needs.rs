//! What the handlers of a template's resources have to be allowed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spec::{Access, Actions, Handler, ResourceKind, ResourceType, Resources, Specification};

use crate::names::{Names, is_bounded};
use crate::owners::{self, Kind, Owner, Source};
use crate::passing::{Passing, principal};
use crate::{Error, conditions, corrections, property, unneeded};

/// Roles that AWS makes for its services; nobody else can make one there.
const SERVICE_ROLES: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/*";

/// Under which condition something is allowed: operator, key and values.
pub(crate) type Condition = Option<(&'static str, &'static str, Vec<String>)>;

/// Actions with the resources they are allowed on, as texts for `Fn::Sub`, by condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs(pub(crate) BTreeMap<Condition, BTreeMap<String, BTreeSet<String>>>);

impl Needs {
    /// What all resources of a template need.
    pub(crate) fn of(template: &Value, names: Names<'_>) -> Result<Self, Error> {
        let mut needs = Self::default();
        let resources = template["Resources"].as_object().into_iter().flatten();
        for (logical_id, resource) in resources {
            let name = resource["Type"].as_str().unwrap_or_default();
            let unknown = || Error::UnknownType {
                logical_id: logical_id.clone(),
                resource_type: name.to_owned(),
            };
            let resource_type = Specification::embedded().resource_type(name)?;
            let resource_type = resource_type.ok_or_else(unknown)?;
            let is_exempt = corrections::WITHOUT_PERMISSIONS.contains(&name);
            if resource_type.permissions.is_empty() && !is_exempt {
                return Err(unknown());
            }
            let of_resource = OfResource {
                logical_id,
                properties: &resource["Properties"],
                resource_type,
                owner: owners::find(name),
                names,
            };
            of_resource.add_to(&mut needs)?;
        }
        Ok(needs)
    }

    fn add(&mut self, condition: Condition, action: &str, resources: BTreeSet<String>) {
        let actions = self.0.entry(condition).or_default();
        let allowed = actions.entry(action.to_owned()).or_default();
        allowed.extend(resources);
        if allowed.contains("*") {
            allowed.retain(|resource| resource == "*");
        }
    }
}

/// The actions that a type's handlers call when a stack is created, changed or deleted, in AWS's spelling. What only the list
/// handler calls is for imports and inventories, which no deployment makes.
pub(crate) fn handler_actions(resource_type: &ResourceType) -> BTreeSet<String> {
    let handlers = resource_type.permissions.iter();
    let called = handlers.filter(|(handler, _)| **handler != Handler::List);
    let actions = called.flat_map(|(_, actions)| actions);
    let corrected = actions.flat_map(|action| corrections::corrected(action));
    let spelt = |action: &str| {
        Actions::embedded()
            .get(action)
            .map_or_else(|| action.to_owned(), |known| known.to_string())
    };
    corrected.map(spelt).collect()
}

/// One resource, and what is known of it.
pub(crate) struct OfResource<'a> {
    pub(crate) logical_id: &'a str,
    pub(crate) properties: &'a Value,
    resource_type: &'a ResourceType,
    owner: Option<&'static Owner>,
    pub(crate) names: Names<'a>,
}

impl OfResource<'_> {
    fn add_to(&self, needs: &mut Needs) -> Result<(), Error> {
        let name = &self.resource_type.name;
        for action in handler_actions(self.resource_type) {
            if unneeded::rule(name, &action, self.properties).is_some() {
                continue;
            }
            match action.as_str() {
                "iam:PassRole" => self.add_roles_to(needs)?,
                "iam:CreateServiceLinkedRole" => {
                    let roles = BTreeSet::from([SERVICE_ROLES.to_owned()]);
                    needs.add(conditions::of_service_roles(name), &action, roles);
                }
                _ => {
                    let resources = self.resources(&action);
                    self.check_bounded(&action, &resources)?;
                    needs.add(self.condition(&action)?, &action, resources);
                }
            }
        }
        Ok(())
    }

    fn add_roles_to(&self, needs: &mut Needs) -> Result<(), Error> {
        let passing = Passing {
            names: self.names,
            resource_type: self.resource_type,
            logical_id: self.logical_id,
        };
        let roles = passing.roles(self.properties)?;
        if !roles.is_empty() {
            let service = principal(&self.resource_type.name);
            let condition = ("StringEquals", "iam:PassedToService", vec![service]);
            needs.add(Some(condition), "iam:PassRole", roles);
        }
        Ok(())
    }

    /// What an action is allowed on: the resource acted on, as far as the action is about one whose ARN is known.
    fn resources(&self, action: &str) -> BTreeSet<String> {
        let anything = || BTreeSet::from(["*".to_owned()]);
        let is_anywhere = |(anywhere, _): &(&str, &str)| *anywhere == action;
        if corrections::ANYWHERE.iter().any(is_anywhere) {
            return anything();
        }
        let arns: BTreeSet<String> = Resources::embedded()
            .of(action)
            .flat_map(|kind| self.arns(kind))
            .collect();
        if arns.is_empty() { anything() } else { arns }
    }

    /// The ARNs of a kind that the type acts on.
    pub(crate) fn arns(&self, kind: ResourceKind) -> Vec<String> {
        let kinds = self.owner.into_iter().flat_map(|owner| owner.kinds);
        let is_kind = |known: &&Kind| (known.service, known.name) == (kind.service, kind.name);
        let known = kinds.filter(is_kind);
        known
            .flat_map(|known| {
                let names = self.names.of(self.logical_id).into_iter();
                let arns = names.flat_map(move |name| self.arns_of(kind.arn, known, &name));
                arns.flat_map(|arn| known.endings.iter().map(move |ending| ended(&arn, ending)))
            })
            .collect()
    }

    /// The ARNs of that form. None without a property that it takes.
    fn arns_of(&self, form: &str, kind: &Kind, name: &str) -> Vec<String> {
        let mut arns = vec![String::new()];
        let mut rest = form;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((variable, after)) = after.split_once('}') else {
                return Vec::new();
            };
            let values = self.values(kind, variable, name);
            let with_value = |arn: String| {
                let values = values.iter();
                values.map(move |value| format!("{arn}{before}{value}"))
            };
            arns = arns.into_iter().flat_map(with_value).collect();
            rest = after;
        }
        arns.into_iter().map(|arn| arn + rest).collect()
    }

    /// What stands for a variable of an ARN.
    fn values(&self, kind: &Kind, variable: &str, name: &str) -> Vec<String> {
        let source = kind.values.iter().find(|(known, _)| *known == variable);
        match (variable, source) {
            ("Partition" | "Region", _) => vec![format!("${{AWS::{variable}}}")],
            ("Account", _) => vec!["${AWS::AccountId}".to_owned()],
            (_, None) => vec![name.to_owned()],
            (_, Some((_, source))) => self.sourced(*source, name),
        }
    }

    fn sourced(&self, source: Source, name: &str) -> Vec<String> {
        let set = |path| property::at(self.properties, path);
        match source {
            Source::Any => vec!["*".to_owned()],
            Source::Property(path) => {
                set(path).map_or_else(Vec::new, |value| self.names.named(value))
            }
            Source::Bucket(path) => {
                let bucket = set(path).map(|location| self.names.bucket(location));
                bucket.into_iter().collect()
            }
            Source::AfterPath(path) => {
                let path = set(path).map(|path| self.names.path(path));
                vec![path.unwrap_or_default() + name]
            }
            Source::Roles(path) => {
                set(path).map_or_else(Vec::new, |value| self.names.with_paths(value))
            }
        }
    }

    /// Identities of others must not be changed, whatever the template looks like.
    fn check_bounded(&self, action: &str, resources: &BTreeSet<String>) -> Result<(), Error> {
        let changes = |access| matches!(access, Access::Write | Access::PermissionsManagement);
        let known = Actions::embedded().get(action);
        let is_iam = known.is_some_and(|known| known.service == "iam" && changes(known.access));
        let is_unbounded = |arn: &String| {
            let name = arn.rsplit('/').next().unwrap_or(arn);
            name.is_empty() || !is_bounded(name)
        };
        if is_iam && resources.iter().any(is_unbounded) {
            return Err(Error::Unbounded {
                logical_id: self.logical_id.to_owned(),
                action: action.to_owned(),
            });
        }
        Ok(())
    }
}

/// An ARN that ends in `*` covers what may follow it.
pub(crate) fn ended(arn: &str, ending: &str) -> String {
    if arn.ends_with('*') {
        arn.to_owned()
    } else {
        format!("{arn}{ending}")
    }
}
