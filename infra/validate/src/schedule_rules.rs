//! Which properties are schedules, and of which kinds.

use serde_json::Value;

use crate::code;
use crate::expression::{Expression, each_at};
use crate::findings::Findings;
use crate::path::Path;
use crate::schedule::{self, Kind};
use crate::template::Template;

struct Property {
    resource: &'static str,
    place: &'static [&'static str],
    kinds: &'static [Kind],
}

const PROPERTIES: [Property; 4] = [
    Property {
        resource: "AWS::Events::Rule",
        place: &["ScheduleExpression"],
        kinds: &[Kind::Rate, Kind::Cron],
    },
    Property {
        resource: "AWS::Scheduler::Schedule",
        place: &["ScheduleExpression"],
        kinds: &[Kind::Rate, Kind::Cron, Kind::At],
    },
    Property {
        resource: "AWS::Glue::Crawler",
        place: &["Schedule", "ScheduleExpression"],
        kinds: &[Kind::Cron],
    },
    Property {
        resource: "AWS::Glue::Trigger",
        place: &["Schedule"],
        kinds: &[Kind::Cron],
    },
];

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for property in &PROPERTIES {
        for resource in template.of_type(property.resource) {
            let Some(properties) = resource.properties() else {
                continue;
            };
            let base = Path::Resource(resource.id);
            let path = base.key("Properties");
            each_at(properties, path, property.place, &mut |value, path| {
                check_value(value, property.kinds, path, findings);
            });
        }
    }
}

fn check_value(value: &Value, kinds: &[Kind], path: Path<'_>, findings: &mut Findings) {
    let Expression::Literal(Value::String(text)) = Expression::from(value) else {
        return;
    };
    findings.checked();
    if let Err(problem) = schedule::parse(text, kinds) {
        let message = format!("`{text}`: {problem}");
        let help = "write rate(5 minutes), or cron(0 8 * * ? *) with minutes, hours, day of month, month, day of week, year";
        findings.error(code::SCHEDULE, path, message, help);
    }
}
