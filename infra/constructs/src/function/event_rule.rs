//! Functions that are told of events of other services.

use cfn::events::rule::{DeadLetterConfig, RetryPolicy, Target};
use cfn::{IntoValue, Node, Object, Principal, Statement, Value, events, lambda};
use shared::batch::event::StateChange;
use shared::{Contract, Ports};

use super::Function;
use super::event_template::EventTemplate;
use super::rule::add_rule;
use crate::{Name, QueueHandle, Seconds, Stack, Synth, hours};

/// EventBridge tries for no longer.
const LONGEST_RETRY: Seconds = hours(24);
/// EventBridge tries no more often.
const MOST_RETRIES: u32 = 185;

/// Which events of the account's default bus a function is told of.
///
/// ```
/// use constructs::{
///     DeadLetterQueue, DynamoTable, EventRule, Function, Stack, Synth, TableIndex, find_jobs, from_event, state_machine_arn,
///     stop_jobs,
/// };
/// use shared::contracts::batch::{StopJobs, StopRequest, job_row};
///
/// let mut stack = Stack::new("example", "Jobs of executions that ended early are stopped");
/// let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
/// let jobs = DynamoTable::new("Jobs", job_row::JOB_NAME)
///     .index(TableIndex::new(job_row::BY_RUN, job_row::RUN))
///     .add_to(&mut stack);
/// let ended = EventRule::new("aws.states", "Step Functions Execution Status Change", &failures)
///     .detail("status", ["ABORTED", "TIMED_OUT", "FAILED"])
///     .detail("stateMachineArn", [state_machine_arn("Run")]);
/// let whose = StopRequest { execution: from_event("detail.executionArn"), job_name: None };
/// Function::new(StopJobs::<Synth> {
///     open: jobs.query(job_row::BY_RUN),
///     find: find_jobs(),
///     stop: stop_jobs(),
/// })
/// .on_event(ended, &whose)
/// .add_to(&mut stack);
/// stack.synthesize()?;
/// # Ok::<(), constructs::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a rule exists once a function is told of its events"]
pub struct EventRule {
    source: String,
    detail_type: String,
    details: Vec<(String, Vec<Value<String>>)>,
    undelivered: QueueHandle,
    retry_for: Seconds,
}

impl EventRule {
    /// Events of this source and kind. Those that cannot be delivered within 24 hours go to the queue, so that none is lost
    /// without a trace.
    pub fn new(source: &str, detail_type: &str, undelivered: &QueueHandle) -> Self {
        Self {
            source: source.to_owned(),
            detail_type: detail_type.to_owned(),
            details: Vec::new(),
            undelivered: undelivered.clone(),
            retry_for: LONGEST_RETRY,
        }
    }

    /// Only events whose detail has one of these values in a member.
    pub fn detail<V: IntoValue<String>>(
        mut self,
        member: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(IntoValue::into_value).collect();
        self.details.push((member.to_owned(), values));
        self
    }

    /// Tries to deliver an event for so long, one minute to 24 hours.
    pub fn retry_for(mut self, span: Seconds) -> Self {
        self.retry_for = span;
        self
    }

    fn pattern(&self) -> Node {
        let mut pattern = Object::from([
            ("source", Node::List(vec![self.source.as_str().into()])),
            (
                "detail-type",
                Node::List(vec![self.detail_type.as_str().into()]),
            ),
        ]);
        if !self.details.is_empty() {
            let details = self.details.iter().map(|(member, values)| {
                let values = values.iter().map(|value| value.node().clone()).collect();
                (member.clone(), Node::List(values))
            });
            pattern.set("detail", Node::Object(details.collect()));
        }
        Node::Object(pattern)
    }

    #[track_caller]
    fn check(&self, stack: &mut Stack) {
        if !(60..=LONGEST_RETRY.count()).contains(&self.retry_for.count()) {
            stack.problem(format!(
                "EventBridge delivers events for one minute to 24 hours, not for {} s: correct `retry_for`",
                self.retry_for.count()
            ));
        }
    }
}

/// Events of the bus that a contract takes as they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event as a bus delivers it",
    label = "the contract's event is `{Self}`",
    note = "make it of the event in hand: `on_event(rule, &event)` with `from_event(path)` where something of the event is wanted"
)]
pub trait WholeEvent {}

impl WholeEvent for StateChange {}

/// What a function is told of, and how.
#[derive(Debug)]
pub(super) struct Events {
    rule: EventRule,
    /// None for the event as it is.
    template: Option<Result<EventTemplate, String>>,
}

impl<C: Contract + Ports<Synth>> Function<C> {
    /// Invokes the function for every event of the rule, with an event of its own in which
    /// [`from_event`](super::from_event) stands for what is taken from the rule's.
    pub fn on_event(mut self, rule: EventRule, event: &C::Event) -> Self {
        self.events = Some(Events {
            rule,
            template: Some(EventTemplate::new(event)),
        });
        self
    }

    /// Invokes the function with every event of the rule as it is.
    pub fn on_whole_event(mut self, rule: EventRule) -> Self
    where
        C::Event: WholeEvent,
    {
        self.events = Some(Events {
            rule,
            template: None,
        });
        self
    }
}

impl Events {
    #[track_caller]
    pub(super) fn add_to(&self, stack: &mut Stack, name: &Name, function: &lambda::FunctionRef) {
        self.rule.check(stack);
        let undelivered = &self.rule.undelivered;
        let mut target = Target::new()
            .id(name.kebab())
            .arn(function.arn())
            .dead_letter_config(DeadLetterConfig::new().arn(undelivered.arn()))
            .retry_policy(
                RetryPolicy::new()
                    .maximum_event_age_in_seconds(self.rule.retry_for.count())
                    .maximum_retry_attempts(MOST_RETRIES),
            );
        match &self.template {
            None => {}
            Some(Ok(template)) => target = target.input_transformer(template.property()),
            Some(Err(error)) => stack.problem(format!(
                "the event of function `{name}` cannot be written as JSON: {error}"
            )),
        }
        let rule = events::Rule::new()
            .description(format!("Tells function {name} of events"))
            .event_pattern(self.rule.pattern())
            .targets([target]);
        let rule = add_rule(stack, name, "Events", rule, function);
        let accept = Statement::allow()
            .sid(name.logical_id("Events"))
            .principal(Principal::service("events.amazonaws.com"))
            .action("sqs:SendMessage")
            .resource(undelivered.arn())
            .condition("ArnEquals", "aws:SourceArn", rule.arn());
        undelivered.permit(stack, accept);
    }
}
