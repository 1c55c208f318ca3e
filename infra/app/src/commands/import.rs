//! `infra import`.

use constructs::deployed_name;
use deploy::{Change, Event, ImportRequest, Plan, Target};
use serde_json::json;

use crate::CommandError;
use crate::advice::named;
use crate::cli::{ImportArguments, ReportFormat};
use crate::deployment::{give_up, show};
use crate::interruption::{Answer, answer, watched};
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
        return taken_up(name, &target, terminal).await;
    }
    let request = request(arguments, &target).await?;
    let step = terminal.step("Work out the import");
    let plan = deploy::plan_import(&target, &request, &mut |event| show(&step, &event)).await?;
    let changes = plan.changes.clone();
    let stack = plan.stack.clone();
    show(&step, &Event::Planned { stack, changes });
    step.done(&format!("{} resources", plan.changes.len()));
    if !arguments.yes
        && let Err(refused) = confirm(&plan, terminal).await
    {
        give_up(&plan, &target, terminal).await;
        return Err(refused);
    }
    let step = terminal.step(&format!("Import into stack {}", plan.stack));
    let mut listener = |event| show(&step, &event);
    let work = async { Ok(deploy::execute_import(&target, &plan, &mut listener).await?) };
    watched(work, &plan.stack, &target).await?;
    step.done("imported");
    terminal.data(&match arguments.format {
        ReportFormat::Text => text(&plan.changes),
        ReportFormat::Json => document(&plan),
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

/// Follows the import that an earlier run, or somebody else, has begun.
async fn taken_up(stack: &str, target: &Target, terminal: Terminal) -> Result<(), CommandError> {
    let step = terminal.step(&format!("Follow the import into stack {stack}"));
    let mut listener = |event| show(&step, &event);
    let work = async { Ok(deploy::attach(target, stack, &mut listener).await?) };
    watched(work, stack, target).await?;
    step.done("imported, as it was begun");
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

fn text(changes: &[Change]) -> String {
    let lines: Vec<String> = changes
        .iter()
        .map(|change| format!("imported  {} ({})", change.logical_id, change.resource_type))
        .collect();
    lines.join("\n")
}

fn document(plan: &Plan) -> String {
    let imported: Vec<_> = plan
        .changes
        .iter()
        .map(|change| {
            json!({"logical_id": change.logical_id, "resource_type": change.resource_type})
        })
        .collect();
    let document = json!({"stack": plan.stack, "created": plan.create, "imported": imported});
    format!("{document:#}")
}
