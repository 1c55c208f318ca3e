//! The form of the template: its sections, and what every entry must say.

use serde_json::{Map, Value};

use crate::code;
use crate::findings::Findings;
use crate::path::Path;
use crate::references::References;
use crate::template::{Resource, Template};

const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Transform",
    "Rules",
    "Resources",
    "Outputs",
];
const OBJECT_SECTIONS: [&str; 6] = [
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
];
const RESOURCE_KEYS: [&str; 10] = [
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Fn::Transform",
];
const OUTPUT_KEYS: [&str; 4] = ["Value", "Description", "Condition", "Export"];
const PARAMETER_KEYS: [&str; 11] = [
    "Type",
    "Default",
    "Description",
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
    "NoEcho",
];
const DELETION_POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
const REPLACE_POLICIES: [&str; 3] = ["Delete", "Retain", "Snapshot"];

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    let top = Path::Template;
    let Some(sections) = object(template.value, top, "the template", findings) else {
        return;
    };
    check_keys(sections, &SECTIONS, top, "section of a template", findings);
    for name in OBJECT_SECTIONS {
        if let Some(section) = sections.get(name) {
            object(section, top.key(name), "a section", findings);
        }
    }
    if template.value.get("Resources").is_none() {
        let help = "add a resource; a template must have one";
        findings.error(
            code::STRUCTURE,
            top,
            "there is no `Resources` section",
            help,
        );
    }
    if sections.contains_key("Transform") {
        findings.not_checked(
            top.key("Transform"),
            "what the macros of a transform change",
        );
    }
    for resource in template.resources.values() {
        check_resource(resource, template, findings);
    }
    let parameters = top.key("Parameters");
    for (name, parameter) in &template.parameters {
        check_parameter(parameter, parameters.key(name), findings);
    }
    let outputs = top.key("Outputs");
    for (name, output) in &template.outputs {
        check_output(output, template, outputs.key(name), findings);
    }
    let mappings = top.key("Mappings");
    for (name, mapping) in &template.mappings {
        check_mapping(mapping, mappings.key(name), findings);
    }
}

/// A parameter that nothing refers to. Transforms may use it unseen.
pub(crate) fn check_unused_parameters(
    template: &Template<'_>,
    references: &References<'_>,
    findings: &mut Findings,
) {
    if template.value.get("Transform").is_some() {
        return;
    }
    let parameters = Path::Template.key("Parameters");
    for name in template.parameters.keys() {
        if !references.parameters.contains(name) {
            findings.warning(
                code::UNUSED_PARAMETER,
                parameters.key(name),
                format!("nothing refers to the parameter `{name}`"),
                "remove it, or refer to it",
            );
        }
    }
}

fn check_resource(resource: &Resource<'_>, template: &Template<'_>, findings: &mut Findings) {
    let path = Path::Resource(resource.id);
    let Some(entry) = object(resource.value, path, "a resource", findings) else {
        return;
    };
    check_keys(
        entry,
        &RESOURCE_KEYS,
        path,
        "attribute of a resource",
        findings,
    );
    if !entry.get("Type").is_some_and(Value::is_string) {
        let help = "set `Type` to a name such as `AWS::S3::Bucket`";
        findings.error(code::STRUCTURE, path, "the resource has no `Type`", help);
    }
    if let Some(properties) = entry.get("Properties") {
        object(properties, path.key("Properties"), "`Properties`", findings);
    }
    check_condition(entry, template, path, findings);
    check_policy(entry, "DeletionPolicy", &DELETION_POLICIES, path, findings);
    check_policy(
        entry,
        "UpdateReplacePolicy",
        &REPLACE_POLICIES,
        path,
        findings,
    );
}

fn check_policy(
    entry: &Map<String, Value>,
    name: &str,
    known: &[&str],
    path: Path<'_>,
    findings: &mut Findings,
) {
    let Some(policy) = entry.get(name).and_then(Value::as_str) else {
        return;
    };
    if !known.contains(&policy) {
        findings.error(
            code::STRUCTURE,
            path.key(name),
            format!("`{policy}` is no `{name}`"),
            format!("use one of {}", known.join(", ")),
        );
    }
}

fn check_condition(
    entry: &Map<String, Value>,
    template: &Template<'_>,
    path: Path<'_>,
    findings: &mut Findings,
) {
    let Some(condition) = entry.get("Condition") else {
        return;
    };
    let name = condition.as_str().unwrap_or_default();
    if !template.conditions.contains_key(name) {
        findings.error(
            code::UNKNOWN_CONDITION,
            path.key("Condition"),
            format!("there is no condition {condition}"),
            "name an entry of `Conditions`, or add it",
        );
    }
}

fn check_parameter(parameter: &Value, path: Path<'_>, findings: &mut Findings) {
    let Some(entry) = object(parameter, path, "a parameter", findings) else {
        return;
    };
    check_keys(
        entry,
        &PARAMETER_KEYS,
        path,
        "attribute of a parameter",
        findings,
    );
    let kind = entry.get("Type").and_then(Value::as_str);
    if !kind.is_some_and(is_parameter_type) {
        findings.error(
            code::STRUCTURE,
            path.key("Type"),
            "the parameter has no type that CloudFormation knows",
            "use String, Number, List<Number>, CommaDelimitedList, or a type that starts with AWS:: or List<AWS::",
        );
    }
    let allowed = entry.get("AllowedValues").and_then(Value::as_array);
    if let (Some(default), Some(allowed)) = (entry.get("Default"), allowed)
        && !allowed.contains(default)
    {
        findings.error(
            code::STRUCTURE,
            path.key("Default"),
            format!("the default {default} is none of the allowed values"),
            "change the default, or add it to `AllowedValues`",
        );
    }
}

fn is_parameter_type(kind: &str) -> bool {
    const PLAIN: [&str; 4] = ["String", "Number", "List<Number>", "CommaDelimitedList"];
    PLAIN.contains(&kind) || kind.starts_with("AWS::") || kind.starts_with("List<AWS::")
}

fn check_output(output: &Value, template: &Template<'_>, path: Path<'_>, findings: &mut Findings) {
    let Some(entry) = object(output, path, "an output", findings) else {
        return;
    };
    check_keys(
        entry,
        &OUTPUT_KEYS,
        path,
        "attribute of an output",
        findings,
    );
    check_condition(entry, template, path, findings);
    if !entry.contains_key("Value") {
        findings.error(code::STRUCTURE, path, "the output has no `Value`", "set it");
    }
    let export = entry.get("Export");
    if export.is_some_and(|export| export.get("Name").is_none()) {
        let help = "write {\"Export\": {\"Name\": ...}}";
        findings.error(
            code::STRUCTURE,
            path.key("Export"),
            "the export has no `Name`",
            help,
        );
    }
}

/// Two levels of names, and no functions.
fn check_mapping(mapping: &Value, path: Path<'_>, findings: &mut Findings) {
    let Some(first) = object(mapping, path, "a mapping", findings) else {
        return;
    };
    for (name, second) in first.iter().filter(|(name, _)| *name != "Fn::Transform") {
        object(
            second,
            path.key(name),
            "the second level of a mapping",
            findings,
        );
    }
}

fn object<'a>(
    value: &'a Value,
    path: Path<'_>,
    what: &str,
    findings: &mut Findings,
) -> Option<&'a Map<String, Value>> {
    let found = value.as_object();
    if found.is_none() {
        findings.error(
            code::STRUCTURE,
            path,
            format!("{what} must be an object"),
            "write it as {\"Name\": ...}",
        );
    }
    found
}

fn check_keys(
    entry: &Map<String, Value>,
    known: &[&str],
    path: Path<'_>,
    what: &str,
    findings: &mut Findings,
) {
    for key in entry.keys().filter(|key| !known.contains(&key.as_str())) {
        findings.error(
            code::STRUCTURE,
            path.key(key),
            format!("`{key}` is no {what}"),
            format!("remove it, or use one of {}", known.join(", ")),
        );
    }
}
