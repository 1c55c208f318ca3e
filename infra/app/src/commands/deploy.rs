//! `infra deploy`.

use std::collections::BTreeMap;
use std::path::Path;

use deploy::{Deployed, Target};
use package::Asset;
use review::{Review, SectionChange, StackReview};
use serde_json::json;

use super::outputs::table;
use crate::CommandError;
use crate::cli::{DeployArguments, ReportFormat};
use crate::deployment::approval::{Approval, is_code_only};
use crate::deployment::plan_file::PlanFile;
use crate::deployment::planning::{self, Planned};
use crate::deployment::preparing::{Prepared, package};
use crate::deployment::{execution, give_up, order, show};
use crate::error::file;
use crate::interruption::Guard;
use crate::stacks;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &DeployArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let guards = Guards::of(arguments)?;
    let target = arguments.target.connect().await?;
    let deployed = match &arguments.plan {
        Some(path) => planned_before(path, arguments, &guards, &target, terminal).await?,
        None => stacks_in_order(arguments, &guards, &target, terminal).await?,
    };
    terminal.data(&outputs(&deployed, arguments.format));
    Ok(())
}

type Stacks = BTreeMap<String, Deployed>;

/// What guards a stack from its deployment on.
struct Guards {
    policy: Option<String>,
    against_deletion: bool,
}

impl Guards {
    fn of(arguments: &DeployArguments) -> Result<Self, CommandError> {
        let policy = arguments.stack_policy.as_deref().map(read_policy);
        Ok(Self {
            policy: policy.transpose()?,
            against_deletion: arguments.termination_protection,
        })
    }

    async fn set(&self, target: &Target, stack: &str) -> Result<(), CommandError> {
        if let Some(policy) = &self.policy {
            deploy::set_stack_policy(target, stack, policy).await?;
        }
        if self.against_deletion {
            deploy::protect_stack(target, stack, true).await?;
        }
        Ok(())
    }
}

/// Executes a plan that somebody approved, or follows it where an earlier run has begun that.
async fn planned_before(
    path: &Path,
    arguments: &DeployArguments,
    guards: &Guards,
    target: &Target,
    terminal: Terminal,
) -> Result<Stacks, CommandError> {
    let file = PlanFile::read(path)?;
    file.require_place(target).await?;
    let (stack, format) = (&file.stack, arguments.format);
    let Some(plan) = &file.plan else {
        terminal.say(&format!("{stack}: no changes"));
        let deployed = deploy::unchanged(target, stack).await?;
        guards.set(target, stack).await?;
        return Ok(Stacks::from([(stack.clone(), deployed)]));
    };
    let by = arguments.target.planner();
    let deployed = match file.checked(plan, target, by).await {
        Ok(planned) => {
            let approved = Approval::of_plan(&arguments.approval)
                .decide(&planned, terminal)
                .await;
            approved.inspect_err(|_| say_all(&planned, terminal))?;
            execution::run(&planned, target, format, terminal).await?
        }
        Err(error) if is_under_way(&error) => {
            let step = terminal.step(&format!("Look for the plan in stack {stack}"));
            let mut listener = |event| show(&step, &event);
            deploy::await_execution(target, plan, &mut listener).await?;
            step.done("it was executed");
            execution::taken_up(stack, &file.lines, target, format, terminal).await?
        }
        Err(error) => return Err(error),
    };
    guards.set(target, stack).await?;
    Ok(Stacks::from([(stack.clone(), deployed)]))
}

/// Stacks that do not need each other are deployed at the same time, after all of them were approved.
async fn stacks_in_order(
    arguments: &DeployArguments,
    guards: &Guards,
    target: &Target,
    terminal: Terminal,
) -> Result<Stacks, CommandError> {
    let mut deployed = Stacks::new();
    let stacks = prepared(arguments, terminal)?;
    // All of them before the first is deployed: what does not compile then keeps everything as it is.
    let packages = package(&stacks, &arguments.build, &arguments.target, terminal)?;
    for wave in order::waves(stacks, target).await? {
        let mut approved = Vec::new();
        let mut failures = Vec::new();
        for stack in &wave {
            let assets = stack.own(&packages);
            match approved_or_done(stack, &assets, arguments, target, terminal).await {
                Ok(Planning::Approved(planned)) => approved.push(*planned),
                Ok(Planning::Done(ended)) => {
                    failures.extend(guards.set(target, &stack.stack_name).await.err());
                    deployed.insert(stack.stack_name.clone(), ended);
                }
                Err(error) => {
                    // What was approved was approved together with this.
                    for planned in &approved {
                        give_up(&planned.plan, target, terminal).await;
                    }
                    return Err(error);
                }
            }
        }
        for (stack, ended) in executed(&approved, arguments.format, target, terminal).await {
            match ended {
                Ok(ended) => {
                    failures.extend(guards.set(target, &stack).await.err());
                    deployed.insert(stack, ended);
                }
                Err(failure) => failures.push(failure),
            }
        }
        CommandError::of_all(failures)?;
    }
    Ok(deployed)
}

/// Executes plans at the same time; says of each stack how that ended.
async fn executed(
    plans: &[Planned],
    format: ReportFormat,
    target: &Target,
    terminal: Terminal,
) -> Vec<(String, Result<Deployed, CommandError>)> {
    let running = plans.iter().map(|planned| async move {
        let ended = execution::run(planned, target, format, terminal).await;
        (planned.plan.stack.clone(), ended)
    });
    futures_util::future::join_all(running).await
}

/// How far a stack is before its wave is executed.
enum Planning {
    Approved(Box<Planned>),
    Done(Deployed),
}

async fn approved_or_done(
    stack: &Prepared,
    assets: &[Asset],
    arguments: &DeployArguments,
    target: &Target,
    terminal: Terminal,
) -> Result<Planning, CommandError> {
    let (name, lines, format) = (&stack.stack_name, &stack.lines, arguments.format);
    let ended = match approved_plan(stack, assets, arguments, target, terminal).await {
        Ok(Some(planned)) => return Ok(Planning::Approved(Box::new(planned))),
        Ok(None) => deploy::unchanged(target, name).await?,
        Err(error) if is_under_way(&error) => {
            execution::taken_up(name, lines, target, format, terminal).await?
        }
        Err(error) => return Err(error),
    };
    Ok(Planning::Done(ended))
}

/// Whether an earlier run has begun this very deployment.
fn is_under_way(error: &CommandError) -> bool {
    matches!(error, CommandError::Deploy(error) if matches!(**error, deploy::Error::UnderWay { .. }))
}

fn prepared(
    arguments: &DeployArguments,
    terminal: Terminal,
) -> Result<Vec<Prepared>, CommandError> {
    let all = stacks::ALL.iter().collect();
    let definitions = if arguments.all {
        all
    } else {
        let names = arguments.stacks.iter();
        names
            .map(|name| stacks::find(name))
            .collect::<Result<Vec<_>, _>>()?
    };
    if definitions.len() > 1 && arguments.settings.stack_name.is_some() {
        return Err(CommandError::OneNameForMany);
    }
    definitions
        .into_iter()
        .map(|definition| {
            Prepared::of(definition, &arguments.settings, &arguments.target, terminal)
        })
        .collect()
}

/// The plan of a stack, once it is approved. None when nothing changes. One that is not approved is given up.
async fn approved_plan(
    prepared: &Prepared,
    assets: &[Asset],
    arguments: &DeployArguments,
    target: &Target,
    terminal: Terminal,
) -> Result<Option<Planned>, CommandError> {
    let by = arguments.target.planner();
    let planned = planning::plan(prepared, assets, by, target, terminal).await?;
    let Some(planned) = planned else {
        return Ok(None);
    };
    say(&planned, terminal);
    let approval = Approval::of(&arguments.approval, arguments.target.local);
    // Ctrl-C may be the answer, and then the plan is given up before the process ends.
    let _guard = Guard::begin();
    match approval.decide(&planned, terminal).await {
        Ok(()) => Ok(Some(planned)),
        Err(refused) => {
            if planned.plan.create {
                say_all(&planned, terminal);
            }
            give_up(&planned.plan, target, terminal).await;
            Err(refused)
        }
    }
}

/// New code is one line; everything else is the review.
fn say(planned: &Planned, terminal: Terminal) {
    if planned.plan.create {
        let count = planned.plan.changes.len();
        terminal.say(&format!("{}: new, {count} resources", planned.plan.stack));
        for line in settings(&planned.review) {
            terminal.say(&format!("  {line}"));
        }
        return;
    }
    if is_code_only(&planned.review) {
        let functions = planned.review.changes.iter();
        let functions: Vec<_> = functions.map(|change| change.logical_id.as_str()).collect();
        let stack = &planned.plan.stack;
        terminal.say(&format!("{stack}: new code for {}", functions.join(", ")));
        return;
    }
    say_all(planned, terminal);
}

/// What a stack is given beside its template.
fn settings(review: &StackReview) -> Vec<String> {
    let security = review.security.iter();
    let security = security.filter(|change| change.logical_id == review.name);
    let security = security.map(|change| change.explanation.clone());
    let tags = review.sections.iter();
    let tags = tags.filter(|section| section.section == "Tags");
    let value = |section: &SectionChange| section.properties.first()?.new.clone();
    let tags = tags.filter_map(|tag| Some(format!("tag {} = {}", tag.name, value(tag)?.as_str()?)));
    security.chain(tags).collect()
}

/// The whole review.
fn say_all(planned: &Planned, terminal: Terminal) {
    let review = Review::of([planned.review.clone()]);
    terminal.say(
        review
            .to_text(&planned.source_lines(), terminal.colours())
            .trim_end(),
    );
}

fn read_policy(path: &Path) -> Result<String, CommandError> {
    let text = std::fs::read_to_string(path).map_err(file("read", path))?;
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(CommandError::UnreadablePolicy {
            path: path.display().to_string(),
            problem: error.to_string(),
        }),
    }
}

fn outputs(deployed: &Stacks, format: ReportFormat) -> String {
    let stacks = deployed.iter();
    let stacks = stacks.map(|(name, stack)| (name.as_str(), &stack.outputs));
    match format {
        ReportFormat::Json => {
            let outputs: BTreeMap<_, _> = stacks.collect();
            json!({"event": "deployed", "outputs": outputs}).to_string()
        }
        ReportFormat::Text => table(&stacks.collect::<Vec<_>>()),
    }
}
