//! `infra gc`.

use std::time::SystemTime;

use deploy::{AssetBucket, Event, Garbage, Target};
use serde_json::{Value, json};

use crate::CommandError;
use crate::cli::{GarbageArguments, ReportFormat};
use crate::packaging::megabytes;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &GarbageArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let Some(bucket) = deploy::find_asset_bucket(&target).await? else {
        return Err(CommandError::NoAssetBucket);
    };
    let step = terminal.step("Look for objects that no stack refers to");
    let mut stacks = 0;
    let mut reading = |event: Event| {
        if let Event::ReadingStack { stack } = event {
            stacks += 1;
            step.detail(&stack);
        }
    };
    let garbage = deploy::find_garbage(&target, &bucket, SystemTime::now(), &mut reading).await?;
    step.done(&format!("{stacks} stacks read"));
    if arguments.yes && !garbage.unused.is_empty() {
        delete(&garbage, &bucket, &target, terminal).await?;
    }
    terminal.data(&match arguments.format {
        ReportFormat::Text => text(&garbage, arguments.yes),
        ReportFormat::Json => format!("{:#}", document(&garbage, arguments.yes)),
    });
    if !arguments.yes && !garbage.unused.is_empty() {
        terminal.say("nothing was deleted: pass --yes to delete these, with all their versions");
    }
    Ok(())
}

async fn delete(
    garbage: &Garbage,
    bucket: &AssetBucket,
    target: &Target,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let versions = garbage.versions();
    let step = terminal.counted_step(
        &format!("Delete them from {}", bucket.name),
        versions as u64,
    );
    let mut deleting = |event: Event| {
        if let Event::GarbageDeleted { versions } = event {
            step.position(versions as u64);
        }
    };
    deploy::delete_garbage(target, bucket, garbage, &mut deleting).await?;
    step.done(&format!("{versions} versions"));
    Ok(())
}

fn text(garbage: &Garbage, deleted: bool) -> String {
    let objects = garbage.unused.iter();
    let mut lines: Vec<String> = objects
        .map(|object| format!("{:>10}  {}", megabytes(object.size), object.key))
        .collect();
    lines.push(format!(
        "{} {} objects, {}; {} are in use, {} younger than a day, {} not ours",
        if deleted { "deleted" } else { "unused:" },
        garbage.unused.len(),
        megabytes(garbage.size()),
        garbage.in_use,
        garbage.young,
        garbage.foreign
    ));
    lines.join("\n")
}

fn document(garbage: &Garbage, deleted: bool) -> Value {
    let mut document = json!(garbage);
    document["deleted"] = json!(deleted);
    document
}
