//! Mistakes that only the whole machine shows: each is told with what to do and the line that made it.

use std::time::Duration;

use workflow::{
    Connection, Expr, Flow, Machine, Method, Nothing, Retry, StatesError, aws_sdk, http, invoke,
};

use crate::contracts::*;

#[track_caller]
fn assert_problem(
    expected: &str,
    describe: impl for<'s> FnOnce(&mut Flow<'s, 's>, Expr<'s, Plan>) -> Expr<'s, Nothing>,
) {
    let machine = Machine::new("Wrong", describe);
    let problems = machine.problems();
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert!(messages.contains(&expected), "{messages:#?}");
    for problem in &problems {
        assert!(
            problem.location.file().ends_with("mistakes.rs"),
            "{problem}"
        );
    }
}

#[test]
fn names_are_unique_in_the_whole_machine() {
    assert_problem(
        "another step is called `Wait`, too: names are unique in the whole machine",
        |flow, plan| {
            flow.wait("Wait", Duration::from_secs(1));
            flow.map("Jobs", plan.jobs).each(|flow, _| {
                flow.wait("Wait", Duration::from_secs(1));
                flow.nothing()
            });
            flow.nothing()
        },
    );
}

#[test]
fn names_are_no_longer_than_80_characters() {
    assert_problem(
        "`ggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg` has 81 characters: the name of a step has 1 to 80",
        |flow, _| {
            flow.wait(&"g".repeat(81), Duration::from_secs(1));
            flow.nothing()
        },
    );
}

#[test]
fn nothing_comes_after_the_end() {
    assert_problem(
        "step `More` is never reached: `Stop` ends the flow before it",
        |flow, _| {
            let _: Expr<'_, Nothing> = flow.fail("Stop", "Stopped", "for the test");
            flow.wait("More", Duration::from_secs(1));
            flow.nothing()
        },
    );
}

#[test]
fn spans_are_whole_seconds() {
    assert_problem(
        "1.5s is no span for Step Functions: use whole seconds, at least 1 and at most 99999999",
        |flow, _| {
            flow.wait("Wait", Duration::from_millis(1500));
            flow.nothing()
        },
    );
}

#[test]
fn iterations_assign_no_variable_around_them() {
    assert_problem(
        "step `Count` assigns variable `done` of the flow around it, which Step Functions forbids: let the iteration or branch return the value",
        |flow, plan| {
            let done = flow.variable::<u64>("Done", 0);
            flow.map("Jobs", plan.jobs).each(|flow, _| {
                flow.assign("Count", &done, 1);
                flow.nothing()
            });
            flow.nothing()
        },
    );
}

#[test]
fn raw_code_is_parsed() {
    assert_problem(
        "`$states.input.` is no JSONata: S0207: Unexpected end of expression",
        |flow, _| flow.raw("$states.input."),
    );
}

#[test]
fn raw_code_holds_nothing_that_cloudformation_replaces() {
    assert_problem(
        "CloudFormation would replace `${...}` in `\"${Name}\"`: use `deployed`",
        |flow, _| flow.raw("\"${Name}\""),
    );
}

#[test]
fn an_item_stays_in_its_function() {
    assert_problem(
        "the item of `each` or `filter` is used outside its closure",
        |flow, plan| {
            let mut escaped = None;
            let _ = plan.jobs.filter(|job| {
                escaped = Some(job.records);
                job.records.is_above(5)
            });
            if let Some(records) = escaped {
                flow.wait_seconds("Wait", records);
            }
            flow.nothing()
        },
    );
}

#[test]
fn lists_of_lists_are_taken_apart() {
    assert_problem(
        "JSONata takes a list of lists apart when it has one item: put the inner list into a struct",
        |flow, plan| {
            flow.pass("Nested", plan.jobs.each(|job| job.scope().list([job.id])));
            flow.nothing()
        },
    );
}

#[test]
fn loops_have_steps_and_rounds() {
    let expected = [
        "loop `Poll` is run 0 times: allow at least one",
        "loop `Poll` has no steps: nothing would change between two rounds",
    ];
    for expected in expected {
        assert_problem(expected, |flow, plan| {
            flow.repeat("Poll", Duration::from_secs(1), 0)
                .steps(|_| plan.records)
                .until(|records| records.is_above(1));
            flow.nothing()
        });
    }
}

#[test]
fn actions_of_an_sdk_have_a_service() {
    assert_problem(
        "`detectLabels` is no action of an SDK: write service and action, for example `rekognition:startLabelDetection`",
        |flow, plan| {
            flow.run(
                "Detect",
                aws_sdk::<Nothing>("detectLabels", "*", plan.untyped()),
            )
        },
    );
}

#[test]
fn endpoints_are_urls_that_say_no_more_than_where() {
    let endpoints = [
        "http://api.example.com/jobs",
        "https:///jobs",
        "https://api.example.com/jobs?all=true",
        "https://api.example.com/*",
    ];
    for endpoint in endpoints {
        let expected = format!(
            "`{endpoint}` is no endpoint of an HTTPS API: write `https://`, host and path; segments from the data are added by `segment`, what comes behind `?` by `query`"
        );
        let api = Connection::by_arn("Api", "arn:connection", "arn:secret");
        assert_problem(&expected, |flow, _| {
            let request = http(&api, Method::Get, endpoint, **flow);
            flow.run("Ask", request.answer())
        });
    }
}

#[test]
fn constants_can_be_written_as_json() {
    let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert_problem(
        "the value cannot be written as JSON: key must be a string",
        |flow, _| {
            let keys = flow.value(keys);
            flow.pass("Keys", keys);
            flow.nothing()
        },
    );
}

#[test]
fn a_flow_ends_with_one_type() {
    assert_problem(
        "the flow ends here with a `u64`, and otherwise with a `workflow::flow::Nothing`: end it with the same type",
        |flow, plan| {
            flow.choose("Any?")
                .when(plan.records.is_above(0), |flow| {
                    flow.succeed("Done", plan.records);
                    flow.nothing()
                })
                .otherwise(|flow| flow.nothing())
        },
    );
}

/// What the builder cannot see, the checker does, and it is told with the step's line.
#[test]
fn the_checkers_errors_have_the_line_of_their_step() {
    let check = Check::function();
    let machine = Machine::<Plan, _>::new("Wrong", |flow, plan| {
        let event = flow.object(CheckRequestFields {
            job_id: plan.manifest,
        });
        let shrinking = Retry::on([StatesError::Timeout]).backoff(0.5);
        flow.run("Check", invoke(&check, event).retry(shrinking))
    });
    let problems = machine.problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(
        problems[0].message.contains("BackoffRate"),
        "{}",
        problems[0]
    );
    assert!(problems[0].location.file().ends_with("mistakes.rs"));
}
