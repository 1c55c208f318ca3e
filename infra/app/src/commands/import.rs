//! `infra import`.

use constructs::deployed_name;
use deploy::{Change, Event, ImportRequest, Plan, Target};
use serde::Serialize;
use serde_json::json;

use crate::CommandError;
use crate::advice::named;
use crate::cli::{ImportArguments, ReportFormat};
use crate::deployment::{give_up, show};
use crate::interruption::{Answer, Guard, answer, watched};
use crate::stacks;
use crate::synthesis::{self, synthesize};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &ImportArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let name = arguments.stack_name.as_ref().unwrap_or(&arguments.stack);
    if deploy::stack_status(&target, name).await?.as_deref() == Some("IMPORT_IN_PROGRESS") {
        follow(name, &target, terminal).await?;
        if let Some(imported) = all_there(arguments, name, &target).await? {
            terminal.data(&match arguments.format {
                ReportFormat::Text => text(&imported),
                ReportFormat::Json => document(name, false, &imported),
            });
            return Ok(());
        }
    }
    let request = request(arguments, &target).await?;
    let step = terminal.step("Work out the import");
    let plan = deploy::plan_import(&target, &request, &mut |event| show(&step, &event)).await?;
    let changes = plan.changes.clone();
    let stack = plan.stack.clone();
    show(&step, &Event::Planned { stack, changes });
    step.done(&format!("{} resources", plan.changes.len()));
    let guard = Guard::begin();
    if !arguments.yes
        && let Err(refused) = confirm(&plan, terminal).await
    {
        give_up(&plan, &target, terminal).await;
        return Err(refused);
    }
    drop(guard);
    let step = terminal.step(&format!("Import into stack {}", plan.stack));
    let mut listener = |event| show(&step, &event);
    let work = async { Ok(deploy::execute_import(&target, &plan, &mut listener).await?) };
    watched(work, &plan.stack, &target).await?;
    step.done("imported");
    let imported: Vec<_> = plan.changes.iter().map(Imported::of).collect();
    terminal.data(&match arguments.format {
        ReportFormat::Text => text(&imported),
        ReportFormat::Json => document(&plan.stack, plan.create, &imported),
    });
    let stack = named(
        &arguments.stack,
        arguments.stack_name.as_deref(),
        &arguments.target,
    );
    terminal.say(&format!(
        "nothing else was changed: `infra deploy {stack}` brings the rest of the template, and outputs"
    ));
    Ok(())
}

/// What was asked for, if the stack has all of it now: an import that was under way may have been another.
async fn all_there(
    arguments: &ImportArguments,
    stack: &str,
    target: &Target,
) -> Result<Option<Vec<Imported>>, CommandError> {
    let resources = deploy::stack_resources(target, stack).await?;
    let wanted = arguments.resources.iter();
    let found = wanted.map(|(id, _)| {
        let mut resources = resources.iter();
        let found = resources.find(|resource| resource.logical_id == *id)?;
        Some(Imported {
            logical_id: id.clone(),
            resource_type: found.resource_type.clone(),
        })
    });
    Ok(found.collect())
}

/// Follows the import that an earlier run, or somebody else, has begun.
async fn follow(stack: &str, target: &Target, terminal: Terminal) -> Result<(), CommandError> {
    let step = terminal.step(&format!("Follow the import into stack {stack}"));
    let mut listener = |event| show(&step, &event);
    let work = async { Ok(deploy::attach(target, stack, &mut listener).await?) };
    watched(work, stack, target).await?;
    step.done("it has ended");
    Ok(())
}

async fn request(
    arguments: &ImportArguments,
    target: &Target,
) -> Result<ImportRequest, CommandError> {
    let definition = stacks::find(&arguments.stack)?;
    let name = arguments.stack_name.as_deref().unwrap_or(definition.name);
    let synthesized = synthesize(definition)?;
    deployed_name::check(&synthesized.document, name)?;
    let start = synthesis::start(definition, &synthesized, arguments.target.local)?;
    Ok(ImportRequest {
        stack: name.to_owned(),
        template: start.json,
        resources: arguments.resources.iter().cloned().collect(),
        parameters: arguments.parameters.iter().cloned().collect(),
        // Long templates go through the bucket. An import makes none: without it the error says that one is needed.
        asset_bucket: deploy::find_asset_bucket(target).await?,
    })
}

async fn confirm(plan: &Plan, terminal: Terminal) -> Result<(), CommandError> {
    let stack = &plan.stack;
    let refused = |why: &str| {
        CommandError::NotConfirmed(format!("nothing was imported into stack `{stack}`: {why}"))
    };
    match answer("Type `yes` to import: ".to_owned(), terminal).await {
        Answer::Given(answer) if answer == "yes" => Ok(()),
        Answer::Given(_) => Err(refused("it was not confirmed")),
        Answer::Interrupted => Err(CommandError::Stopped(stack.clone())),
        Answer::Nobody => Err(refused(
            "it needs a confirmation, and nobody can be asked here; --yes imports unasked",
        )),
    }
}

/// A resource that is in the stack now.
#[derive(Serialize)]
struct Imported {
    logical_id: String,
    resource_type: String,
}

impl Imported {
    fn of(change: &Change) -> Self {
        Self {
            logical_id: change.logical_id.clone(),
            resource_type: change.resource_type.clone(),
        }
    }
}

fn text(imported: &[Imported]) -> String {
    let lines = imported.iter();
    let lines: Vec<String> = lines
        .map(|resource| {
            format!(
                "imported  {} ({})",
                resource.logical_id, resource.resource_type
            )
        })
        .collect();
    lines.join("\n")
}

fn document(stack: &str, created: bool, imported: &[Imported]) -> String {
    let document = json!({"stack": stack, "created": created, "imported": imported});
    format!("{document:#}")
}
