//! What a deployment would do: worked out by CloudFormation, and held against our own review.

use deploy::{DeployedStack, Plan, PlannedStack, Target};
use package::Asset;
use review::{SourceLines, StackReview, StackSettings, with_parameter_values};
use serde_json::Value;

use super::preparing::Prepared;
use super::{give_up, show, upload_packages};
use crate::CommandError;
use crate::failure::in_full;
use crate::intent::{Planner, intents};
use crate::synthesis::Lines;
use crate::templates::read;
use crate::terminal::Terminal;

/// Stands for a secret that is given anew: nobody can tell whether it changes.
pub(crate) const SECRET: &str = "(secret, given anew)";

/// A change set that waits to be executed, and what it means.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) review: StackReview,
    /// Lines of Rust that declare the resources, by logical id.
    pub(crate) lines: Lines,
    /// Secret parameters that are given anew.
    pub(crate) secrets: Vec<String>,
}

impl Planned {
    pub(crate) fn source_lines(&self) -> SourceLines {
        SourceLines::of_code(&self.review.name, self.lines.clone())
    }
}

/// Uploads the packages and has CloudFormation work out what changes. None when nothing does.
pub(crate) async fn plan(
    prepared: &Prepared,
    assets: &[Asset],
    by: Planner,
    target: &Target,
    terminal: Terminal,
) -> Result<Option<Planned>, CommandError> {
    let deployment = &prepared.with(assets);
    let deployed = deploy::deployed_stack(target, deployment.stack_name).await?;
    prepared.check_parameters(|name| {
        deployed.as_ref().is_some_and(|stack| {
            stack.parameters.contains_key(name) || stack.secrets.contains(name)
        })
    })?;
    let bucket = upload_packages(assets, target, terminal).await?;
    let request = deployment.request(bucket, deployed.as_ref())?;
    let step = terminal.step(&format!("Plan stack {}", deployment.stack_name));
    let plan = deploy::plan_stack(target, &request, &mut |event| show(&step, &event)).await;
    let Some(plan) = plan.map_err(|error| in_full(error.into(), &prepared.lines))? else {
        step.done("no changes");
        let settings = deployed.map(|stack| stack.settings).unwrap_or_default();
        let missing = prepared.settings.missing_in(&settings);
        if !missing.is_empty() {
            terminal.warn(&format!(
                "CloudFormation counts this as no change, and does not set it before the next one: {}",
                missing.join(", ")
            ));
        }
        return Ok(None);
    };
    let secrets = given_secrets(prepared);
    let review = match understood(&plan, deployed.as_ref(), &secrets, by, target).await {
        Ok(review) => review,
        Err(error) => {
            give_up(&plan, target, terminal).await;
            return Err(error);
        }
    };
    step.done(&match plan.changes.len() {
        1 => "1 resource".to_owned(),
        count => format!("{count} resources"),
    });
    Ok(Some(Planned {
        plan,
        review,
        lines: prepared.lines.clone(),
        secrets,
    }))
}

/// What a plan for the stack as it was means. The stack is looked at again: the request was made for what it was, and bringing
/// packages takes its time.
async fn understood(
    plan: &Plan,
    deployed: Option<&DeployedStack>,
    secrets: &[String],
    by: Planner,
    target: &Target,
) -> Result<StackReview, CommandError> {
    let planned = deploy::read_plan(target, plan).await?;
    let now = deploy::deployed_stack(target, &plan.stack).await?;
    if now.as_ref() != deployed {
        return Err(CommandError::Overtaken(plan.stack.clone()));
    }
    reviewed(&plan.stack, deployed, &planned, secrets, by)
}

/// What a plan means, from nothing but what CloudFormation says of the stack and of the plan.
pub(crate) fn reviewed(
    stack: &str,
    deployed: Option<&DeployedStack>,
    planned: &PlannedStack,
    secrets: &[String],
    by: Planner,
) -> Result<StackReview, CommandError> {
    let old = match deployed {
        Some(deployed) => {
            let template = read(&format!("{stack} as deployed"), &deployed.template)?;
            with_parameter_values(template, &deployed.parameters)
        }
        None => Value::Null,
    };
    let new = read(&format!("{stack} as planned"), &planned.template)?;
    let mut values = planned.parameters.clone();
    values.extend(secrets.iter().map(|name| (name.clone(), SECRET.to_owned())));
    let new = with_parameter_values(new, &values);
    let before = deployed.map(|stack| stack.settings.clone());
    let before = before.unwrap_or_default();
    let after = planned.settings.clone().after(&before);
    let intents = intents(&planned.changes, by);
    Ok(review::review(stack, &old, &new)
        .with_settings(&settings(before), &settings(after))
        .with_intents(&intents))
}

/// The same for the review.
fn settings(settings: deploy::Settings) -> StackSettings {
    let deploy::Settings {
        tags,
        role,
        notifications,
    } = settings;
    StackSettings {
        tags,
        role,
        notifications,
    }
}

fn given_secrets(prepared: &Prepared) -> Vec<String> {
    let declared = &prepared.template["Parameters"];
    let is_secret = |name: &&String| declared[name.as_str()]["NoEcho"] == true;
    let given = prepared.parameters.keys();
    given.filter(is_secret).cloned().collect()
}
