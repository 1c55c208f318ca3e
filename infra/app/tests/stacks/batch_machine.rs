//! The machines of the batch system, rehearsed: days in moments, without a server.

use std::time::Duration;

use infra::stacks::batch::machine::{Parts, machine};
use infra::stacks::batch::stages;
use rehearsal::{Callback, Failure, Mock, Outcome, Rehearsal};
use serde_json::{Value, json};
use shared::Contract;
use workflow::{Function, Objects as Files, Runnable};

const BUCKET: &str = "${FilesBucket}";

fn function<C: Contract>(name: &str) -> Function<C> {
    Function::by_arn(name, format!("arn:{name}"))
}

fn definition() -> Value {
    let parts = Parts {
        validate: function("Validate"),
        preprocess: function("Preprocess"),
        submit: function("Submit"),
        stop: function("Stop"),
        invoke: function("Invoke"),
        postprocess: function("Postprocess"),
        report: function("Report"),
        files: Files::of("FilesBucket", BUCKET),
        topic: cfn::IntoValue::into_value("arn:topic"),
    };
    let machine = machine(&parts);
    assert!(machine.problems().is_empty(), "{:#?}", machine.problems());
    machine.definition()
}

fn task(chunk: usize, mode: &str) -> Value {
    json!({
        "run": {"run": "r1", "prefix": "jokes", "execution": "arn:execution:r1"},
        "chunk": chunk,
        "attempt": 0,
        "mode": mode,
        "model_id": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "records": 100,
        "input": format!("batch_inputs_json/jokes/r1/{chunk:04}.jsonl"),
        "outputs": format!("batch_outputs_json/jokes/r1/{chunk:04}/"),
        "job_name": format!("jokes-part-{chunk:04}-0123456789"),
        "client_request_token": format!("token{chunk}"),
        "csv": false,
    })
}

fn end(ending: &str) -> Value {
    json!({"ending": ending, "job_arn": "arn:job", "message": null})
}

fn report() -> Value {
    json!({
        "run": "r1", "prefix": "jokes", "verdict": "complete", "attempt": 0, "chunks": 1, "records": 100,
        "succeeded": 100, "failed": 0, "no_answer": 0, "rejected": 0, "missing": 0, "redrivable": 0,
        "input_tokens": 1, "output_tokens": 1, "estimated_cost": null,
        "results": "s3://bucket/batch_output_parquet/jokes/r1/", "incomplete": [],
    })
}

fn request() -> Value {
    json!({
        "s3_uri": "s3://bucket/inputs/topics.csv",
        "job_name_prefix": "jokes",
        "model_id": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
    })
}

/// Whatever a test does not expect to be called fails.
fn nobody_is_called<'a>(definition: &Value) -> Rehearsal<'a> {
    let steps = [
        "Validate",
        "Preprocess",
        "Submit",
        "Stop",
        "Invoke",
        "Postprocess",
        "Report",
    ];
    steps.into_iter().fold(
        Rehearsal::of(definition).callback("Submit", |_, _| Callback::never()),
        |rehearsal, step| {
            rehearsal.function(format!("${{{step}}}"), async move |_: Value| {
                Err::<Value, _>(Failure::new("Unexpected", step))
            })
        },
    )
}

/// A run of these chunks; what the tests do not say goes well.
fn rehearsal<'a>(definition: &Value, tasks: &[Value], cap: u64) -> Rehearsal<'a> {
    let lines: Vec<String> = tasks.iter().map(Value::to_string).collect();
    let order = json!({
        "run": {"run": "r1", "prefix": "jokes", "execution": "arn:execution:r1"},
        "attempt": 0,
        "request": request(),
    });
    let plan = json!({
        "run": order["run"], "attempt": 0, "tasks": "runs/jokes/r1/tasks-0.jsonl",
        "chunks": tasks.len(), "records": 100 * tasks.len(), "max_concurrency": cap,
    });
    let joined = |arguments: &Value| {
        let chunk = &arguments["Payload"]["task"]["chunk"];
        Ok(
            json!({"Payload": {"chunk": chunk, "records": 100, "succeeded": 100, "result": "key", "error": null}}),
        )
    };
    nobody_is_called(definition)
        .input(request())
        .object(BUCKET, "runs/jokes/r1/tasks-0.jsonl", lines.join("\n"))
        .task("Validate", Mock::payload(order))
        .task("Preprocess", Mock::payload(plan))
        .task("Postprocess", Mock::replies(joined).always())
        .task("Report", Mock::payload(report()))
        .task("Notify", Mock::answers(json!({"MessageId": "1"})))
}

fn rehearsed(rehearsal: Rehearsal<'_>) -> Outcome {
    rehearsal.run().expect("the machine can be rehearsed")
}

/// What the join was told of each chunk, by the number of the chunk.
fn endings(outcome: &Outcome) -> Vec<Value> {
    let mut endings: Vec<_> = outcome
        .calls("Postprocess")
        .iter()
        .map(|call| {
            let payload = &call.arguments["Payload"];
            (payload["task"]["chunk"].as_u64(), payload["end"].clone())
        })
        .collect();
    endings.sort_by_key(|(chunk, _)| *chunk);
    endings.into_iter().map(|(_, end)| end).collect()
}

fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

#[test]
fn every_way_a_job_can_end_is_a_value_and_reaches_the_join() {
    let all = [
        "completed",
        "partially_completed",
        "failed",
        "stopped",
        "expired",
    ];
    let tasks: Vec<Value> = (0..all.len()).map(|chunk| task(chunk, "batch")).collect();
    let ended = move |_: &str, arguments: &Value| {
        let chunk = arguments["Payload"]["task"]["chunk"]
            .as_u64()
            .unwrap_or_default();
        Callback::succeeds_after(
            hours(1 + chunk),
            end(all[usize::try_from(chunk).unwrap_or(0)]),
        )
    };
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &tasks, 20)
            .task("Submit", Mock::payload(json!(null)).always())
            .callback("Submit", ended),
    );
    assert_eq!(outcome.output(), Some(&report()), "{outcome}");
    assert_eq!(endings(&outcome), all.map(end));
    assert_eq!(outcome.elapsed(), hours(5), "jobs run side by side");
    let message = &outcome.calls("Notify")[0].arguments;
    assert_eq!(message["Message"], report());
    assert_eq!(message["Subject"], "Batch run r1");
}

#[test]
fn no_more_jobs_are_open_at_once_than_the_plan_says() {
    let tasks: Vec<Value> = (0..5).map(|chunk| task(chunk, "batch")).collect();
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &tasks, 2)
            .task("Submit", Mock::payload(json!(null)).always())
            .callback("Submit", |_, _| {
                Callback::succeeds_after(hours(1), end("completed"))
            }),
    );
    assert_eq!(outcome.elapsed(), hours(3), "two, two and one: {outcome}");
}

#[test]
fn a_job_of_which_nobody_tells_is_stopped_and_its_output_read() {
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &[task(0, "batch")], 20)
            .task("Submit", Mock::payload(json!(null)).always())
            .callback("Submit", |_, _| Callback::never())
            .task(
                "Stop lost job",
                Mock::payload(json!({"job_arns": ["arn:job"], "stopped": 1, "ended": 0})),
            ),
    );
    assert_eq!(outcome.output(), Some(&report()), "{outcome}");
    let stopped = &outcome.calls("Stop lost job")[0].arguments["Payload"];
    let expected =
        json!({"execution": "arn:execution:r1", "job_name": "jokes-part-0000-0123456789"});
    assert_eq!(*stopped, expected);
    let end = &endings(&outcome)[0];
    assert_eq!(
        (&end["ending"], &end["job_arn"]),
        (&json!("lost"), &json!("arn:job"))
    );
    assert_eq!(outcome.elapsed(), hours(26) + Duration::from_mins(10));
}

#[test]
fn a_full_account_is_waited_for() {
    let full = |error: &'static str| Mock::fails(error, "20 jobs are open");
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &[task(0, "batch")], 20)
            .task(
                "Submit",
                full("QuotaReached")
                    .then(full("QuotaReached"))
                    .then(full("Throttled"))
                    .then(full("QuotaReached"))
                    .then(Mock::payload(json!(null))),
            )
            .callback("Submit", |_, _| {
                Callback::succeeds_after(hours(1), end("completed"))
            }),
    );
    assert_eq!(endings(&outcome), [end("completed")]);
    assert_eq!(outcome.calls("Submit").len(), 5);
    let tokens: std::collections::BTreeSet<_> = outcome
        .calls("Submit")
        .iter()
        .map(|call| call.arguments["Payload"]["token"].to_string())
        .collect();
    assert_eq!(
        tokens.len(),
        5,
        "each attempt waits under a token of its own"
    );
}

#[test]
fn an_account_that_stays_full_costs_the_chunk_its_answers_and_nothing_else() {
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &[task(0, "batch")], 20)
            .task(
                "Submit",
                Mock::fails("QuotaReached", "20 jobs are open").always(),
            )
            .task(
                "Stop job given up",
                Mock::payload(json!({"job_arns": [], "stopped": 0, "ended": 0})),
            ),
    );
    let end = &endings(&outcome)[0];
    assert_eq!(end["ending"], "not_submitted");
    assert_eq!(end["message"], "20 jobs are open");
    assert_eq!(outcome.output(), Some(&report()), "{outcome}");
    let days = outcome.elapsed().as_secs() / 86_400;
    assert!(days >= 3, "it was waited for: {:?}", outcome.elapsed());
}

#[test]
fn a_refused_job_leaves_its_siblings_alone() {
    let tasks = [task(0, "batch"), task(1, "batch")];
    let submitted = |arguments: &Value| match arguments["Payload"]["task"]["chunk"].as_u64() {
        Some(0) => Err(Failure::new("Refused", "the model is not offered here")),
        _ => Ok(json!({"Payload": null})),
    };
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &tasks, 20)
            .task("Submit", Mock::replies(submitted).always())
            .callback("Submit", |_, _| {
                Callback::succeeds_after(hours(1), end("completed"))
            }),
    );
    let refused = json!({"ending": "not_submitted", "job_arn": null, "message": "the model is not offered here"});
    assert_eq!(endings(&outcome), [refused, end("completed")]);
    assert_eq!(outcome.output(), Some(&report()), "{outcome}");
}

#[test]
fn records_too_few_for_a_job_are_sent_one_by_one_and_none_are_not_sent() {
    let tasks = [task(0, "on_demand"), task(1, "nothing")];
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &tasks, 20).task("Invoke", Mock::payload(end("on_demand"))),
    );
    let nothing = json!({"ending": "nothing", "job_arn": null, "message": null});
    assert_eq!(endings(&outcome), [end("on_demand"), nothing]);
    assert_eq!(outcome.calls("Invoke")[0].arguments["Payload"], tasks[0]);
}

#[test]
fn a_request_that_cannot_be_run_ends_the_run_at_once_with_the_reason() {
    let definition = definition();
    let outcome = rehearsed(rehearsal(&definition, &[], 20).task(
        "Validate",
        Mock::fails("InvalidRequest", "there is no prompt `joke`"),
    ));
    let failure = outcome.failure().expect("it fails");
    assert_eq!(failure.error, "InvalidRequest");
    assert!(failure.cause.contains("there is no prompt `joke`"));
    assert_eq!(outcome.elapsed(), Duration::ZERO, "nothing is tried again");
}

#[test]
fn a_chunk_that_cannot_be_joined_does_not_keep_the_report_from_being_made() {
    let tasks = [task(0, "nothing"), task(1, "nothing")];
    let joined = |arguments: &Value| match arguments["Payload"]["task"]["chunk"].as_u64() {
        Some(0) => Err(Failure::new("Broken", "no permission")),
        _ => Ok(
            json!({"Payload": {"chunk": 1, "records": 100, "succeeded": 0, "result": "key", "error": null}}),
        ),
    };
    let definition = definition();
    let outcome = rehearsed(
        rehearsal(&definition, &tasks, 20).task("Postprocess", Mock::replies(joined).always()),
    );
    assert_eq!(outcome.output(), Some(&report()), "{outcome}");
}

#[test]
fn a_redrive_with_nothing_to_do_makes_the_report_again() {
    let definition = definition();
    let outcome =
        rehearsed(rehearsal(&definition, &[], 20).task("Report again", Mock::payload(report())));
    assert_eq!(outcome.output(), Some(&report()), "{outcome}");
    assert!(outcome.calls("Submit").is_empty());
}

/// The machine of runs, for machines that run it.
struct Runs;

impl Runnable for Runs {
    type Input = shared::batch::request::RunRequest;
    type Output = shared::contracts::batch::RunReport;

    fn placeholder(&self) -> String {
        "RunStateMachine".to_owned()
    }

    fn arn(&self) -> cfn::Value<String> {
        cfn::IntoValue::into_value("arn:machine")
    }

    fn executions(&self) -> cfn::Value<String> {
        cfn::IntoValue::into_value("arn:executions")
    }
}

#[test]
fn a_stage_without_a_source_reads_the_results_of_the_one_before() {
    let machine = stages::machine(&Runs);
    assert!(machine.problems().is_empty(), "{:#?}", machine.problems());
    let second = json!({
        "job_name_prefix": "verdicts",
        "model_id": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "sentiment_classifier",
        "columns": {"response": "input_text"},
    });
    let ran = |arguments: &Value| {
        let prefix = arguments["Input"]["job_name_prefix"]
            .as_str()
            .unwrap_or_default();
        let mut output = report();
        output["prefix"] = json!(prefix);
        output["results"] = json!(format!("s3://bucket/batch_output_parquet/{prefix}/r1/"));
        Ok(json!({"Output": output}))
    };
    let outcome = Rehearsal::of(&machine.definition())
        .input(json!({"stages": [request(), second]}))
        .task("Run stage", Mock::replies(ran).always())
        .run()
        .expect("the machine can be rehearsed");
    let stages = outcome.calls("Run stage");
    assert_eq!(stages.len(), 2, "{outcome}");
    assert_eq!(stages[0].arguments["Input"], request());
    let input = &stages[1].arguments["Input"];
    assert_eq!(
        input["s3_uri"],
        "s3://bucket/batch_output_parquet/jokes/r1/"
    );
    assert_eq!(input["previous_results"], true);
    assert_eq!(input["columns"], second["columns"]);
    let output = outcome.output().expect("it ends well");
    assert_eq!(output["stages"][1]["prefix"], "verdicts");
}

#[test]
fn no_stages_are_a_mistake() {
    let outcome = Rehearsal::of(&stages::machine(&Runs).definition())
        .input(json!({"stages": []}))
        .task("Run stage", Mock::fails("Unexpected", "no stage"))
        .run()
        .expect("the machine can be rehearsed");
    assert_eq!(outcome.failure().expect("it fails").error, "InvalidRequest");
}
