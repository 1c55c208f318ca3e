//! Existing resources, taken into a stack as they are.

mod identifiers;
mod template;

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::ChangeSetType;
use serde_json::Value;

use crate::{
    AssetBucket, Deployed, DeployedStack, Error, Listener, ParameterValue, Plan, StackRequest,
    Target,
    stack::{
        deploy, deployed,
        plan::{self, Asked},
        readiness::prepare,
        state, template as stack_template,
    },
};

/// Resources that exist, and the stack that they are to belong to.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The stack's name.
    pub stack: String,
    /// The template in JSON, with the resources as they are.
    pub template: String,
    /// What identifies each resource, by its name in the template: a bare value, or `KEY=VALUE` pairs with commas between them
    /// where its type has several identifiers.
    pub resources: BTreeMap<String, String>,
    /// Parameters that the stack does not have yet; those that it has keep their values.
    pub parameters: BTreeMap<String, String>,
    /// The bucket by which a long template reaches CloudFormation.
    pub asset_bucket: Option<AssetBucket>,
}

impl ImportRequest {
    fn refused(&self, reason: impl Into<String>) -> Error {
        Error::Import {
            stack: self.stack.clone(),
            reason: reason.into(),
        }
    }
}

/// Has CloudFormation work out an import. Nothing is changed before [`execute_import`].
///
/// CloudFormation refuses any other change beside an import ("Import AWS resources into a CloudFormation stack", AWS
/// documentation). So the template is the deployed one with the resources added, and with the parameters, mappings and conditions
/// that they need; a stack that is not there yet is made of imported resources only, without its outputs. What else differs in
/// the template comes with the next deployment.
pub async fn plan_import(
    target: &Target,
    request: &ImportRequest,
    listener: &mut Listener<'_>,
) -> Result<Plan, Error> {
    let deployed = match state::describe(target, &request.stack).await? {
        None => None,
        Some(found) => {
            found.require_idle(&request.stack)?;
            deployed::of(target, &request.stack, found).await?
        }
    };
    let template = built(request, deployed.as_ref())?;
    let mut stack_request = StackRequest::new(&request.stack, template)
        .parameters(parameters(request, deployed.as_ref())?);
    stack_request.asset_bucket.clone_from(&request.asset_bucket);
    let capabilities = stack_template::capabilities(&stack_request)?;
    let source = stack_template::place(target, &stack_request).await?;
    let types = identifiers::by_resource(target, request, source.clone()).await?;
    stack_request.imports = identifiers::imports(request, &types)?;

    let kind = prepare(target, &stack_request, listener).await?;
    let asked = Asked {
        kind: ChangeSetType::Import,
        source,
        capabilities,
        create: kind == ChangeSetType::Create,
    };
    let plan = plan::work_out(target, &stack_request, asked, listener).await?;
    plan.ok_or_else(|| request.refused("CloudFormation finds nothing to import"))
}

fn built(request: &ImportRequest, deployed: Option<&DeployedStack>) -> Result<String, Error> {
    let read = |text: &str| -> Result<Value, Error> {
        serde_json::from_str(text).map_err(|error| Error::Template {
            stack: request.stack.clone(),
            reason: error.to_string(),
        })
    };
    let synthesized = read(&request.template)?;
    let deployed = deployed.map(|stack| read(&stack.template)).transpose()?;
    let wanted: Vec<&str> = request.resources.keys().map(String::as_str).collect();
    let built = template::build(deployed.as_ref(), &synthesized, &wanted);
    let built = built.map_err(|reason| request.refused(reason))?;
    Ok(built.to_string())
}

fn parameters(
    request: &ImportRequest,
    deployed: Option<&DeployedStack>,
) -> Result<BTreeMap<String, ParameterValue>, Error> {
    let mut parameters = BTreeMap::new();
    if let Some(deployed) = deployed {
        let names = deployed.parameters.keys().chain(&deployed.secrets);
        parameters.extend(names.map(|name| (name.clone(), ParameterValue::Previous)));
    }
    for (name, value) in &request.parameters {
        let value = ParameterValue::Given(value.clone());
        if parameters.insert(name.clone(), value).is_some() {
            return Err(request.refused(format!(
                "the parameter {name} is deployed, and an import cannot change it"
            )));
        }
    }
    Ok(parameters)
}

/// Makes the import, and waits.
pub async fn execute_import(
    target: &Target,
    plan: &Plan,
    listener: &mut Listener<'_>,
) -> Result<Deployed, Error> {
    deploy::execute(target, plan, "IMPORT_COMPLETE", listener).await
}
