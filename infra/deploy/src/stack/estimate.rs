//! How long an operation may take, from what the stack's history says of earlier ones.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::types::StackEvent;
use aws_smithy_types::DateTime;

use crate::{Error, Target, error::service, stack::state::says_absent};

/// Pages of history that are read: of 100 events each, so that a stack of 40 resources shows its last three operations.
const PAGES: usize = 4;

/// How long things took before. Empty for a stack that is new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Estimate {
    /// The last operation of the same kind as a whole.
    pub whole: Option<Duration>,
    /// The last change of each resource, by logical id.
    pub resources: BTreeMap<String, Duration>,
}

/// Reads how long a stack, by its name or ARN, took before.
pub async fn estimate(target: &Target, stack: &str) -> Result<Estimate, Error> {
    let mut events = Vec::new();
    let mut pages = target
        .cloudformation()
        .describe_stack_events()
        .stack_name(stack)
        .into_paginator()
        .send();
    for _ in 0..PAGES {
        match pages.next().await {
            None => break,
            Some(Ok(page)) => events.extend(page.stack_events.unwrap_or_default()),
            Some(Err(error)) if says_absent(&error) => break,
            Some(Err(error)) => {
                let action = format!("read the events of stack `{stack}`");
                return Err(service(action)(error));
            }
        }
    }
    events.reverse();
    Ok(of(&events))
}

/// From the oldest event to the newest.
fn of(events: &[StackEvent]) -> Estimate {
    let mut estimate = Estimate::default();
    let mut begun: BTreeMap<&str, &DateTime> = BTreeMap::new();
    for event in events {
        let (Some(id), Some(time), Some(status)) = (
            event.logical_resource_id(),
            event.timestamp(),
            event.resource_status(),
        ) else {
            continue;
        };
        let status = status.as_str();
        if matches!(status, "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS") {
            begun.entry(id).or_insert(time);
            continue;
        }
        // A stack cleans up between its beginning and its end.
        if status.ends_with("_IN_PROGRESS") {
            continue;
        }
        let since = begun.remove(id);
        if !matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE") {
            continue;
        }
        let took = since.and_then(|since| between(since, time));
        if event.physical_resource_id() == event.stack_id() {
            estimate.whole = (status == "UPDATE_COMPLETE").then_some(took).flatten();
        } else if let Some(took) = took {
            estimate.resources.insert(id.to_owned(), took);
        }
    }
    estimate
}

fn between(start: &DateTime, end: &DateTime) -> Option<Duration> {
    let milliseconds = end.to_millis().ok()? - start.to_millis().ok()?;
    Some(Duration::from_millis(u64::try_from(milliseconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudformation::types::ResourceStatus;

    fn event(id: &str, status: ResourceStatus, second: i64) -> StackEvent {
        let event = StackEvent::builder()
            .logical_resource_id(id)
            .physical_resource_id(id)
            .stack_id("vision")
            .resource_status(status)
            .timestamp(DateTime::from_secs(second));
        event.build()
    }

    #[test]
    fn the_last_change_of_a_resource_counts() {
        use ResourceStatus::{
            CreateComplete, CreateInProgress, UpdateComplete, UpdateFailed, UpdateInProgress,
        };
        // The SDK does not know it.
        let cleaning_up = ResourceStatus::from("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
        let events = [
            event("vision", CreateInProgress, 0),
            event("Queue", CreateInProgress, 1),
            event("Queue", CreateInProgress, 2),
            event("Queue", CreateComplete, 11),
            event("vision", CreateComplete, 20),
            event("vision", UpdateInProgress, 100),
            event("Queue", UpdateInProgress, 101),
            event("Table", UpdateInProgress, 101),
            event("Table", UpdateFailed, 103),
            event("Queue", UpdateComplete, 104),
            event("vision", cleaning_up, 106),
            event("vision", UpdateComplete, 107),
            event("Lost", UpdateComplete, 108),
        ];
        let estimate = of(&events);
        assert_eq!(estimate.whole, Some(Duration::from_secs(7)));
        let expected = BTreeMap::from([("Queue".to_owned(), Duration::from_secs(3))]);
        assert_eq!(estimate.resources, expected);
        assert_eq!(of(&events[..5]).whole, None);
    }
}
