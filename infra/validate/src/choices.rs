//! Numbers of which only some are allowed. The specification's enumerations are of texts only.

use crate::code;
use crate::expression::{each_at, integer};
use crate::findings::Findings;
use crate::path::Path;
use crate::template::Template;

struct Choice {
    resource: &'static str,
    place: &'static [&'static str],
    values: &'static [i64],
}

const CHOICES: [Choice; 2] = [
    Choice {
        resource: "AWS::Logs::LogGroup",
        place: &["RetentionInDays"],
        values: &[
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
            2922, 3288, 3653,
        ],
    },
    Choice {
        resource: "AWS::SageMaker::EndpointConfig",
        place: &["MetricsConfig", "MetricPublishFrequencyInSeconds"],
        values: &[10, 30, 60, 120, 180, 240, 300],
    },
];

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for choice in &CHOICES {
        for resource in template.of_type(choice.resource) {
            let Some(properties) = resource.properties() else {
                continue;
            };
            let base = Path::Resource(resource.id);
            each_at(
                properties,
                base.key("Properties"),
                choice.place,
                &mut |value, path| {
                    let number = integer(value).filter(|number| !choice.values.contains(number));
                    if let Some(number) = number {
                        let known: Vec<_> = choice.values.iter().map(ToString::to_string).collect();
                        let message = format!("{number} is none of the allowed values");
                        let help = format!("use one of {}", known.join(", "));
                        findings.error(code::ENUM, path, message, help);
                    }
                },
            );
        }
    }
}
