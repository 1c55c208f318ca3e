//! Under which condition an action is allowed, where its resource alone would allow more than the template asks for.

use std::collections::BTreeSet;

use asl::template::call;
use serde_json::Value;
use spec::Resources;

use crate::names::is_bounded;
use crate::needs::{Condition, OfResource, ended};
use crate::owners::FUNCTION_ENDINGS;
use crate::{Error, corrections, property};

/// A service makes a role of its own only for itself.
pub(crate) fn of_service_roles(resource_type: &str) -> Condition {
    let is_about = |(name, _): &&(&str, &[&str])| *name == resource_type;
    let (_, services) = corrections::SERVICE_ROLES.iter().find(is_about)?;
    let services = services.iter().map(|service| (*service).to_owned());
    Some(("StringLike", "iam:AWSServiceName", services.collect()))
}

impl OfResource<'_> {
    /// The condition of an action on the resource.
    pub(crate) fn condition(&self, action: &str) -> Result<Condition, Error> {
        match action {
            "iam:AttachRolePolicy" | "iam:DetachRolePolicy" => {
                let arns = self.attached(action)?;
                Ok(Some(("ArnLike", "iam:PolicyARN", arns)))
            }
            "iam:CreateRole" | "iam:PutRolePermissionsBoundary" => self.boundary(action),
            "lambda:CreateEventSourceMapping"
            | "lambda:DeleteEventSourceMapping"
            | "lambda:UpdateEventSourceMapping" => Ok(self.function_served()),
            _ => Ok(None),
        }
    }

    /// Mappings have ids that nobody knows before, so they are told by the function that they serve. Not where they are read: of
    /// one that is gone there is no function to compare with, and deletion reads until it is gone.
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

    /// A role gets the boundary of the template and no other. Where a condition decides, it may also be made without.
    fn boundary(&self, action: &str) -> Result<Condition, Error> {
        let Some(value) = property::at(self.properties, "PermissionsBoundary") else {
            return Ok(None);
        };
        let is_chosen = matches!(call(value), Some(("Fn::If", _)));
        if is_chosen && action == "iam:CreateRole" {
            return Ok(None);
        }
        let arns = self.policy_arns([value], action)?;
        Ok(Some(("ArnLike", "iam:PermissionsBoundary", arns)))
    }

    /// Managed policies are attached only as the template says.
    fn attached(&self, action: &str) -> Result<Vec<String>, Error> {
        match property::at(self.properties, "ManagedPolicyArns") {
            Some(Value::Array(listed)) => self.policy_arns(listed, action),
            Some(other) => Err(self.foreign(other.to_string(), action)),
            None => self.bounded(self.own_policy_arns(), action),
        }
    }

    /// The ARNs of policies that a template gives to a role.
    fn policy_arns<'a>(
        &self,
        values: impl IntoIterator<Item = &'a Value>,
        action: &str,
    ) -> Result<Vec<String>, Error> {
        let values = values.into_iter().flat_map(property::choices);
        let arns = values.flat_map(|value| match property::reference(value) {
            Some((name, _)) if self.names.resource(name).is_some() => self.own_arns(name),
            _ => vec![self.names.text_of(value)],
        });
        self.bounded(arns.collect(), action)
    }

    fn own_arns(&self, logical_id: &str) -> Vec<String> {
        let arn = |name| format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{name}");
        let names = self.names.of_identity(logical_id);
        names.into_iter().map(arn).collect()
    }

    fn own_policy_arns(&self) -> Vec<String> {
        let kinds = Resources::embedded().of("iam:CreatePolicy");
        kinds.flat_map(|kind| self.arns(kind)).collect()
    }

    /// A policy of others could be any, that of administrators too.
    fn bounded(&self, arns: Vec<String>, action: &str) -> Result<Vec<String>, Error> {
        match arns.iter().find(|arn| !is_bounded(arn)) {
            Some(foreign) => Err(self.foreign(foreign.clone(), action)),
            None if arns.is_empty() => Err(self.foreign("of no name".to_owned(), action)),
            None => Ok(arns),
        }
    }

    fn foreign(&self, policy: String, action: &str) -> Error {
        Error::ForeignPolicy {
            logical_id: self.logical_id.to_owned(),
            policy,
            action: action.to_owned(),
        }
    }
}
