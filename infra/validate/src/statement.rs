//! One statement of an IAM policy.

use serde_json::{Map, Value};

use crate::code;
use crate::expression::{Expression, each_branch, each_item};
use crate::findings::Findings;
use crate::path::Path;
use crate::policy::Attachment;

const KEYS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];
const PRINCIPALS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];

pub(crate) fn check(
    statement: &Map<String, Value>,
    attachment: Attachment,
    path: Path<'_>,
    findings: &mut Findings,
) {
    if statement.keys().any(|key| key.starts_with("Fn::")) {
        return findings.not_checked(path, "what a macro makes of a statement");
    }
    for key in statement.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        let message = format!("a statement has no `{key}`");
        findings.error(
            code::POLICY,
            path.key(key),
            message,
            format!("use one of {}", KEYS.join(", ")),
        );
    }
    check_effect(statement, path, findings);
    check_actions(statement, path, findings);
    check_principal(statement, attachment, path, findings);
    check_resources(statement, attachment, path, findings);
}

fn check_effect(statement: &Map<String, Value>, path: Path<'_>, findings: &mut Findings) {
    let Some(effect) = statement.get("Effect") else {
        return findings.error(
            code::POLICY,
            path,
            "the statement has no `Effect`",
            "set Allow or Deny",
        );
    };
    each_branch(effect, path.key("Effect"), &mut |value, path| {
        if let Expression::Literal(literal) = Expression::from(value)
            && literal != "Allow"
            && literal != "Deny"
        {
            findings.error(
                code::POLICY,
                path,
                format!("{literal} is no effect"),
                "set Allow or Deny",
            );
        }
    });
}

fn check_actions(statement: &Map<String, Value>, path: Path<'_>, findings: &mut Findings) {
    exactly_one(statement, ["Action", "NotAction"], path, findings);
    let allows = statement
        .get("Effect")
        .is_some_and(|effect| effect == "Allow");
    for key in ["Action", "NotAction"] {
        let Some(actions) = statement.get(key) else {
            continue;
        };
        each_item(
            actions,
            path.key(key),
            &mut |action, path| match Expression::from(action) {
                Expression::Literal(Value::String(text)) => {
                    check_action(text, allows && key == "Action", path, findings);
                }
                Expression::Literal(other) => {
                    let message = format!("{other} is no action");
                    findings.error(code::POLICY_ACTION, path, message, "write service:Action");
                }
                _ => findings.deferred(),
            },
        );
    }
}

fn check_action(action: &str, allowed: bool, path: Path<'_>, findings: &mut Findings) {
    findings.checked();
    if matches!(action, "*" | "*:*") {
        if allowed {
            let message = "the statement allows every action of every service";
            let help = "list the actions that are needed";
            findings.warning(code::POLICY_WILDCARD, path, message, help);
        }
        return;
    }
    if !is_action(action) {
        let message = format!("`{action}` is no action");
        findings.error(
            code::POLICY_ACTION,
            path,
            message,
            "write service:Action, such as s3:GetObject",
        );
    }
}

/// `service:Action`, with wildcards in the action only.
fn is_action(action: &str) -> bool {
    let Some((service, name)) = action.split_once(':') else {
        return false;
    };
    let service_ok = service
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let name_ok = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?'));
    !service.is_empty() && service_ok && !name.is_empty() && name_ok
}

fn check_principal(
    statement: &Map<String, Value>,
    attachment: Attachment,
    path: Path<'_>,
    findings: &mut Findings,
) {
    const NAMES: [&str; 2] = ["Principal", "NotPrincipal"];
    if attachment == Attachment::Identity {
        return forbid(
            statement,
            NAMES,
            "a policy of a principal applies to that principal",
            path,
            findings,
        );
    }
    exactly_one(statement, NAMES, path, findings);
    for name in NAMES {
        let Some(principal) = statement.get(name) else {
            continue;
        };
        each_branch(principal, path.key(name), &mut |value, path| {
            check_principal_value(value, path, findings);
        });
    }
}

fn check_principal_value(value: &Value, path: Path<'_>, findings: &mut Findings) {
    match Expression::from(value) {
        Expression::Literal(Value::Object(kinds)) => {
            for kind in kinds
                .keys()
                .filter(|kind| !PRINCIPALS.contains(&kind.as_str()))
            {
                let message = format!("there are no principals of the kind `{kind}`");
                findings.error(
                    code::POLICY,
                    path.key(kind),
                    message,
                    format!("use one of {}", PRINCIPALS.join(", ")),
                );
            }
        }
        Expression::Literal(literal) if literal != "*" => {
            let message = format!("{literal} is no principal");
            findings.error(
                code::POLICY,
                path,
                message,
                "write \"*\" or {\"Service\": ...} or {\"AWS\": ...}",
            );
        }
        _ => {}
    }
}

fn check_resources(
    statement: &Map<String, Value>,
    attachment: Attachment,
    path: Path<'_>,
    findings: &mut Findings,
) {
    const NAMES: [&str; 2] = ["Resource", "NotResource"];
    match attachment {
        Attachment::Identity => exactly_one(statement, NAMES, path, findings),
        Attachment::Trust => forbid(
            statement,
            NAMES,
            "a trust policy is about its own role",
            path,
            findings,
        ),
        Attachment::Resource => {}
    }
    for name in NAMES {
        let Some(resources) = statement.get(name) else {
            continue;
        };
        each_item(resources, path.key(name), &mut |value, path| {
            if let Expression::Literal(literal) = Expression::from(value)
                && !literal
                    .as_str()
                    .is_some_and(|text| text == "*" || text.starts_with("arn:"))
            {
                findings.error(
                    code::POLICY,
                    path,
                    format!("{literal} is neither an ARN nor \"*\""),
                    "write an ARN",
                );
            }
        });
    }
}

fn exactly_one(
    statement: &Map<String, Value>,
    names: [&str; 2],
    path: Path<'_>,
    findings: &mut Findings,
) {
    let [first, second] = names;
    let message = match names.map(|name| statement.contains_key(name)) {
        [true, true] => format!("the statement has both `{first}` and `{second}`"),
        [false, false] => format!("the statement has neither `{first}` nor `{second}`"),
        _ => return,
    };
    findings.error(code::POLICY, path, message, "set one of the two");
}

fn forbid(
    statement: &Map<String, Value>,
    names: [&str; 2],
    why: &str,
    path: Path<'_>,
    findings: &mut Findings,
) {
    for name in names.iter().filter(|name| statement.contains_key(**name)) {
        let message = format!("`{name}` does not belong here: {why}");
        findings.error(code::POLICY, path.key(name), message, "remove it");
    }
}
