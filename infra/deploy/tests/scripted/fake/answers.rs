//! Answers in CloudFormation's XML.

use deploy::Plan;

use super::Answer;

pub(crate) const STACK_ID: &str =
    "arn:aws:cloudformation:eu-central-1:111122223333:stack/vision/0001";
pub(crate) const CHANGE_SET_ID: &str =
    "arn:aws:cloudformation:eu-central-1:111122223333:changeSet/colophon-plan/0003";

pub(crate) fn ok(operation: &str, result: &str) -> Answer {
    Answer {
        status: 200,
        body: format!(
            "<{operation}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><{operation}Result>{result}</{operation}Result></{operation}Response>"
        ),
        headers: Vec::new(),
    }
}

pub(crate) fn error(code: &str, message: &str) -> Answer {
    Answer {
        status: 400,
        body: format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        ),
        headers: Vec::new(),
    }
}

/// An answer of a server in trouble.
pub(crate) fn trouble(status: u16, code: &str) -> Answer {
    Answer {
        status,
        ..error(code, "not now")
    }
}

/// Half an answer: the connection is lost on the way.
pub(crate) fn cut_off() -> Answer {
    Answer {
        headers: vec![("content-length", "9999")],
        ..ok("DescribeStacks", "")
    }
}

pub(crate) fn no_such_stack() -> (&'static str, Answer) {
    (
        "DescribeStacks",
        error("ValidationError", "Stack with id vision does not exist"),
    )
}

pub(crate) fn stack(status: &str) -> (&'static str, Answer) {
    stack_because(status, "")
}

pub(crate) fn stack_because(status: &str, reason: &str) -> (&'static str, Answer) {
    let outputs = "<Outputs><member><OutputKey>Bucket</OutputKey><OutputValue>vision-landing</OutputValue></member></Outputs>";
    described(&format!(
        "<StackStatus>{status}</StackStatus><StackStatusReason>{reason}</StackStatusReason>{outputs}"
    ))
}

/// A stack with the change set that was executed last.
pub(crate) fn stack_by(status: &str, change_set: &str) -> (&'static str, Answer) {
    described(&format!(
        "<StackStatus>{status}</StackStatus><ChangeSetId>arn:aws:cloudformation:eu-central-1:111122223333:changeSet/{change_set}/0003</ChangeSetId>"
    ))
}

pub(crate) fn described(fields: &str) -> (&'static str, Answer) {
    let member = format!(
        "<member><StackName>vision</StackName><StackId>{STACK_ID}</StackId><CreationTime>2026-11-21T00:00:00Z</CreationTime>{fields}</member>"
    );
    (
        "DescribeStacks",
        ok("DescribeStacks", &format!("<Stacks>{member}</Stacks>")),
    )
}

/// The change sets by name and execution status.
pub(crate) fn change_sets(found: &[(&str, &str)]) -> (&'static str, Answer) {
    let members: Vec<String> = found
        .iter()
        .map(|(name, status)| {
            format!("<member><ChangeSetName>{name}</ChangeSetName><ExecutionStatus>{status}</ExecutionStatus></member>")
        })
        .collect();
    (
        "ListChangeSets",
        ok(
            "ListChangeSets",
            &format!("<Summaries>{}</Summaries>", members.concat()),
        ),
    )
}

pub(crate) fn change_set_created() -> (&'static str, Answer) {
    let result = format!("<Id>{CHANGE_SET_ID}</Id><StackId>{STACK_ID}</StackId>");
    ("CreateChangeSet", ok("CreateChangeSet", &result))
}

pub(crate) fn change_set_status(status: &str, reason: &str) -> (&'static str, Answer) {
    let result = format!("<Status>{status}</Status><StatusReason>{reason}</StatusReason>");
    ("DescribeChangeSet", ok("DescribeChangeSet", &result))
}

pub(crate) fn change_set_page(
    changes: &[(&str, &str, &str)],
    next: Option<&str>,
) -> (&'static str, Answer) {
    let members: Vec<String> = changes
        .iter()
        .map(|(action, id, replacement)| {
            format!(
                "<member><Type>Resource</Type><ResourceChange><Action>{action}</Action><LogicalResourceId>{id}</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType>{}</ResourceChange></member>",
                if replacement.is_empty() { String::new() } else { format!("<Replacement>{replacement}</Replacement>") }
            )
        })
        .collect();
    let members = members.concat();
    let next = next
        .map(|token| format!("<NextToken>{token}</NextToken>"))
        .unwrap_or_default();
    let result = format!("<Status>CREATE_COMPLETE</Status><Changes>{members}</Changes>{next}");
    ("DescribeChangeSet", ok("DescribeChangeSet", &result))
}

pub(crate) fn planned() -> (&'static str, Answer) {
    change_set_page(&[("Add", "Landing", "")], None)
}

pub(crate) fn done(operation: &'static str) -> (&'static str, Answer) {
    (operation, ok(operation, ""))
}

/// One entry of a stack's history: event id, logical id (`vision` is the stack), status, reason.
pub(crate) type Entry<'a> = (&'a str, &'a str, &'a str, &'a str);

/// A page of a stack's history, newest first as CloudFormation sends it.
pub(crate) fn events(entries: &[Entry<'_>]) -> (&'static str, Answer) {
    events_page(entries, None)
}

pub(crate) fn events_page(entries: &[Entry<'_>], next: Option<&str>) -> (&'static str, Answer) {
    let members: Vec<String> = entries
        .iter()
        .map(|(id, resource, status, reason)| {
            let (kind, physical) = match *resource {
                "vision" => ("AWS::CloudFormation::Stack", STACK_ID),
                _ => ("AWS::S3::Bucket", ""),
            };
            format!(
                "<member><StackId>{STACK_ID}</StackId><EventId>{id}</EventId><StackName>vision</StackName><LogicalResourceId>{resource}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId><ResourceType>{kind}</ResourceType><Timestamp>2026-11-21T00:00:00Z</Timestamp><ResourceStatus>{status}</ResourceStatus><ResourceStatusReason>{reason}</ResourceStatusReason></member>"
            )
        })
        .collect();
    let members = members.concat();
    let next = next
        .map(|token| format!("<NextToken>{token}</NextToken>"))
        .unwrap_or_default();
    let result = format!("<StackEvents>{members}</StackEvents>{next}");
    ("DescribeStackEvents", ok("DescribeStackEvents", &result))
}

/// An answer of S3: a status, a body, headers.
pub(crate) fn storage(status: u16, body: &str, headers: &[(&'static str, &'static str)]) -> Answer {
    Answer {
        status,
        body: body.to_owned(),
        headers: headers.to_vec(),
    }
}

/// A plan for an update of the stack.
pub(crate) fn plan() -> Plan {
    Plan {
        stack: "vision".into(),
        stack_id: STACK_ID.into(),
        change_set: CHANGE_SET_ID.into(),
        create: false,
        changes: vec![],
    }
}

/// The deletion of a stack that was there for a plan only, which is gone.
pub(crate) fn planned_stack_deleted() -> [(&'static str, Answer); 6] {
    [
        stack("REVIEW_IN_PROGRESS"),
        change_sets(&[]),
        events(&[]),
        done("DeleteStack"),
        stack("DELETE_COMPLETE"),
        events(&[]),
    ]
}
