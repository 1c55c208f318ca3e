//! A stack of the working tree against what is deployed of it.

use std::collections::BTreeMap;

use constructs::assets;
use deploy::{DeployedStack, ParameterValue, StackRequest, Target};
use review::{SourceLines, with_parameter_values};
use serde_json::Value;

use super::sides::Sides;
use crate::CommandError;
use crate::cli::DiffArguments;
use crate::deployment::planning::SECRET;
use crate::intent::{Planner, intents};
use crate::stacks::{self, Definition};
use crate::synthesis::{self, synthesize};
use crate::templates::read;
use crate::terminal::Terminal;

/// Stands for the package of a function that is not deployed yet, in a change set that is never executed.
const NOT_PACKAGED: &str = "not-packaged-yet";

/// The two templates with the values that their parameters have; and what CloudFormation intends, if that is asked for.
pub(super) async fn sides(
    stack: &str,
    arguments: &DiffArguments,
    terminal: Terminal,
) -> Result<Sides, CommandError> {
    let definition = stacks::find(stack)?;
    let name = arguments.stack_name.as_deref().unwrap_or(stack);
    let target = arguments.target.connect().await?;
    let Some(deployed) = deploy::deployed_stack(&target, name).await? else {
        return Err(CommandError::NotDeployed(name.to_owned()));
    };
    let synthesized = synthesize(definition)?;
    let mut start = synthesis::start(definition, &synthesized, arguments.target.local)?;
    start
        .parameters
        .extend(arguments.parameters.iter().cloned());
    let old = read(&format!("{name} as deployed"), &deployed.template)?;
    let new = read(definition.name, &start.json)?;
    let parameters = deployed.next_parameters(&new, &start.parameters);
    let values = known_values(&new, &parameters, &deployed);
    let mut sides = Sides {
        name: definition.name.to_owned(),
        old: with_parameter_values(old, &deployed.parameters),
        new: with_parameter_values(new, &values),
        lines: SourceLines::of_code(definition.name, synthesized.lines()),
        intents: None,
    };
    if arguments.change_set {
        let parameters = with_packages(definition, parameters, terminal);
        let request = StackRequest::new(name, start.json).parameters(parameters);
        let planner = arguments.target.planner();
        sides.intents = Some(asked(&target, request, planner, terminal).await?);
    }
    Ok(sides)
}

/// The values of the next deployment that are known and may be shown.
fn known_values(
    template: &Value,
    parameters: &BTreeMap<String, ParameterValue>,
    deployed: &DeployedStack,
) -> BTreeMap<String, String> {
    let declared = template.get("Parameters").and_then(Value::as_object);
    let declared = declared.into_iter().flatten();
    let value = |(name, declaration): (&String, &Value)| {
        let value = match parameters.get(name) {
            Some(ParameterValue::Given(_)) if declaration["NoEcho"] == true => SECRET.to_owned(),
            Some(ParameterValue::Given(value)) => value.clone(),
            Some(ParameterValue::Previous) => deployed.parameters.get(name)?.clone(),
            None => deploy::parameter_default(template, name)?,
        };
        Some((name.clone(), value))
    };
    declared.filter_map(value).collect()
}

/// Functions that are not deployed have no package yet; the others keep theirs.
fn with_packages(
    definition: &Definition,
    mut parameters: BTreeMap<String, ParameterValue>,
    terminal: Terminal,
) -> BTreeMap<String, ParameterValue> {
    for function in definition.functions {
        let key = assets::code_key_parameter(function);
        parameters.entry(key).or_insert_with(|| {
            terminal.say(&format!(
                "function {function} is not packaged: CloudFormation is asked with a placeholder for its code"
            ));
            ParameterValue::Given(NOT_PACKAGED.to_owned())
        });
    }
    parameters
}

/// Has CloudFormation work out a change set, which is then deleted.
async fn asked(
    target: &Target,
    mut request: StackRequest,
    planner: Planner,
    terminal: Terminal,
) -> Result<Vec<review::Intent>, CommandError> {
    // Long templates go through the bucket. A review makes none: without it the plan says that one is needed.
    if let Some(bucket) = deploy::find_asset_bucket(target).await? {
        request = request.asset_bucket(bucket);
    }
    let step = terminal.step("Ask CloudFormation what it intends");
    let plan = deploy::plan_stack(target, &request, &mut |event| {
        crate::deployment::show(&step, &event);
    })
    .await?;
    let Some(plan) = plan else {
        step.done("nothing");
        return Ok(Vec::new());
    };
    crate::deployment::give_up(&plan, target, terminal).await;
    step.done(&format!("{} resources", plan.changes.len()));
    Ok(intents(&plan.changes, planner))
}
