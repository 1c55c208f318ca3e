//! A stack as it is deployed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Error, ParameterValue, Settings, Target,
    stack::{
        state::{self, Stack},
        template,
    },
};

/// What CloudFormation writes for the value of a parameter that it keeps secret (`NoEcho`).
pub(crate) const SECRET: &str = "****";

/// A stack as it is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedStack {
    /// The template, as it was given.
    pub template: String,
    /// The values of its parameters that CloudFormation tells.
    pub parameters: BTreeMap<String, String>,
    /// The parameters whose values it keeps secret.
    pub secrets: BTreeSet<String>,
    /// What it has beside these.
    pub settings: Settings,
}

/// Reads a deployed stack. None when there is no such stack.
pub async fn deployed_stack(target: &Target, stack: &str) -> Result<Option<DeployedStack>, Error> {
    match state::describe(target, stack).await? {
        Some(found) => of(target, stack, found).await,
        None => Ok(None),
    }
}

/// The same of a stack that was described.
pub(crate) async fn of(
    target: &Target,
    stack: &str,
    found: Stack,
) -> Result<Option<DeployedStack>, Error> {
    // A stack that is only planned has no template yet, and of one whose creation was rolled back nothing is left.
    if matches!(
        found.status.as_str(),
        "DELETE_COMPLETE" | "REVIEW_IN_PROGRESS" | "ROLLBACK_COMPLETE"
    ) {
        return Ok(None);
    }
    let template = template::given(target, stack, None).await?;
    let (secrets, parameters): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (found.parameters.into_iter()).partition(|(_, value)| value == SECRET);
    Ok(template.map(|template| DeployedStack {
        template,
        parameters,
        secrets: secrets.into_keys().collect(),
        settings: found.settings,
    }))
}

impl DeployedStack {
    /// The values with which the next `template` is deployed: those `given`; otherwise what somebody had set, which is what
    /// differs from the default of the deployed template. All others follow the defaults of the next template.
    pub fn next_parameters(
        &self,
        template: &Value,
        given: &BTreeMap<String, String>,
    ) -> BTreeMap<String, ParameterValue> {
        // A template in YAML is not ours: it has no defaults that are known, and all its values are kept.
        let deployed = serde_json::from_str(&self.template).unwrap_or(Value::Null);
        let given_value = |name: &str| given.get(name).cloned().map(ParameterValue::Given);
        let kept = |name: &str| {
            let was_set = self.secrets.contains(name)
                || (self.parameters.get(name)).is_some_and(|value| {
                    parameter_default(&deployed, name).as_ref() != Some(value)
                });
            was_set.then_some(ParameterValue::Previous)
        };
        let parameters = template.get("Parameters").and_then(Value::as_object);
        let known = parameters.into_iter().flat_map(serde_json::Map::keys);
        let known = known.filter_map(|name| {
            let value = given_value(name).or_else(|| kept(name))?;
            Some((name.clone(), value))
        });
        // What is no parameter of the template stays, for CloudFormation to refuse.
        let mut values: BTreeMap<_, _> = known.collect();
        for (name, value) in given {
            values
                .entry(name.clone())
                .or_insert_with(|| ParameterValue::Given(value.clone()));
        }
        values
    }
}

/// The default of a template's parameter, as CloudFormation writes it.
pub fn parameter_default(template: &Value, name: &str) -> Option<String> {
    match template.get("Parameters")?.get(name)?.get("Default")? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
