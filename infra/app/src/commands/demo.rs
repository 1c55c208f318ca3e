//! `infra demo`: the whole product on one machine.

use std::path::{Path, PathBuf};

use deploy::{Destruction, Target};
use local::covers::Archive;

use crate::CommandError;
use crate::cli::{BuildArguments, DemoArguments};
use crate::commands::local as local_command;
use crate::connection::local_target;
use crate::deployment::{self, Deployment};
use crate::error::file;
use crate::interruption::Guard;
use crate::packaging::{self, megabytes};
use crate::pipeline::Pipeline;
use crate::session::{Session, report};
use crate::stacks::{self, Definition};
use crate::synthesis::{self, LocalTemplate};
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;
use crate::{simulator, sql, workspace};

/// Few enough columns for a terminal.
const SQL: &str =
    "SELECT title, author, publisher, published_year, isbn, confidence FROM books ORDER BY title";

pub(super) async fn run(arguments: &DemoArguments, terminal: Terminal) -> Result<(), CommandError> {
    let definition = stacks::find("vision")?;
    let archive = archive(arguments, terminal)?;
    let assets = packaging::package(definition.functions, &BuildArguments::local(), terminal)?;
    let template = template(definition, terminal)?;
    let deployment = Deployment {
        definition,
        stack_name: definition.name,
        template: template.json,
        assets: &assets,
        parameters: definition.local_parameters(),
        settings: deploy::Settings::default(),
    };

    if arguments.keep {
        let state = local_command::up(&arguments.simulator, terminal).await?;
        let target = local_target(&state.aws.endpoint, &state.region).await?;
        show(&deployment, &target, &archive, arguments, terminal).await?;
        terminal.say("Everything is left running. Ask more with `cargo infra query --local \"SELECT ...\"`, stop it with `cargo infra local down`.");
        local_command::describe(&state, terminal);
        return Ok(());
    }

    let step = terminal.step("Start the local AWS");
    let session = Session::start(
        &workspace::target_directory(),
        simulator::config(&arguments.simulator)?,
        &report(&step),
    )
    .await?;
    step.done(session.aws().endpoint());
    // The local AWS is stopped before the process ends.
    let _guard = Guard::begin();
    let outcome = tokio::select! {
        outcome = show(&deployment, session.target(), &archive, arguments, terminal) => outcome,
        _ = tokio::signal::ctrl_c() => Err(CommandError::Interrupted),
    };
    let outcome = match outcome {
        Ok(()) => destroy(session.target(), definition.name, terminal).await,
        Err(error) => Err(error),
    };
    session.stop().await;
    outcome
}

/// The user's archive, or one of generated covers.
fn archive(arguments: &DemoArguments, terminal: Terminal) -> Result<PathBuf, CommandError> {
    if let Some(path) = &arguments.zip {
        std::fs::metadata(path).map_err(file("read", path))?;
        return Ok(path.clone());
    }
    let path = workspace::target_directory()
        .join("demo")
        .join("covers.zip");
    let step = terminal.step("Draw covers");
    super::covers::write(
        &path,
        Archive {
            covers: arguments.covers as usize,
            poison: false,
        },
    )?;
    step.done(&format!("{} of them, {}", arguments.covers, path.display()));
    Ok(path)
}

fn template(definition: &Definition, terminal: Terminal) -> Result<LocalTemplate, CommandError> {
    let step = terminal.step("Synthesize the template");
    let template = synthesis::local(definition, &synthesis::synthesize(definition)?)?;
    for missing in template.missing() {
        step.line(&format!("not on this machine: {missing}"));
    }
    step.done(&format!("{} resources, checked", template.resources));
    Ok(template)
}

async fn show(
    deployment: &Deployment<'_>,
    target: &Target,
    archive: &Path,
    arguments: &DemoArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let deployed = deployment::deploy(deployment, target, terminal).await?;
    let pipeline = Pipeline::from_outputs(&deployed.outputs)?;

    let step = terminal.step("Upload the archive");
    let size = pipeline.upload(target, archive).await?;
    step.done(&format!("{} to {}", megabytes(size), pipeline.landing));

    let step = terminal.counted_step("Read the covers", 0);
    let progress = pipeline
        .settle(target, |progress| {
            step.total(progress.images as u64);
            step.position((progress.records + progress.failures) as u64);
            step.detail(&format!("{} failed", progress.failures));
        })
        .await?;
    step.done(&format!(
        "{} images, {} records, {} failed",
        progress.images, progress.records, progress.failures
    ));
    if progress.records == 0 {
        return Err(CommandError::NoRecords {
            failures: progress.failures,
            queue: pipeline.failures,
        });
    }
    if progress.failures > 0 {
        terminal.warn(&format!(
            "{} inputs are in the failure queue, each with its reason: {}",
            progress.failures, pipeline.failures
        ));
    }

    let step = terminal.step("Query with SQL");
    let views = (deployment.definition.views)();
    let table = sql::query(
        target,
        &pipeline.scope,
        &views,
        arguments.sql.as_deref().unwrap_or(SQL),
    )
    .await?;
    step.done("");
    terminal.data(&render(&table, TableFormat::Text));
    Ok(())
}

async fn destroy(target: &Target, stack: &str, terminal: Terminal) -> Result<(), CommandError> {
    let step = terminal.step(&format!("Destroy stack {stack}"));
    deploy::destroy_stack(target, &Destruction::of(stack), &mut |event| {
        deployment::show(&step, &event);
    })
    .await?;
    step.done("deleted");
    Ok(())
}
