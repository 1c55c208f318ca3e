//! The roles that services are given.

use std::collections::BTreeSet;

use asl::template::call;
use serde_json::Value;
use spec::{Object, ResourceType, Shape, Target};

use crate::names::Names;
use crate::{Error, property};

/// Services whose principal is not the type's own word.
const PRINCIPALS: &[(&str, &str)] = &[
    ("ApiGatewayV2", "apigateway"),
    ("ApplicationAutoScaling", "application-autoscaling"),
    ("Cognito", "cognito-idp"),
    // A role is passed to the instances that use the profile.
    ("IAM", "ec2"),
    ("StepFunctions", "states"),
];

/// The principal of the service that resources of a type belong to.
pub(crate) fn principal(resource_type: &str) -> String {
    let service = resource_type.split("::").nth(1).unwrap_or_default();
    let other = PRINCIPALS.iter().find(|(word, _)| *word == service);
    let domain = other.map_or_else(
        || service.to_lowercase(),
        |(_, domain)| (*domain).to_owned(),
    );
    format!("{domain}.amazonaws.com")
}

/// Finds the roles in a resource's properties, where the specification says that a property takes one.
pub(crate) struct Passing<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) resource_type: &'a ResourceType,
    pub(crate) logical_id: &'a str,
}

impl<'a> Passing<'a> {
    /// The ARNs, for `Fn::Sub`.
    pub(crate) fn roles(&self, properties: &'a Value) -> Result<BTreeSet<String>, Error> {
        let mut values = Vec::new();
        self.of_object(&self.resource_type.root, properties, &mut values);
        let arns = values.into_iter().map(|value| self.arns(value));
        Ok(arns
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    fn of_object(&self, object: &'a Object, value: &'a Value, found: &mut Vec<&'a Value>) {
        if let Some(("Fn::If", branches)) = call(value) {
            for branch in branches.as_array().into_iter().flatten().skip(1) {
                self.of_object(object, branch, found);
            }
            return;
        }
        for (name, property) in &object.properties {
            if let Some(value) = value.get(name) {
                self.of_shape(&property.shape, value, found);
            }
        }
    }

    fn of_shape(&self, shape: &'a Shape, value: &'a Value, found: &mut Vec<&'a Value>) {
        if let Some(("Fn::If", branches)) = call(value) {
            for branch in branches.as_array().into_iter().flatten().skip(1) {
                self.of_shape(shape, branch, found);
            }
            return;
        }
        let is_role = |target: &Target| target.resource == "AWS::IAM::Role";
        match shape {
            Shape::String(text) if text.accepts.iter().any(is_role) => found.push(value),
            Shape::Object { definition } => {
                if let Some(object) = self.resource_type.definitions.get(definition) {
                    self.of_object(object, value, found);
                }
            }
            Shape::List { items, .. } => {
                for item in value.as_array().into_iter().flatten() {
                    self.of_shape(items, item, found);
                }
            }
            Shape::Map { values, .. } => {
                for item in value.as_object().into_iter().flat_map(|map| map.values()) {
                    self.of_shape(values, item, found);
                }
            }
            _ => {}
        }
    }

    fn arns(&self, value: &Value) -> Result<Vec<String>, Error> {
        if let Value::String(arn) = value {
            return Ok(vec![arn.replace("${", "${!")]);
        }
        match property::reference(value) {
            Some(("AWS::NoValue", _)) => Ok(Vec::new()),
            Some((name, _)) if self.is_role(name) => Ok(role_arns(self.names, name)),
            _ => Err(Error::ForeignRole {
                logical_id: self.logical_id.to_owned(),
                role: value.to_string(),
            }),
        }
    }

    fn is_role(&self, logical_id: &str) -> bool {
        let resource = self.names.resource(logical_id);
        resource.is_some_and(|resource| resource["Type"] == "AWS::IAM::Role")
    }
}

fn role_arns(names: Names<'_>, logical_id: &str) -> Vec<String> {
    let names = names.of_identity(logical_id).into_iter();
    let arn = |name| format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}");
    names.map(arn).collect()
}
