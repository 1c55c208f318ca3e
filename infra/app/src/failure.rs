//! A failed operation on a stack, as a person meets it: the first cause first, where it was declared, what it means, what to
//! type next.

use std::fmt::Write as _;

use crate::CommandError;
use crate::synthesis::Lines;
use deploy::{Failure, Phase, explain};

/// An error in full, if it is of an operation on a stack. The lines are those that declare the resources, where they are
/// known.
pub(crate) fn in_full(error: CommandError, lines: &Lines) -> CommandError {
    let CommandError::Deploy(error) = error else {
        return error;
    };
    let help = error.way_on();
    match (*error, help) {
        (
            deploy::Error::Failed {
                stack,
                status,
                reason,
                failures,
            },
            Some(help),
        ) => CommandError::Operation {
            message: with_paragraphs(
                format!("stack `{stack}` ended in {status}"),
                reason.as_deref(),
                &failures,
                &stack,
                lines,
            ),
            help,
        },
        (
            deploy::Error::ChangeSet {
                stack,
                reason,
                findings,
            },
            Some(help),
        ) => CommandError::Operation {
            message: with_paragraphs(
                format!("CloudFormation refuses the changes to stack `{stack}`"),
                Some(&reason),
                &findings,
                &stack,
                lines,
            ),
            help,
        },
        (error, _) => error.into(),
    }
}

/// What failed, or CloudFormation's reason where it names nothing that did.
fn with_paragraphs(
    mut text: String,
    reason: Option<&str>,
    failures: &[Failure],
    stack: &str,
    lines: &Lines,
) -> String {
    if failures.is_empty() {
        let reason = reason.unwrap_or("CloudFormation gives no reason");
        let _ = write!(text, ": {reason}");
    }
    for failure in failures {
        text.push_str("\n\n");
        text.push_str(&paragraph(failure, stack, lines).join("\n  "));
    }
    text
}

/// The lines about one resource.
fn paragraph(failure: &Failure, stack: &str, lines: &Lines) -> Vec<String> {
    let Failure {
        logical_id,
        resource_type,
        status,
        reason,
        phase,
    } = failure;
    let explanation = explain(reason);
    let advice = explanation.advice(failure, stack);
    let when = match phase {
        Phase::Change => "",
        Phase::Rollback => " in the rollback",
    };
    let mut paragraph = vec![format!("{logical_id} ({resource_type}) {status}{when}")];
    paragraph.extend(explanation.message.lines().map(str::to_owned));
    let declared = lines.get(logical_id);
    paragraph.extend(declared.map(|line| format!("declared: {line}")));
    let properties = explanation.properties.iter();
    paragraph.extend(properties.map(|property| format!("property: {property}")));
    if let Some(advice) = advice {
        paragraph.push(format!("{}: {}", advice.code, advice.meaning));
        paragraph.push(format!("next: {}", advice.next));
    }
    paragraph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_cause_line_property_meaning_and_what_is_next() {
        let failure = |id: &str, reason: &str| Failure {
            logical_id: id.to_owned(),
            resource_type: "AWS::S3::Bucket".to_owned(),
            status: "CREATE_FAILED".to_owned(),
            phase: Phase::Change,
            reason: reason.to_owned(),
        };
        let error = deploy::Error::Failed {
            stack: "vision".to_owned(),
            status: "ROLLBACK_COMPLETE".to_owned(),
            reason: Some("The following resource(s) failed to create: [Landing, Raw].".to_owned()),
            failures: vec![
                failure(
                    "Landing",
                    "Resource handler returned message: \"vision-landing already exists\" (RequestToken: 1, HandlerErrorCode: AlreadyExists)",
                ),
                failure(
                    "Raw",
                    "Properties validation failed for resource Raw with message:\n#/BucketName: expected type: String, found: JSONArray",
                ),
                failure("Odd", "no words that we know"),
            ],
        };
        let lines = [("Landing".to_owned(), "stacks/vision.rs:42".to_owned())].into();
        let CommandError::Operation { message, help } = in_full(error.into(), &lines) else {
            panic!("a failed operation is explained");
        };
        insta::assert_snapshot!(format!("{message}\n\nhelp: {help}"), @r"
        stack `vision` ended in ROLLBACK_COMPLETE

        Landing (AWS::S3::Bucket) CREATE_FAILED
          vision-landing already exists
          declared: stacks/vision.rs:42
          AlreadyExists: something has this name already and does not belong to the stack
          next: take it into the stack with `infra import vision --resource Landing=IDENTIFIER`, delete it, or choose another name

        Raw (AWS::S3::Bucket) CREATE_FAILED
          Properties validation failed for resource Raw with message:
          #/BucketName: expected type: String, found: JSONArray
          property: /BucketName
          InvalidRequest: the service does not take the resource as it is described
          next: correct the property in the stack's source, check with `infra synth`, and deploy again

        Odd (AWS::S3::Bucket) CREATE_FAILED
          no words that we know

        help: everything it had created is deleted again: repair the cause and deploy again
        ");
    }
}
