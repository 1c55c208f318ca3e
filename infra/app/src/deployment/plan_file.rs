//! A plan on its way from the one who reviews it to the one who executes it.
//!
//! The file is not trusted: what it says is worked out again from what CloudFormation says, and has to be the same.

use std::path::Path;

use deploy::{Plan, Target};
use review::{Review, StackReview};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::planning::{Planned, reviewed};
use crate::CommandError;
use crate::error::file;
use crate::intent::Planner;
use crate::synthesis::Lines;

/// The form of the file.
const VERSION: u32 = 2;

/// A plan, with the review that was approved.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlanFile {
    version: u32,
    account: String,
    region: String,
    /// Names of the secret parameters that are given anew.
    secrets: Vec<String>,
    /// Lines that declare the resources, for the explanation of a failure.
    pub(crate) lines: Lines,
    /// The deployed stack's name.
    pub(crate) stack: String,
    /// None where nothing was to change.
    pub(crate) plan: Option<Plan>,
    /// As `infra diff --format json` prints it.
    review: Value,
}

impl PlanFile {
    pub(crate) async fn of(planned: &Planned, target: &Target) -> Result<Self, CommandError> {
        Ok(Self {
            version: VERSION,
            account: target.account().await?,
            region: target.region().to_owned(),
            secrets: planned.secrets.clone(),
            lines: planned.lines.clone(),
            stack: planned.plan.stack.clone(),
            plan: Some(planned.plan.clone()),
            review: as_json(&planned.review),
        })
    }

    /// A plan by which nothing changes.
    pub(crate) async fn of_nothing(stack: &str, target: &Target) -> Result<Self, CommandError> {
        Ok(Self {
            version: VERSION,
            account: target.account().await?,
            region: target.region().to_owned(),
            secrets: Vec::new(),
            lines: Lines::new(),
            stack: stack.to_owned(),
            plan: None,
            review: Value::Null,
        })
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), CommandError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        std::fs::write(path, text + "\n").map_err(file("write", path))
    }

    pub(crate) fn read(path: &Path) -> Result<Self, CommandError> {
        let text = std::fs::read_to_string(path).map_err(file("read", path))?;
        let refused = |problem: String| CommandError::UnreadablePlan {
            path: path.display().to_string(),
            problem,
        };
        let plan: Self = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
        if plan.version != VERSION {
            return Err(refused(format!(
                "it has version {}, and this tool reads version {VERSION}",
                plan.version
            )));
        }
        if (plan.plan.as_ref()).is_some_and(|planned| planned.stack != plan.stack) {
            return Err(refused("it is of two stacks".to_owned()));
        }
        Ok(plan)
    }

    /// Whether the plan is for this account and region.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) async fn require_place(&self, target: &Target) -> Result<(), CommandError> {
        let here = (target.account().await?, target.region().to_owned());
        if here == (self.account.clone(), self.region.clone()) {
            return Ok(());
        }
        Err(CommandError::ForeignPlan {
            planned: format!("{} of account {}", self.region, self.account),
            here: format!("{} of account {}", here.1, here.0),
        })
    }

    /// The plan as CloudFormation has it now, if it is what was approved.
    ///
    /// # Errors
    /// When it is stale, or would do something else than the file says.
    pub(crate) async fn checked(
        &self,
        plan: &Plan,
        target: &Target,
        by: Planner,
    ) -> Result<Planned, CommandError> {
        let stack = &plan.stack;
        let planned = deploy::read_plan(target, plan).await?;
        let deployed = deploy::deployed_stack(target, stack).await?;
        // A stack that is there for its plan only has no template.
        if deployed.is_none() != plan.create {
            return Err(CommandError::AlteredPlan(stack.clone()));
        }
        let review = reviewed(stack, deployed.as_ref(), &planned, &self.secrets, by)?;
        if as_json(&review) != self.review || planned.changes != plan.changes {
            return Err(CommandError::AlteredPlan(stack.clone()));
        }
        Ok(Planned {
            plan: plan.clone(),
            review,
            lines: self.lines.clone(),
            secrets: self.secrets.clone(),
        })
    }
}

fn as_json(review: &StackReview) -> Value {
    serde_json::to_value(Review::of([review.clone()])).unwrap_or_default()
}
