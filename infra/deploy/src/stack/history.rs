//! A stack's events, each passed on once and in order.

use std::collections::HashSet;

use aws_sdk_cloudformation::types::StackEvent;

use crate::{
    Error, Event, Failure, Listener, ResourceEvent, Target, error::service,
    stack::state::says_absent,
};

/// Reads on from where the last reading ended.
pub(crate) struct History {
    stack_id: String,
    seen: HashSet<String>,
    failures: Vec<Failure>,
}

impl History {
    /// A history whose events so far belong to earlier operations.
    pub(crate) async fn from_now(target: &Target, stack_id: &str) -> Result<Self, Error> {
        let mut history = Self {
            stack_id: stack_id.to_owned(),
            seen: HashSet::new(),
            failures: Vec::new(),
        };
        // The newest page is enough: reading stops at the first event that was seen.
        let (page, _) = history.page(target, None).await?;
        history
            .seen
            .extend(page.into_iter().filter_map(|event| event.event_id));
        Ok(history)
    }

    /// The resources that failed by themselves, first the first.
    pub(crate) fn into_failures(self) -> Vec<Failure> {
        self.failures
    }

    /// Passes on what is new, oldest first.
    pub(crate) async fn advance(
        &mut self,
        target: &Target,
        listener: &mut Listener<'_>,
    ) -> Result<(), Error> {
        let mut fresh = Vec::new();
        let mut token = None;
        loop {
            let (page, next) = self.page(target, token).await?;
            let listed = page.len();
            let before = fresh.len();
            fresh.extend(page.into_iter().take_while(|event| !self.knows(event)));
            let met_a_known_one = fresh.len() - before < listed;
            if met_a_known_one || next.is_none() {
                break;
            }
            token = next;
        }
        for event in fresh.into_iter().rev() {
            self.take(event, listener);
        }
        Ok(())
    }

    /// One page, newest first. A stack that has just gone has no events.
    async fn page(
        &self,
        target: &Target,
        token: Option<String>,
    ) -> Result<(Vec<StackEvent>, Option<String>), Error> {
        let answer = target
            .cloudformation()
            .describe_stack_events()
            .stack_name(&self.stack_id)
            .set_next_token(token)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok((answer.stack_events.unwrap_or_default(), answer.next_token)),
            Err(error) if says_absent(&error) => Ok((Vec::new(), None)),
            Err(error) => Err(service(format!(
                "read the events of stack `{}`",
                self.stack_id
            ))(error)),
        }
    }

    fn knows(&self, event: &StackEvent) -> bool {
        event.event_id().is_some_and(|id| self.seen.contains(id))
    }

    fn take(&mut self, event: StackEvent, listener: &mut Listener<'_>) {
        let of_the_stack = event.physical_resource_id() == Some(&self.stack_id);
        self.seen.extend(event.event_id);
        let event = ResourceEvent {
            logical_id: event.logical_resource_id.unwrap_or_default(),
            resource_type: event.resource_type.unwrap_or_default(),
            status: event
                .resource_status
                .map(|status| status.as_str().to_owned())
                .unwrap_or_default(),
            reason: event
                .resource_status_reason
                .filter(|reason| !reason.is_empty()),
        };
        if !of_the_stack && event.status.ends_with("_FAILED") && !is_cascade(&event) {
            self.failures.push(failure(&event));
        }
        listener(Event::Resource(event));
    }
}

/// CloudFormation cancels what is still under way when a resource fails; the failure is elsewhere.
fn is_cascade(event: &ResourceEvent) -> bool {
    event.reason.as_deref().is_some_and(|reason| {
        ["creation", "update", "deletion"]
            .iter()
            .any(|operation| reason.contains(&format!("Resource {operation} cancelled")))
    })
}

fn failure(event: &ResourceEvent) -> Failure {
    Failure {
        logical_id: event.logical_id.clone(),
        resource_type: event.resource_type.clone(),
        status: event.status.clone(),
        reason: event
            .reason
            .clone()
            .unwrap_or_else(|| "CloudFormation gives no reason".into()),
    }
}
