//! Deployment with progress on the terminal: synth, package, upload, change set, wait.

use std::collections::BTreeMap;

use constructs::assets;
use deploy::{Deployed, Event, Outcome, StackRequest, Target, Upload};
use package::Asset;

use crate::CommandError;
use crate::stacks::Definition;
use crate::terminal::{Step, Terminal};

/// A template with the packages of its functions, on its way to a target.
#[derive(Debug)]
pub struct Deployment<'a> {
    /// The stack's definition.
    pub definition: &'a Definition,
    /// The name under which it is deployed.
    pub stack_name: &'a str,
    /// The template, JSON.
    pub template: String,
    /// The packages.
    pub assets: &'a [Asset],
    /// Template parameters beside those of the code.
    pub parameters: BTreeMap<String, String>,
}

/// Uploads the packages and deploys the stack.
///
/// # Errors
/// Whatever CloudFormation or S3 answered, with the resource that failed first.
pub async fn deploy(
    deployment: &Deployment<'_>,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let step = terminal.step("Upload packages");
    let mut uploaded = 0;
    let bucket = deploy::ensure_asset_bucket(target, &mut |event| show(&step, &event)).await?;
    let uploads: Vec<Upload> = deployment.assets.iter().map(upload).collect();
    let mut count = |event: Event| {
        uploaded += usize::from(matches!(event, Event::Uploaded { .. }));
        show(&step, &event);
    };
    deploy::upload(target, &bucket, &uploads, &mut count).await?;
    step.done(&format!(
        "{uploaded} new, {} already there, to {}",
        uploads.len() - uploaded,
        bucket.name
    ));

    let step = terminal.step(&format!("Deploy stack {}", deployment.stack_name));
    let request = request(deployment, &bucket.name).asset_bucket(bucket);
    let deployed = deploy::deploy_stack(target, &request, &mut |event| show(&step, &event)).await?;
    step.done(match deployed.outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "no changes",
    });
    Ok(deployed)
}

fn upload(asset: &Asset) -> Upload {
    Upload {
        path: asset.zip_path.clone(),
        key: asset.key.clone(),
    }
}

fn request(deployment: &Deployment<'_>, bucket: &str) -> StackRequest {
    let mut request = StackRequest::new(deployment.stack_name, &deployment.template);
    for asset in deployment.assets {
        request = request
            .parameter(assets::code_key_parameter(&asset.function), &asset.key)
            .parameter(
                assets::ARCHITECTURE_PARAMETER,
                asset.architecture.to_string(),
            );
    }
    if !deployment.assets.is_empty() {
        request = request.parameter(assets::BUCKET_PARAMETER, bucket);
    }
    deployment
        .parameters
        .iter()
        .fold(request, |request, (name, value)| {
            request.parameter(name, value)
        })
}

/// Shows an event of a deployment: what lasts as a line, what passes as the step's detail.
pub fn show(step: &Step, event: &Event) {
    match event {
        Event::Planned { changes, .. } => {
            for change in changes {
                let replaced = if change.replacement.as_deref() == Some("True") {
                    ", replaced"
                } else {
                    ""
                };
                step.line(&format!(
                    "{:<7} {} ({}{replaced})",
                    change.action.to_lowercase(),
                    change.logical_id,
                    change.resource_type
                ));
            }
        }
        Event::Resource(resource) => {
            step.detail(&format!("{} {}", resource.logical_id, resource.status));
            if resource.status.ends_with("FAILED") {
                let reason = resource.reason.as_deref().unwrap_or("no reason given");
                step.line(&format!(
                    "{} {}: {reason}",
                    resource.logical_id, resource.status
                ));
            }
        }
        Event::DeletingFailedStack { stack, status } => step.line(&format!(
            "stack {stack} is in {status}: it is deleted first"
        )),
        Event::DeletingStaleChangeSet { change_set } => step.line(&format!(
            "change set {change_set} of an interrupted deployment is deleted"
        )),
        Event::BucketEmptied { bucket, versions } => {
            step.line(&format!("{bucket} emptied: {versions} object versions"));
        }
        Event::Uploading { key, .. } => step.detail(key),
        Event::Planning { .. } => step.detail("CloudFormation works out the changes"),
        _ => {}
    }
}
