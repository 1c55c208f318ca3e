//! `infra sync`: what it refuses before anything is built. What it does is in `tests/operations.rs`, with the local AWS.

use std::sync::Arc;

use crate::aws::{Aws, refused, result, stack};

fn deployed(fields: &'static str) -> Arc<Aws> {
    Aws::new(move |action, _| match action {
        "DescribeStacks" => stack("UPDATE_COMPLETE", fields),
        "GetTemplate" => result(
            action,
            r#"<TemplateBody>{"Resources":{"Other":{"Type":"AWS::SQS::Queue"}}}</TemplateBody>"#,
        ),
        _ => result(action, ""),
    })
}

#[test]
fn production_is_not_touched() {
    for (fields, why) in [
        (
            "<Tags><member><Key>colophon:stage</Key><Value>production</Value></member></Tags>",
            "its tag colophon:stage is `production`",
        ),
        (
            "<EnableTerminationProtection>true</EnableTerminationProtection>",
            "it has termination protection",
        ),
    ] {
        let run = deployed(fields).run(&["sync", "vision"]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
        assert_eq!(run.asked, ["DescribeStacks"]);
    }
}

#[test]
fn there_has_to_be_something_deployed() {
    let run = deployed("").run(&["sync", "vision"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("function unzip is not deployed yet")
            && run
                .stderr
                .contains("has no function whose code could be synced"),
        "{}",
        run.stderr
    );
    let absent = Aws::new(|_, _| refused("ValidationError", "Stack with id x does not exist"));
    let run = absent.run(&["sync", "vision", "--stack-name", "x"]);
    assert!(
        run.stderr.contains("stack `x` is not deployed here"),
        "{}",
        run.stderr
    );
    let run = absent.run(&["sync", "payroll"]);
    assert!(
        run.stderr.contains("there is no stack `payroll`"),
        "{}",
        run.stderr
    );
    assert_eq!(run.asked.len(), 0);
}
