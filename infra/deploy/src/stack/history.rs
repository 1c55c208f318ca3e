//! A stack's events, each passed on once and in order.

use std::collections::HashSet;

use aws_sdk_cloudformation::types::StackEvent;
use aws_smithy_types::date_time::Format;

use crate::{
    Error, Event, Failure, Listener, Phase, ResourceEvent, Target, error::service,
    stack::state::says_absent,
};

/// Reads on from where the last reading ended.
pub(crate) struct History {
    stack_id: String,
    seen: HashSet<String>,
    failures: Vec<Failure>,
    phase: Phase,
    /// What the last event of the stack itself says.
    status: Option<String>,
    /// How many looks the end of the operation may still be out of sight, when the stack is in no operation.
    unseen: u32,
}

/// How many looks are waited for an operation to come into sight: two minutes at AWS's pace. What CloudFormation says of a stack is
/// eventually consistent: right after an operation was begun it may still be what it said before, also when the first events of the
/// operation are there already.
pub(crate) const UNSEEN: u32 = 24;

impl History {
    /// A history whose events so far belong to earlier operations.
    pub(crate) async fn from_now(target: &Target, stack_id: &str) -> Result<Self, Error> {
        let mut history = Self::of(stack_id);
        // The newest page is enough: reading stops at the first event that was seen.
        let (page, _) = history.page(target, None).await?;
        history
            .seen
            .extend(page.into_iter().filter_map(|event| event.event_id));
        Ok(history)
    }

    /// The same of an operation that is begun next: before its end is in sight, nothing is its end.
    pub(crate) async fn before(target: &Target, stack_id: &str) -> Result<Self, Error> {
        let mut history = Self::from_now(target, stack_id).await?;
        history.unseen = UNSEEN;
        Ok(history)
    }

    /// Whether the operation has ended with this status of the stack, as far as its events tell; or nothing is waited for any more.
    pub(crate) fn is_end(&mut self, status: &str) -> bool {
        if self.unseen == 0 || self.status.as_deref() == Some(status) {
            return true;
        }
        self.unseen -= 1;
        false
    }

    /// The history of the operation that is under way, or was the last; what there is of it is passed on.
    pub(crate) async fn of_operation(
        target: &Target,
        stack_id: &str,
        listener: &mut Listener<'_>,
    ) -> Result<Self, Error> {
        let mut history = Self::of(stack_id);
        let mut begun = false;
        let events = history.newest(target, |event| {
            let is_earlier = begun;
            begun |= begins_operation(event, stack_id);
            !is_earlier
        });
        let events = events.await?;
        history.pass_on(events, listener);
        history.unseen = UNSEEN;
        Ok(history)
    }

    fn of(stack_id: &str) -> Self {
        Self {
            stack_id: stack_id.to_owned(),
            seen: HashSet::new(),
            failures: Vec::new(),
            phase: Phase::Change,
            status: None,
            unseen: 0,
        }
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
        let fresh = self.newest(target, |event| !self.knows(event)).await?;
        self.pass_on(fresh, listener);
        Ok(())
    }

    fn pass_on(&mut self, newest_first: Vec<StackEvent>, listener: &mut Listener<'_>) {
        for event in newest_first.into_iter().rev() {
            self.take(event, listener);
        }
    }

    /// The newest events, newest first, as far back as they are wanted. All of them, or a fault and none: a reading that
    /// failed can be repeated.
    async fn newest(
        &self,
        target: &Target,
        mut is_wanted: impl FnMut(&StackEvent) -> bool,
    ) -> Result<Vec<StackEvent>, Error> {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let (page, next) = self.page(target, token).await?;
            let (listed, before) = (page.len(), events.len());
            events.extend(page.into_iter().take_while(&mut is_wanted));
            let was_enough = events.len() - before < listed;
            if was_enough || next.is_none() {
                return Ok(events);
            }
            token = next;
        }
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

    /// CloudFormation tries some deletions several times, and each time says the same.
    fn note(&mut self, failure: Failure) {
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
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
            time: event
                .timestamp
                .and_then(|time| time.fmt(Format::DateTime).ok()),
        };
        if of_the_stack {
            self.status = Some(event.status.clone());
        }
        if of_the_stack && event.status.ends_with("ROLLBACK_IN_PROGRESS") {
            self.phase = Phase::Rollback;
        }
        if !of_the_stack && event.status.ends_with("_FAILED") && !is_cascade(&event) {
            self.note(failure(&event, self.phase));
        }
        listener(Event::Resource(event));
    }
}

/// Whether an operation began with this event. A rollback is the end of one.
fn begins_operation(event: &StackEvent, stack_id: &str) -> bool {
    event.physical_resource_id() == Some(stack_id)
        && event.resource_status().is_some_and(|status| {
            [
                "CREATE_IN_PROGRESS",
                "UPDATE_IN_PROGRESS",
                "DELETE_IN_PROGRESS",
                "IMPORT_IN_PROGRESS",
            ]
            .contains(&status.as_str())
        })
}

/// CloudFormation cancels what is still under way when a resource fails; the failure is elsewhere.
fn is_cascade(event: &ResourceEvent) -> bool {
    event.reason.as_deref().is_some_and(|reason| {
        ["creation", "update", "deletion"]
            .iter()
            .any(|operation| reason.contains(&format!("Resource {operation} cancelled")))
    })
}

fn failure(event: &ResourceEvent, phase: Phase) -> Failure {
    Failure {
        logical_id: event.logical_id.clone(),
        resource_type: event.resource_type.clone(),
        status: event.status.clone(),
        phase,
        reason: event
            .reason
            .clone()
            .unwrap_or_else(|| "CloudFormation gives no reason".into()),
    }
}
