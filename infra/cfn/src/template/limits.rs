//! CloudFormation's quotas on templates.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

use super::document::Document;
use super::error::Error;
use super::{Named, Template};

const RESOURCES: usize = 500;
const PARAMETERS: usize = 200;
const MAPPINGS: usize = 200;
const OUTPUTS: usize = 200;
const DESCRIPTION_BYTES: usize = 1024;
const PARAMETER_BYTES: usize = 4096;
/// The largest template that fits into a request.
pub(super) const INLINE_BYTES: usize = 51_200;
/// The largest template that can be read from S3.
pub(super) const OBJECT_BYTES: usize = 1_000_000;

/// Every quota that the template exceeds.
pub(super) fn check(template: &Template, document: &Document) -> Vec<Error> {
    let counts = [
        ("resources", template.resources.len(), RESOURCES),
        ("parameters", template.parameters.len(), PARAMETERS),
        ("mappings", template.mappings.len(), MAPPINGS),
        ("outputs", template.outputs.len(), OUTPUTS),
    ];
    let too_many = counts.into_iter().filter(|(_, count, limit)| count > limit);
    let mut errors: Vec<Error> = too_many
        .map(|(what, count, limit)| Error::TooMany { what, count, limit })
        .collect();
    if template.resources.is_empty() {
        errors.push(Error::Empty);
    }
    let description = (
        "the description".to_owned(),
        template.description.len(),
        DESCRIPTION_BYTES,
        "shorten it",
    );
    let whole = (
        "the template".to_owned(),
        document.to_json().len(),
        OBJECT_BYTES,
        "split the stack",
    );
    let parameters = template.parameters.iter().map(default_length);
    let lengths = [description, whole].into_iter().chain(parameters);
    errors.extend(lengths.filter(|(_, bytes, limit, _)| bytes > limit).map(
        |(what, bytes, limit, remedy)| Error::TooLong {
            what,
            bytes,
            limit,
            remedy,
        },
    ));
    errors
}

fn default_length(parameter: &Named) -> (String, usize, usize, &'static str) {
    let default = parameter
        .node
        .get("Default")
        .and_then(crate::Node::as_text)
        .unwrap_or_default();
    let what = format!("the default of the parameter `{}`", parameter.name);
    (
        what,
        default.len(),
        PARAMETER_BYTES,
        "shorten it, or pass the value through S3 or Parameter Store",
    )
}
