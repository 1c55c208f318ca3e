//! What the handlers of a template's resources have to be allowed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spec::{Access, Actions, Handler, ResourceKind, ResourceType, Resources, Specification};

use crate::names::Names;
use crate::owners::{self, FUNCTION_ENDINGS, Kind, Owner, Source};
use crate::passing::{Passing, after_path, principal};
use crate::{Error, corrections, property, unneeded};

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

struct OfResource<'a> {
    logical_id: &'a str,
    properties: &'a Value,
    resource_type: &'a ResourceType,
    owner: Option<&'static Owner>,
    names: Names<'a>,
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
                    needs.add(None, &action, BTreeSet::from([SERVICE_ROLES.to_owned()]));
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

    fn condition(&self, action: &str) -> Result<Condition, Error> {
        match action {
            "iam:AttachRolePolicy" | "iam:DetachRolePolicy" => self.attached(action),
            _ if action.starts_with("lambda:") && action.ends_with("EventSourceMapping") => {
                Ok(self.function_served())
            }
            _ => Ok(None),
        }
    }

    /// Mappings have ids that nobody knows before, so they are told by the function that they serve.
    fn function_served(&self) -> Condition {
        let names = self
            .names
            .named(property::at(self.properties, "FunctionName")?);
        let arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:";
        let arns = names
            .iter()
            .flat_map(|name| FUNCTION_ENDINGS.map(|ending| ended(&format!("{arn}{name}"), ending)));
        let arns: BTreeSet<String> = arns.collect();
        Some(("ArnLike", "lambda:FunctionArn", arns.into_iter().collect()))
    }

    /// Managed policies are attached only as the template says.
    fn attached(&self, action: &str) -> Result<Condition, Error> {
        let arns = match property::at(self.properties, "ManagedPolicyArns") {
            Some(Value::Array(listed)) => listed.iter().map(|arn| self.policy_arn(arn)).collect(),
            _ => self.own_policy_arns(),
        };
        if arns.is_empty()
            || arns
                .iter()
                .any(|arn| arn.contains('*') && !arn.ends_with("-*"))
        {
            return Err(self.unbounded(action));
        }
        Ok(Some(("ArnLike", "iam:PolicyARN", arns)))
    }

    fn policy_arn(&self, value: &Value) -> String {
        match property::reference(value) {
            Some((name, _)) => format!(
                "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{}",
                self.names.of(name).swap_remove(0)
            ),
            None => self.names.text_of(value),
        }
    }

    fn own_policy_arns(&self) -> Vec<String> {
        let kinds = Resources::embedded().of("iam:CreatePolicy");
        kinds.flat_map(|kind| self.arns(kind)).collect()
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
    fn arns(&self, kind: ResourceKind) -> Vec<String> {
        let kinds = self.owner.into_iter().flat_map(|owner| owner.kinds);
        let is_kind = |known: &&Kind| (known.service, known.name) == (kind.service, kind.name);
        let known = kinds.filter(is_kind);
        known
            .flat_map(|known| {
                let names = self.names.of(self.logical_id).into_iter();
                let arns = names.filter_map(move |name| self.arn(kind.arn, known, &name));
                arns.flat_map(|arn| known.endings.iter().map(move |ending| ended(&arn, ending)))
            })
            .collect()
    }

    /// An ARN of that form. None without a property that it takes.
    fn arn(&self, form: &str, kind: &Kind, name: &str) -> Option<String> {
        let mut arn = String::new();
        let mut rest = form;
        while let Some((before, after)) = rest.split_once("${") {
            let (variable, after) = after.split_once('}')?;
            let source = kind.values.iter().find(|(known, _)| *known == variable);
            arn.push_str(before);
            let value = match (variable, source) {
                ("Partition" | "Region", _) => format!("${{AWS::{variable}}}"),
                ("Account", _) => "${AWS::AccountId}".to_owned(),
                (_, None) => name.to_owned(),
                (_, Some((_, source))) => self.value(*source, name)?,
            };
            arn.push_str(&value);
            rest = after;
        }
        Some(arn + rest)
    }

    fn value(&self, source: Source, name: &str) -> Option<String> {
        let set = |path| property::at(self.properties, path);
        match source {
            Source::Any => Some("*".to_owned()),
            Source::Property(path) => Some(self.names.named(set(path)?).into_iter().next()?),
            Source::Bucket(path) => Some(self.names.bucket(set(path)?)),
            Source::AfterPath(path) => {
                let path = set(path).map(|path| after_path(self.names, path));
                Some(path.unwrap_or_default() + name)
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
            name.is_empty() || name.starts_with('*')
        };
        if is_iam && resources.iter().any(is_unbounded) {
            return Err(self.unbounded(action));
        }
        Ok(())
    }

    fn unbounded(&self, action: &str) -> Error {
        Error::Unbounded {
            logical_id: self.logical_id.to_owned(),
            action: action.to_owned(),
        }
    }
}

/// An ARN that ends in `*` covers what may follow it.
fn ended(arn: &str, ending: &str) -> String {
    if arn.ends_with('*') {
        arn.to_owned()
    } else {
        format!("{arn}{ending}")
    }
}
