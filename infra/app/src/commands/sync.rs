//! `infra sync`.

use constructs::assets;
use deploy::{Code, Event, SyncTarget, Synced};
use package::Asset;
use serde_json::json;

use crate::CommandError;
use crate::advice::named;
use crate::cli::{Architecture, BuildArguments, ReportFormat, SyncArguments};
use crate::deployment::{Sending, show, upload};
use crate::packaging;
use crate::stacks::{self, Definition};
use crate::terminal::Terminal;

pub(super) async fn run(arguments: &SyncArguments, terminal: Terminal) -> Result<(), CommandError> {
    let definition = stacks::find(&arguments.stack)?;
    let name = arguments.stack_name.as_deref().unwrap_or(definition.name);
    let target = arguments.target.connect().await?;
    let Some(stack) = deploy::sync_target(&target, name).await? else {
        return Err(CommandError::NotDeployed(name.to_owned()));
    };
    let again = named(
        definition.name,
        arguments.stack_name.as_deref(),
        &arguments.target,
    );
    let functions = deployed(definition, &stack, |function| {
        terminal.warn(&format!(
            "function {function} is not deployed yet, and is left out; `infra deploy {again}` makes it"
        ));
    });
    if functions.is_empty() {
        return Err(CommandError::NothingToSync(name.to_owned()));
    }
    let assets = packaging::package(&functions, &build(arguments, &stack), terminal)?;
    // Building takes minutes: what was found before may be another stack by now, or a protected one.
    if deploy::sync_target(&target, name).await?.as_ref() != Some(&stack) {
        return Err(CommandError::Overtaken(name.to_owned()));
    }
    let codes: Vec<Code> = assets.iter().map(code).collect();
    let step = terminal.step(&format!("Sync the functions of stack {name}"));
    let bucket = deploy::ensure_asset_bucket(&target, &mut |event| show(&step, &event)).await?;
    let mut is_drift = false;
    let mut sending = Sending::default();
    let synced = deploy::sync_code(&target, &stack, &bucket, &codes, &mut |event| match event {
        Event::CodeGiven { .. } => is_drift = true,
        Event::Synced(synced) if synced.updated => {
            step.line(&line(&synced));
        }
        Event::Uploading { .. }
        | Event::Sent { .. }
        | Event::Resumed { .. }
        | Event::Uploaded { .. } => {
            sending.count(&event);
            step.detail(&sending.to_string());
        }
        event => show(&step, &event),
    })
    .await;
    if is_drift {
        terminal.warn(&format!(
            "stack {name} does not know of this code; `infra deploy {again}` puts that right, a sync of the deployed code goes back"
        ));
    }
    let synced = synced?;
    let updated = synced.iter().filter(|synced| synced.updated).count();
    step.done(&format!(
        "{updated} updated, {} unchanged",
        synced.len() - updated
    ));
    terminal.data(&match arguments.format {
        ReportFormat::Json => format!("{:#}", json!(synced)),
        ReportFormat::Text => synced.iter().map(line).collect::<Vec<_>>().join("\n"),
    });
    Ok(())
}

/// The functions that are deployed, of those that the stack has by now.
fn deployed(
    definition: &Definition,
    stack: &SyncTarget,
    missing: impl Fn(&str),
) -> Vec<&'static str> {
    let mut functions = definition.functions.to_vec();
    functions.retain(|function| {
        let is_deployed = stack.has(&assets::code_key_parameter(function));
        if !is_deployed {
            missing(function);
        }
        is_deployed
    });
    functions
}

/// For the processor that the functions were deployed for: Lambda is not asked to change it.
fn build(arguments: &SyncArguments, stack: &SyncTarget) -> BuildArguments {
    if arguments.target.local {
        return BuildArguments::local();
    }
    let deployed = stack
        .deployed
        .parameters
        .get(assets::ARCHITECTURE_PARAMETER);
    BuildArguments {
        arch: match deployed.map(String::as_str) {
            Some("x86_64") => Architecture::X86_64,
            _ => Architecture::Arm64,
        },
        quick: arguments.quick,
    }
}

fn code(asset: &Asset) -> Code {
    Code {
        parameter: assets::code_key_parameter(&asset.function),
        upload: upload(asset),
    }
}

fn line(synced: &Synced) -> String {
    let word = if synced.updated {
        "updated"
    } else {
        "unchanged"
    };
    format!("{word:<9} {} ({})", synced.logical_id, synced.function)
}
