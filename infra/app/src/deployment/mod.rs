//! Deployment with progress on the terminal: upload, plan, approval, execution.

pub(crate) mod approval;
pub(crate) mod execution;
pub(crate) mod order;
pub(crate) mod plan_file;
pub(crate) mod planning;
pub(crate) mod preparing;
mod progress;
mod sending;
mod tree;

use std::collections::BTreeMap;

use constructs::assets;
use deploy::{
    AssetBucket, Deployed, DeployedStack, Event, Outcome, ParameterValue, Plan, Settings,
    StackRequest, Target, Upload,
};
use package::Asset;

use crate::CommandError;
use crate::stacks::Definition;
use crate::synthesis::read_back;
use crate::terminal::{Step, Terminal};

pub(crate) use sending::Sending;

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
    /// What a stack has beside its template.
    pub settings: Settings,
}

/// Uploads the packages and deploys the stack without asking: for a local AWS, where nothing can be lost.
///
/// # Errors
/// Whatever CloudFormation or S3 answered, with the resource that failed first.
pub async fn deploy(
    deployment: &Deployment<'_>,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let bucket = upload_packages(deployment.assets, target, terminal).await?;
    let request = deployment.request(bucket, None)?;
    let step = terminal.step(&format!("Deploy stack {}", deployment.stack_name));
    let deployed = deploy::deploy_stack(target, &request, &mut |event| show(&step, &event)).await?;
    step.done(outcome(deployed.outcome));
    Ok(deployed)
}

pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "no changes",
    }
}

/// Brings the packages into the account's asset bucket; those that are there already stay.
pub(crate) async fn upload_packages(
    assets: &[Asset],
    target: &Target,
    terminal: Terminal,
) -> Result<AssetBucket, CommandError> {
    let step = terminal.step("Upload packages");
    let bucket = deploy::ensure_asset_bucket(target, &mut |event| show(&step, &event)).await?;
    let uploads: Vec<Upload> = assets.iter().map(upload).collect();
    let mut sending = Sending::default();
    deploy::upload(target, &bucket, &uploads, &mut |event| match event {
        Event::TryingAgain { .. } => show(&step, &event),
        event => {
            sending.count(&event);
            step.detail(&sending.to_string());
        }
    })
    .await?;
    step.done(&format!(
        "{} new, {} already there, to {}",
        sending.uploaded,
        uploads.len() - sending.uploaded,
        bucket.name
    ));
    Ok(bucket)
}

/// A package on its way to the bucket.
pub(crate) fn upload(asset: &Asset) -> Upload {
    Upload {
        path: asset.zip_path.clone(),
        key: asset.key.clone(),
    }
}

/// Deletes a plan that is not executed. Why it is not is worth more than why it could not be deleted, which is a warning only.
pub(crate) async fn give_up(plan: &Plan, target: &Target, terminal: Terminal) {
    if let Err(left) = deploy::discard_plan(target, plan, &mut |_| ()).await {
        let (stack, change_set) = (&plan.stack, &plan.change_set);
        terminal.warn(&format!(
            "the plan for stack {stack} is left, as change set {change_set}: {left}"
        ));
    }
}

impl Deployment<'_> {
    /// What is asked of CloudFormation; parameters that somebody had set stay, where the stack is deployed already.
    pub(crate) fn request(
        &self,
        bucket: AssetBucket,
        deployed: Option<&DeployedStack>,
    ) -> Result<StackRequest, CommandError> {
        let mut given = self.parameters.clone();
        for asset in self.assets {
            given.insert(
                assets::code_key_parameter(&asset.function),
                asset.key.clone(),
            );
            given.insert(
                assets::ARCHITECTURE_PARAMETER.to_owned(),
                asset.architecture.to_string(),
            );
        }
        if !self.assets.is_empty() {
            given.insert(assets::BUCKET_PARAMETER.to_owned(), bucket.name.clone());
        }
        let parameters = match deployed {
            Some(deployed) => {
                let template = read_back(self.definition, &self.template)?;
                deployed.next_parameters(&template, &given)
            }
            None => given
                .into_iter()
                .map(|(name, value)| (name, ParameterValue::Given(value)))
                .collect(),
        };
        let settings = Settings {
            tags: tags(&self.settings.tags, deployed),
            ..self.settings.clone()
        };
        Ok(StackRequest::new(self.stack_name, &self.template)
            .parameters(parameters)
            .asset_bucket(bucket)
            .settings(settings))
    }
}

/// The tags that a stack is to have: CloudFormation takes those that are sent for all of them, and keeps what it has where none
/// are.
fn tags(
    given: &BTreeMap<String, String>,
    deployed: Option<&DeployedStack>,
) -> BTreeMap<String, String> {
    if given.is_empty() {
        return BTreeMap::new();
    }
    let mut tags = deployed.map_or_else(BTreeMap::new, |stack| stack.settings.tags.clone());
    tags.extend(given.clone());
    tags
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
        Event::Waiting { stack, status } => step.line(&format!(
            "stack {stack} is in {status}, which is waited for"
        )),
        Event::Attached { stack, status } => step.line(&format!(
            "stack {stack} is in {status}: what is under way is followed to its end"
        )),
        Event::TryingAgain { fault } => step.line(&format!(
            "{fault}; in the meantime it is tried again and again"
        )),
        Event::BucketEmptied { bucket, versions } => {
            step.line(&format!("{bucket} emptied: {versions} object versions"));
        }
        Event::Planning { .. } => step.detail("CloudFormation works out the changes"),
        _ => {}
    }
}
