//! Functions that run by the clock.

use cfn::events::rule::{InputTransformer, Target};
use cfn::{events, lambda};
use serde_json::Value as Json;
use shared::{Contract, Ports};

use super::Function;
use crate::{Name, Stack, Synth};

/// Stands in an event for the time of the schedule, ISO 8601 in UTC: `CompactionRequest { now: SCHEDULED_TIME.into() }`.
pub const SCHEDULED_TIME: &str = "<time>";

/// When a function runs, and with which event.
#[derive(Debug)]
pub(super) struct Schedule {
    expression: String,
    event: Result<Json, String>,
}

impl<C: Contract + Ports<Synth>> Function<C> {
    /// Runs every day at this time, UTC, with an event in which [`SCHEDULED_TIME`] stands for the time.
    pub fn every_day_at(mut self, hour: u8, minute: u8, event: &C::Event) -> Self {
        self.schedule = Some(Schedule {
            expression: format!("cron({minute} {hour} * * ? *)"),
            event: serde_json::to_value(event).map_err(|error| error.to_string()),
        });
        self
    }
}

impl Schedule {
    /// An EventBridge rule, not a schedule of EventBridge Scheduler: it needs no role.
    #[track_caller]
    pub(super) fn add_to(&self, stack: &mut Stack, name: &Name, function: &lambda::FunctionRef) {
        let template = match &self.event {
            Ok(event) => event_template(event),
            Err(error) => {
                stack.problem(format!(
                    "the scheduled event of function `{name}` cannot be written as JSON: {error}"
                ));
                return;
            }
        };
        let target = Target::new()
            .id(name.kebab())
            .arn(function.arn())
            .input_transformer(
                InputTransformer::new()
                    .input_paths_map([("time", "$.time")])
                    .input_template(template),
            );
        let rule = events::Rule::new()
            .description(format!("Runs function {name}"))
            .schedule_expression(self.expression.as_str())
            .targets([target]);
        let rule = stack.template.add(name.logical_id("Schedule"), rule);
        let permission = lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .function_name(function.arn())
            .principal("events.amazonaws.com")
            .source_arn(rule.arn());
        stack
            .template
            .add(name.logical_id("SchedulePermission"), permission);
    }
}

/// EventBridge puts texts into quotes itself where the placeholder has none.
fn event_template(event: &Json) -> String {
    event
        .to_string()
        .replace(&format!("\"{SCHEDULED_TIME}\""), SCHEDULED_TIME)
}
