//! What Lambda refuses although the schema allows it.

use serde_json::Value;

use crate::code;
use crate::expression::integer;
use crate::findings::Findings;
use crate::path::Path;
use crate::template::{Resource, Template};

/// Seconds. The schema's greater maximum is that of functions on managed instances.
const LONGEST_TIMEOUT: i64 = 900;
/// MiB; likewise.
const MOST_MEMORY: i64 = 10_240;
/// Seconds, when the function does not say.
const DEFAULT_TIMEOUT: i64 = 3;
/// Seconds, when the queue does not say.
const DEFAULT_VISIBILITY: i64 = 30;
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>
const ADVISED_FACTOR: i64 = 6;

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for function in template.of_type("AWS::Lambda::Function") {
        check_limits(function, findings);
        check_code(function, findings);
        check_inline_source(function, findings);
    }
    for mapping in template.of_type("AWS::Lambda::EventSourceMapping") {
        check_visibility(mapping, template, findings);
    }
}

fn check_limits(function: &Resource<'_>, findings: &mut Findings) {
    if function.property("CapacityProviderConfig").is_some() {
        return;
    }
    let resource = Path::Resource(function.id);
    let properties = resource.key("Properties");
    for (name, most, unit) in [
        ("Timeout", LONGEST_TIMEOUT, "seconds"),
        ("MemorySize", MOST_MEMORY, "MiB"),
    ] {
        let value = function.property(name).and_then(integer);
        if let Some(value) = value.filter(|value| *value > most) {
            findings.error(
                code::FUNCTION_LIMIT,
                properties.key(name),
                format!("{value} {unit}; a function may have at most {most}"),
                "lower it, or split the work",
            );
        }
    }
}

/// Only interpreters can take their source from the template.
fn check_inline_source(function: &Resource<'_>, findings: &mut Findings) {
    let is_inline = function
        .property("Code")
        .is_some_and(|code| code.get("ZipFile").is_some());
    let runtime = function
        .property("Runtime")
        .and_then(Value::as_str)
        .filter(|_| is_inline);
    let interpreted =
        |runtime: &str| runtime.starts_with("nodejs") || runtime.starts_with("python");
    if let Some(runtime) = runtime.filter(|runtime| !interpreted(runtime)) {
        let resource = Path::Resource(function.id);
        let properties = resource.key("Properties");
        let source = properties.key("Code");
        findings.error(
            code::FUNCTION_CODE,
            source.key("ZipFile"),
            format!("the runtime `{runtime}` takes no source from a template"),
            "upload a package and set `S3Bucket` and `S3Key`",
        );
    }
}

/// A ZIP file needs a handler and a runtime; an image brings its own.
fn check_code(function: &Resource<'_>, findings: &mut Findings) {
    let Some(Value::Object(source)) = function.property("Code") else {
        return;
    };
    let is_image = source.contains_key("ImageUri");
    let is_zip = source.contains_key("S3Key") || source.contains_key("ZipFile");
    if is_image == is_zip {
        return;
    }
    let resource = Path::Resource(function.id);
    for name in ["Handler", "Runtime"] {
        match (is_zip, function.property(name).is_some()) {
            (true, false) => findings.error(
                code::FUNCTION_CODE,
                resource.key("Properties"),
                format!("a function from a ZIP file needs `{name}`"),
                format!("set `{name}`"),
            ),
            (false, true) => findings.error(
                code::FUNCTION_CODE,
                resource.key("Properties").key(name),
                format!("a function from an image takes no `{name}`"),
                "remove it",
            ),
            _ => {}
        }
    }
}

fn check_visibility<'a>(mapping: &Resource<'a>, template: &Template<'a>, findings: &mut Findings) {
    let find = |property, kind| {
        mapping
            .property(property)
            .and_then(|value| template.resolve(value, kind))
    };
    let queue = find("EventSourceArn", "AWS::SQS::Queue");
    let function = find("FunctionName", "AWS::Lambda::Function");
    let (Some(queue), Some(function)) = (queue, function) else {
        return;
    };
    let visibility = seconds(queue, "VisibilityTimeout", DEFAULT_VISIBILITY);
    let timeout = seconds(function, "Timeout", DEFAULT_TIMEOUT);
    let (Some(visibility), Some(timeout)) = (visibility, timeout) else {
        return;
    };
    let resource = Path::Resource(queue.id);
    let properties = resource.key("Properties");
    let path = properties.key("VisibilityTimeout");
    let what = format!(
        "{visibility} seconds, for the function `{}` which may take {timeout}",
        function.id
    );
    let help = format!(
        "set {} seconds or more",
        timeout.saturating_mul(ADVISED_FACTOR)
    );
    if visibility < timeout {
        let message = format!("{what}: Lambda refuses the event source");
        findings.error(code::VISIBILITY_TIMEOUT, path, message, help);
    } else if visibility < timeout.saturating_mul(ADVISED_FACTOR) {
        let message = format!(
            "{what}: AWS advises {ADVISED_FACTOR} times as long, so that throttled batches are not lost"
        );
        findings.warning(code::VISIBILITY_TIMEOUT, path, message, help);
    }
}

/// A literal property or its default; nothing when only the deployment knows it.
fn seconds(resource: &Resource<'_>, name: &str, default: i64) -> Option<i64> {
    match resource.property(name) {
        None => Some(default),
        Some(value) => integer(value),
    }
}
