//! Functions that work off a queue.

use cfn::lambda::event_source_mapping::{FunctionResponseType, ScalingConfig};
use cfn::{Arn, Expression, Value, lambda, sqs};
use shared::events::sqs::{BatchResponse, Event};
use shared::{Contract, Ports};

use super::Function;
use crate::{Name, Pace, QueueHandle, Seconds, Stack, Synth};

/// A queue to work off.
#[derive(Debug)]
pub(super) struct MessageSource {
    queue: QueueHandle,
    batch_size: u32,
    concurrency: Option<Expression>,
}

/// Events that a queue delivers: [`shared::events::sqs::Event`].
#[diagnostic::on_unimplemented(
    message = "a function that takes `{Self}` cannot work off a queue",
    label = "the contract's event is `{Self}`",
    note = "its contract needs `type Event = sqs::Event`"
)]
pub trait Messages {}

impl Messages for Event {}

/// Responses that name the messages that failed: [`shared::events::sqs::BatchResponse`].
#[diagnostic::on_unimplemented(
    message = "a function that answers `{Self}` cannot work off a queue",
    label = "the contract's response is `{Self}`",
    note = "its contract needs `type Response = sqs::BatchResponse`, so that only the messages that failed are delivered again"
)]
pub trait NamesFailures {}

impl NamesFailures for BatchResponse {}

impl<C: Contract + Ports<Synth>> Function<C> {
    /// Works off a queue, up to `batch_size` messages at a time. Only the messages that the function names as failed are
    /// delivered again.
    pub fn on_messages(mut self, queue: &QueueHandle, batch_size: u32) -> Self
    where
        C::Event: Messages,
        C::Response: NamesFailures,
    {
        self.source = Some(MessageSource {
            queue: queue.clone(),
            batch_size,
            concurrency: None,
        });
        self
    }

    /// Works off a queue one message at a time, at a pace. Sets the timeout, too.
    pub fn on_messages_at(mut self, queue: &QueueHandle, pace: &Pace) -> Self
    where
        C::Event: Messages,
        C::Response: NamesFailures,
    {
        self.timeout = pace.timeout();
        self.source = Some(MessageSource {
            queue: queue.clone(),
            batch_size: 1,
            concurrency: Some(pace.concurrency()),
        });
        self
    }
}

impl MessageSource {
    pub(super) fn queue_arn(&self) -> Value<Arn<sqs::Queue>> {
        self.queue.arn()
    }

    #[track_caller]
    pub(super) fn add_to(
        &self,
        stack: &mut Stack,
        function_name: &Name,
        timeout: Seconds,
        function: &lambda::FunctionRef,
    ) {
        let (queue, retry_after) = (self.queue.name(), self.queue.retry_after());
        if retry_after.count() < 6 * timeout.count() {
            stack.problem(format!(
                "queue `{queue}` delivers a message again after {} s, function `{function_name}` may take {} s: set `retry_after` to at least six times the timeout",
                retry_after.count(),
                timeout.count(),
            ));
        }
        let mut mapping = lambda::EventSourceMapping::new()
            .function_name(function.arn())
            .event_source_arn(self.queue_arn())
            .batch_size(self.batch_size)
            .function_response_types([FunctionResponseType::ReportBatchItemFailures]);
        if let Some(concurrency) = self.concurrency.clone() {
            mapping = mapping.scaling_config(ScalingConfig::new().maximum_concurrency(concurrency));
        }
        let id = format!("{function_name}From{queue}Queue");
        stack.template.add(id, mapping);
    }
}
