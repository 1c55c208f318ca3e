//! The form of an IAM policy document. The statements are read by [`crate::statement`].
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::code;
use crate::expression::{Expression, each_item};
use crate::findings::Findings;
use crate::path::Path;
use crate::statement;

const KEYS: [&str; 3] = ["Version", "Id", "Statement"];
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

/// To what a policy belongs: decides what its statements must say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attachment {
    /// To a principal: it names resources.
    Identity,
    /// To a role, as its trust policy: it names principals.
    Trust,
    /// To a resource: it names principals, and often resources.
    Resource,
}

fn attachment(resource_type: &str, property: &str) -> Attachment {
    match property {
        "AssumeRolePolicyDocument" => Attachment::Trust,
        _ if resource_type.starts_with("AWS::IAM::") => Attachment::Identity,
        _ => Attachment::Resource,
    }
}

pub(crate) fn check(resource_type: &str, value: &Value, path: Path<'_>, findings: &mut Findings) {
    let attachment = attachment(resource_type, path.property());
    match value {
        Value::Object(document) => check_document(document, attachment, path, findings),
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(document)) => check_document(&document, attachment, path, findings),
            _ => report_malformed(path, findings),
        },
        _ => report_malformed(path, findings),
    }
}

fn report_malformed(path: Path<'_>, findings: &mut Findings) {
    let help = "write {\"Version\": \"2012-10-17\", \"Statement\": [...]}";
    findings.error(code::POLICY, path, "a policy document is an object", help);
}

fn check_document(
    document: &Map<String, Value>,
    attachment: Attachment,
    path: Path<'_>,
    findings: &mut Findings,
) {
    for key in document
        .keys()
        .filter(|key| !KEYS.contains(&key.as_str()) && !key.starts_with("Fn::"))
    {
        let message = format!("a policy document has no `{key}`");
        findings.error(
            code::POLICY,
            path.key(key),
            message,
            "use Version, Id and Statement",
        );
    }
    check_version(document.get("Version"), path, findings);
    let Some(statements) = document.get("Statement") else {
        findings.error(
            code::POLICY,
            path,
            "the policy document has no `Statement`",
            "add it",
        );
        return;
    };
    let mut ids = BTreeSet::new();
    each_item(
        statements,
        path.key("Statement"),
        &mut |statement, path| match Expression::from(statement) {
            Expression::Literal(Value::Object(entries)) => {
                statement::check(entries, attachment, path, findings);
                if let Some(id) = entries.get("Sid").and_then(Value::as_str)
                    && !ids.insert(id.to_owned())
                {
                    let message = format!("two statements have the Sid `{id}`");
                    findings.error(
                        code::POLICY,
                        path.key("Sid"),
                        message,
                        "give each its own, or none",
                    );
                }
            }
            Expression::Literal(_) => {
                findings.error(
                    code::POLICY,
                    path,
                    "a statement is an object",
                    "write {\"Effect\": ...}",
                );
            }
            _ => findings.deferred(),
        },
    );
}

fn check_version(version: Option<&Value>, path: Path<'_>, findings: &mut Findings) {
    let path = path.key("Version");
    match version.map(Expression::from) {
        None => findings.warning(
            code::POLICY,
            path,
            "without `Version` the policy has the language of 2008, which knows no variables",
            "set it to 2012-10-17",
        ),
        Some(Expression::Literal(version))
            if !version
                .as_str()
                .is_some_and(|text| VERSIONS.contains(&text)) =>
        {
            let message = format!("{version} is no version of the policy language");
            findings.error(code::POLICY, path, message, "set it to 2012-10-17");
        }
        Some(_) => {}
    }
}
