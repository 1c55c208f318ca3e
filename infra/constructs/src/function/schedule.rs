//! Functions that run by the clock.

use cfn::events::rule::Target;
use cfn::intrinsics::sub;
use cfn::{IntoValue as _, Parameter, Value, events, lambda};
use shared::{Contract, Ports};

use super::Function;
use super::event_template::EventTemplate;
use super::rule::add_rule;
use crate::{Name, Seconds, Stack, Synth};

/// When a function runs, and with which event.
#[derive(Debug)]
pub(super) struct Schedule {
    when: Result<Value<String>, String>,
    event: Result<EventTemplate, String>,
}

/// How often a function runs: `minutes(10)`, or as the operator says.
#[derive(Clone, Debug)]
pub struct Rate(Result<Value<String>, String>);

impl Rate {
    /// As many minutes as the parameter `<name>Minutes` says, 2 to 1,440 of them.
    #[track_caller]
    pub fn parameter(
        name: impl Into<Name>,
        description: &str,
        default: Seconds,
        stack: &mut Stack,
    ) -> Self {
        let name = name.into();
        stack.check_name(&name);
        let minutes = default.count() / 60;
        if !default.count().is_multiple_of(60) || !(2..=1_440).contains(&minutes) {
            stack.problem(format!(
                "rate `{name}` cannot be every {} s by default: choose 2 to 1,440 whole minutes",
                default.count()
            ));
        }
        // The expression for one minute is written in the singular, so one is not to be had.
        let parameter = Parameter::<i64>::new()
            .description(description)
            .default_value(minutes)
            .range(2, 1_440);
        let parameter = stack
            .template
            .parameter(name.logical_id("Minutes"), parameter);
        Self(Ok(sub(format!("rate(${{{}}} minutes)", parameter.name()))))
    }
}

impl From<Seconds> for Rate {
    fn from(span: Seconds) -> Self {
        Self(match (span.count() / 60, span.count() % 60) {
            (1, 0) => Ok("rate(1 minute)".into_value()),
            (minutes @ 2.., 0) => Ok(format!("rate({minutes} minutes)").into_value()),
            _ => Err(format!(
                "cannot run every {} s: choose whole minutes",
                span.count()
            )),
        })
    }
}

impl<C: Contract + Ports<Synth>> Function<C> {
    /// Runs every day at this time, UTC, with an event in which [`SCHEDULED_TIME`](super::SCHEDULED_TIME) stands for the time.
    pub fn every_day_at(self, hour: u8, minute: u8, event: &C::Event) -> Self {
        let expression = format!("cron({minute} {hour} * * ? *)");
        self.scheduled(Ok(expression.into_value()), event)
    }

    /// Runs again and again, with an event in which [`SCHEDULED_TIME`](super::SCHEDULED_TIME) stands for the time:
    /// `.every(minutes(10), &event)`.
    pub fn every(self, rate: impl Into<Rate>, event: &C::Event) -> Self {
        self.scheduled(rate.into().0, event)
    }

    fn scheduled(mut self, when: Result<Value<String>, String>, event: &C::Event) -> Self {
        self.schedule = Some(Schedule {
            when,
            event: EventTemplate::new(event),
        });
        self
    }
}

impl Schedule {
    /// An EventBridge rule, not a schedule of EventBridge Scheduler: it needs no role.
    #[track_caller]
    pub(super) fn add_to(&self, stack: &mut Stack, name: &Name, function: &lambda::FunctionRef) {
        let template = match &self.event {
            Ok(template) => template,
            Err(error) => {
                stack.problem(format!(
                    "the scheduled event of function `{name}` cannot be written as JSON: {error}"
                ));
                return;
            }
        };
        let when = match &self.when {
            Ok(when) => when,
            Err(problem) => {
                stack.problem(format!("function `{name}` {problem}"));
                return;
            }
        };
        let target = Target::new()
            .id(name.kebab())
            .arn(function.arn())
            .input_transformer(template.property());
        let rule = events::Rule::new()
            .description(format!("Runs function {name}"))
            .schedule_expression(when)
            .targets([target]);
        add_rule(stack, name, "Schedule", rule, function);
    }
}
