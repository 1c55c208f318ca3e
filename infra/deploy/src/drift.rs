//! What was changed about a stack's resources in another way than by CloudFormation.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::{
    operation::describe_stack_drift_detection_status::DescribeStackDriftDetectionStatusOutput,
    types::{StackDriftDetectionStatus, StackResourceDrift, StackResourceDriftStatus},
};
use serde::Serialize;

use crate::{
    Error, Listener, Resource, Target, error::service, patience::Patience, stack_resources,
};

/// A stack held against what its template says, as far as CloudFormation can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// All resources, in the order in which CloudFormation lists them.
    pub resources: Vec<ResourceDrift>,
    /// Why some could not be compared that should have been; they are among those not checked.
    pub incomplete: Option<String>,
}

/// A resource held against what its template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceDrift {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS.
    pub physical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// What came of it.
    pub status: DriftStatus,
    /// CloudFormation's explanation, where it gives one.
    pub reason: Option<String>,
    /// What differs, in a resource that is modified.
    pub differences: Vec<PropertyDifference>,
}

/// Whether a resource is as its template says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DriftStatus {
    /// It has gone.
    Deleted,
    /// A property that the template sets is another.
    Modified,
    /// Nobody knows: CloudFormation cannot compare resources of this type, or could not compare this one.
    NotChecked,
    /// Every property that the template sets is so.
    InSync,
}

impl DriftStatus {
    /// Whether the resource is certainly not as its template says.
    pub fn is_drift(self) -> bool {
        matches!(self, Self::Deleted | Self::Modified)
    }
}

/// A property that is not as the template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PropertyDifference {
    /// Where it is below the resource's properties, as a JSON pointer.
    pub path: String,
    /// What the template says, a scalar or JSON; none where it says nothing about this entry of a list or an object.
    pub expected: Option<String>,
    /// What it is; none where it is not there.
    pub actual: Option<String>,
}

impl Drift {
    /// How many resources are certainly not as the template says.
    pub fn drifted(&self) -> usize {
        let resources = self.resources.iter();
        resources
            .filter(|resource| resource.status.is_drift())
            .count()
    }

    /// How many resources were not compared, by type.
    pub fn not_checked(&self) -> BTreeMap<&str, usize> {
        let mut types = BTreeMap::new();
        for resource in &self.resources {
            if resource.status == DriftStatus::NotChecked {
                *types.entry(resource.resource_type.as_str()).or_default() += 1;
            }
        }
        types
    }
}

/// Has CloudFormation compare the stack's resources with its template, waits, and says what it found.
///
/// Only properties that the template sets are compared, and only for the types that CloudFormation can read ("Detect unmanaged
/// configuration changes", AWS documentation).
pub async fn detect_drift(
    target: &Target,
    stack: &str,
    listener: &mut Listener<'_>,
) -> Result<Drift, Error> {
    let started = target
        .cloudformation()
        .detect_stack_drift()
        .stack_name(stack)
        .send()
        .await
        .map_err(service(format!("detect the drift of stack `{stack}`")))?;
    let id = started.stack_drift_detection_id.unwrap_or_default();
    let ended = ended(target, stack, &id, listener).await?;
    let mut found = found(target, stack).await?;
    // What cannot be compared is not in CloudFormation's answer, so the stack's own list decides what there is.
    let resources = stack_resources(target, stack).await?.into_iter();
    let resources = resources
        .filter(|resource| resource.status != "DELETE_COMPLETE")
        .map(|resource| match found.remove(&resource.logical_id) {
            Some(drift) => compared(resource, drift),
            None => not_checked(resource),
        });
    Ok(Drift {
        resources: resources.collect(),
        incomplete: incomplete(ended),
    })
}

async fn ended(
    target: &Target,
    stack: &str,
    id: &str,
    listener: &mut Listener<'_>,
) -> Result<DescribeStackDriftDetectionStatusOutput, Error> {
    let mut pauses = target.polling().start();
    let mut patience = Patience::new(target.polling());
    loop {
        match detection(target, stack, id).await {
            Ok(answer)
                if answer.detection_status()
                    == Some(&StackDriftDetectionStatus::DetectionInProgress) =>
            {
                patience.restore();
                pauses.pause().await;
            }
            Ok(answer) => return Ok(answer),
            Err(fault) => patience.bear(fault, listener).await?,
        }
    }
}

async fn detection(
    target: &Target,
    stack: &str,
    id: &str,
) -> Result<DescribeStackDriftDetectionStatusOutput, Error> {
    target
        .cloudformation()
        .describe_stack_drift_detection_status()
        .stack_drift_detection_id(id)
        .send()
        .await
        .map_err(service(format!(
            "follow the detection of the drift of stack `{stack}`"
        )))
}

fn incomplete(ended: DescribeStackDriftDetectionStatusOutput) -> Option<String> {
    let failed = ended.detection_status != Some(StackDriftDetectionStatus::DetectionComplete);
    failed.then(|| {
        ended
            .detection_status_reason
            .unwrap_or_else(|| "CloudFormation gives no reason".into())
    })
}

/// The resources that were compared, by their names in the template.
async fn found(
    target: &Target,
    stack: &str,
) -> Result<BTreeMap<String, StackResourceDrift>, Error> {
    let mut drifts = BTreeMap::new();
    let mut pages = target
        .cloudformation()
        .describe_stack_resource_drifts()
        .stack_name(stack)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(service(format!("read the drift of stack `{stack}`")))?;
        for drift in page.stack_resource_drifts.unwrap_or_default() {
            drifts.insert(drift.logical_resource_id.clone().unwrap_or_default(), drift);
        }
    }
    Ok(drifts)
}

fn compared(resource: Resource, drift: StackResourceDrift) -> ResourceDrift {
    let differences = drift.property_differences.unwrap_or_default().into_iter();
    let differences = differences.map(|difference| PropertyDifference {
        path: difference.property_path.unwrap_or_default(),
        expected: said(difference.expected_value),
        actual: said(difference.actual_value),
    });
    ResourceDrift {
        status: match drift.stack_resource_drift_status {
            Some(StackResourceDriftStatus::InSync) => DriftStatus::InSync,
            Some(StackResourceDriftStatus::Modified) => DriftStatus::Modified,
            Some(StackResourceDriftStatus::Deleted) => DriftStatus::Deleted,
            // Also what a later version of the API may say.
            _ => DriftStatus::NotChecked,
        },
        reason: drift.drift_status_reason,
        differences: differences.collect(),
        ..not_checked(resource)
    }
}

/// CloudFormation writes `null` for a side that has no value.
fn said(value: Option<String>) -> Option<String> {
    value.filter(|value| value != "null")
}

fn not_checked(resource: Resource) -> ResourceDrift {
    ResourceDrift {
        logical_id: resource.logical_id,
        physical_id: resource.physical_id,
        resource_type: resource.resource_type,
        status: DriftStatus::NotChecked,
        reason: None,
        differences: Vec::new(),
    }
}
