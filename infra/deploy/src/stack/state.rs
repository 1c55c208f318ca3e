//! What CloudFormation says about a stack right now.

use std::collections::BTreeMap;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::{
    Error, Listener, Settings, Target,
    error::{means_absent, service},
    patience::Patience,
    stack::history::History,
};

/// A stack that exists or, found by its id, existed.
pub(crate) struct Stack {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    /// The change set that was executed last, by its ARN.
    pub(crate) change_set: Option<String>,
    /// Whether CloudFormation refuses to delete it.
    pub(crate) protected: bool,
    pub(crate) outputs: BTreeMap<String, String>,
    /// The names under which other stacks may import outputs.
    pub(crate) exports: Vec<String>,
    pub(crate) settings: Settings,
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Stack {
    pub(crate) fn in_progress(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS")
    }

    /// Whether nothing is under way in the stack of this name. A plan for a new one does nothing.
    ///
    /// # Errors
    /// When something is.
    pub(crate) fn require_idle(&self, name: &str) -> Result<(), Error> {
        if !self.in_progress() || self.status == "REVIEW_IN_PROGRESS" {
            return Ok(());
        }
        Err(Error::Busy {
            stack: name.to_owned(),
            status: self.status.clone(),
        })
    }

    /// Whether a change set of type UPDATE can be made for it.
    pub(crate) fn accepts_updates(&self) -> bool {
        self.status.ends_with("_COMPLETE")
            && !matches!(
                self.status.as_str(),
                "ROLLBACK_COMPLETE" | "DELETE_COMPLETE"
            )
    }
}

/// Describes a stack by its name or id. Only CloudFormation's own "does not exist" means that there is none.
pub(crate) async fn describe(target: &Target, stack: &str) -> Result<Option<Stack>, Error> {
    let answer = match target
        .cloudformation()
        .describe_stacks()
        .stack_name(stack)
        .send()
        .await
    {
        Ok(answer) => answer,
        Err(error) if says_absent(&error) => return Ok(None),
        Err(error) => return Err(service(format!("describe stack `{stack}`"))(error)),
    };
    let Some(found) = answer.stacks.unwrap_or_default().into_iter().next() else {
        return Ok(None);
    };
    let settings = Settings::of_stack(&found);
    let exports = found.outputs().iter();
    let exports = exports.filter_map(|output| output.export_name.clone());
    let exports = exports.collect();
    let outputs = found.outputs.unwrap_or_default().into_iter();
    let parameters = found.parameters.unwrap_or_default().into_iter();
    Ok(Some(Stack {
        id: found.stack_id.unwrap_or_else(|| stack.to_owned()),
        status: found
            .stack_status
            .map(|status| status.as_str().to_owned())
            .unwrap_or_default(),
        reason: found
            .stack_status_reason
            .filter(|reason| !reason.is_empty()),
        change_set: found.change_set_id,
        protected: found.enable_termination_protection.unwrap_or_default(),
        outputs: outputs
            .filter_map(|output| Some((output.output_key?, output.output_value?)))
            .collect(),
        exports,
        settings,
        parameters: parameters
            .filter_map(|parameter| Some((parameter.parameter_key?, parameter.parameter_value?)))
            .collect(),
    }))
}

/// The same of a stack that has to be there.
pub(crate) async fn require(target: &Target, stack: &str) -> Result<Stack, Error> {
    let found = describe(target, stack).await?;
    found.ok_or_else(|| Error::NoStack(stack.to_owned()))
}

pub(crate) fn says_absent(error: &impl ProvideErrorMetadata) -> bool {
    means_absent(error.code(), error.message())
}

/// Waits until the operation on the stack has ended, passing on its history. None when the stack has gone.
pub(crate) async fn wait(
    target: &Target,
    id: &str,
    history: &mut History,
    listener: &mut Listener<'_>,
) -> Result<Option<Stack>, Error> {
    let ended = watch(target, id, history, listener).await;
    ended.map_err(|cause| Error::LostSight {
        stack: name_of(id).to_owned(),
        cause: Box::new(cause),
    })
}

async fn watch(
    target: &Target,
    id: &str,
    history: &mut History,
    listener: &mut Listener<'_>,
) -> Result<Option<Stack>, Error> {
    let mut pauses = target.polling().start();
    let mut patience = Patience::new(target.polling());
    loop {
        match look(target, id, history, listener).await {
            Ok(Some(stack)) if is_under_way(&stack, history) => {
                patience.restore();
                pauses.pause().await;
            }
            Ok(ended) => return Ok(ended),
            Err(fault) => patience.bear(fault, listener).await?,
        }
    }
}

/// Whether an operation goes on, or this is what was said before it. Nothing but a deletion ends out of sight.
fn is_under_way(stack: &Stack, history: &mut History) -> bool {
    stack.in_progress() || (stack.status != "DELETE_COMPLETE" && !history.is_end(&stack.status))
}

async fn look(
    target: &Target,
    id: &str,
    history: &mut History,
    listener: &mut Listener<'_>,
) -> Result<Option<Stack>, Error> {
    let stack = describe(target, id).await?;
    history.advance(target, listener).await?;
    Ok(stack)
}

/// A stack's name by its ARN.
pub(crate) fn name_of(id: &str) -> &str {
    id.split('/').nth(1).unwrap_or(id)
}
