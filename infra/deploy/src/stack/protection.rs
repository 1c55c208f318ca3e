//! What keeps a stack from being changed or deleted.

use crate::{Error, Target, error::service};

/// Keeps the stack from being deleted, or lets it be (`UpdateTerminationProtection`).
pub async fn protect_stack(target: &Target, stack: &str, protected: bool) -> Result<(), Error> {
    target
        .cloudformation()
        .update_termination_protection()
        .stack_name(stack)
        .enable_termination_protection(protected)
        .send()
        .await
        .map_err(service(format!(
            "set the termination protection of stack `{stack}`"
        )))?;
    Ok(())
}

/// Says which resources of the stack an update may change, as a policy document in JSON (`SetStackPolicy`). It holds for every
/// later update and cannot be taken away, only replaced.
pub async fn set_stack_policy(target: &Target, stack: &str, policy: &str) -> Result<(), Error> {
    target
        .cloudformation()
        .set_stack_policy()
        .stack_name(stack)
        .stack_policy_body(policy)
        .send()
        .await
        .map_err(service(format!("set the stack policy of stack `{stack}`")))?;
    Ok(())
}
