//! The machine of a run: chunks, jobs under a cap, results, a report.

use std::time::Duration;

use cfn::Value;
use constructs::Synth;
use shared::batch::layout::RUNS;
use shared::batch::request::RunRequest;
use shared::contracts::batch::{
    ChunkSummaryFields, ChunkTask, Ending, InvokeRecords, JobEnd, JobEndFields, JobMode,
    Postprocess, PostprocessRequestFields, Preprocess, ReportRun, RunFailure, RunPlan, RunReport,
    StopJobs, StopReport, StopRequestFields, SubmissionPolicy, SubmitFailure, SubmitJob,
    SubmitJobRequestFields, ValidateRun, ValidateRunRequestFields,
};
use shared::{ErrorKind, Variants};
use workflow::integration::SNS_PUBLISH;
use workflow::{
    AnyJson, ErrorOutput, Expr, Flow, Function, ItemReader, Machine, Objects, Retry, StatesError,
    Task, invoke, invoke_and_wait, perform,
};

use super::MAP_RESULTS;

/// What the machine calls, reads and tells.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Holds the request against the rules.
    pub validate: Function<ValidateRun<Synth>>,
    /// Cuts the table into chunks.
    pub preprocess: Function<Preprocess<Synth>>,
    /// Makes a job of a chunk.
    pub submit: Function<SubmitJob<Synth>>,
    /// Stops a job that nobody waits for any more.
    pub stop: Function<StopJobs<Synth>>,
    /// Sends the records of a small chunk one by one.
    pub invoke: Function<InvokeRecords<Synth>>,
    /// Joins a chunk with its answers.
    pub postprocess: Function<Postprocess<Synth>>,
    /// Adds up.
    pub report: Function<ReportRun<Synth>>,
    /// Where lists of tasks are, and where the map notes its iterations.
    pub files: Objects,
    /// ARN of the topic that is told how a run ended.
    pub topic: Value<String>,
}

/// How long a job's end is waited for: what the service gives a job, and two hours for the reconciler to notice.
fn token_timeout() -> Duration {
    let hours = SubmissionPolicy::default().job_timeout_hours + 2;
    Duration::from_hours(hours.into())
}

/// How long a job that was asked to stop may take to write what it has.
const STOPPING: Duration = Duration::from_mins(10);

/// The longest that a function of the run works.
const FUNCTION_TIMEOUT: Duration = Duration::from_mins(15);

/// Describes the machine.
pub fn machine(parts: &Parts) -> Machine<RunRequest, RunReport> {
    Machine::<RunRequest, RunReport>::new("Run", |flow, request| {
        flow.note("Refuses what cannot be run, before anything is read or written");
        let event = flow.object(ValidateRunRequestFields {
            request,
            execution: flow.execution_arn(),
            name: flow.execution_name(),
        });
        let order = flow.run("Validate", patient(invoke(&parts.validate, event)));
        let plan = flow.run("Preprocess", patient(invoke(&parts.preprocess, order)));
        let report = flow
            .choose("Anything to send?")
            .when(plan.chunks.is_above(0), |flow| {
                chunks(flow, plan, parts);
                flow.run("Report", patient(invoke(&parts.report, plan)))
            })
            .otherwise(|flow| flow.run("Report again", patient(invoke(&parts.report, plan))));
        flow.note("The report, to whoever subscribed to the topic");
        flow.run("Notify", notification(flow, report, parts));
        report
    })
    .comment("Batch inference: the chunks of a table become jobs of Amazon Bedrock, and every row gets its answer")
    .timeout(Duration::from_hours(24 * 14))
}

/// Sends every chunk and joins it with its answers, so many at once as jobs may be open. What they come to is in S3.
fn chunks<'s>(flow: &mut Flow<'s, '_>, plan: Expr<'s, RunPlan>, parts: &Parts) {
    flow.note(
        "Every chunk is an execution of its own; none of them fails, whatever becomes of its job",
    );
    flow.distributed_map(
        "Chunks",
        ItemReader::<ChunkTask>::json_lines(&parts.files.clone().below(RUNS), plan.tasks),
    )
    .max_concurrency(plan.max_concurrency)
    .tolerate_percentage(100.0)
    .label("chunks")
    .each_to(&parts.files.clone().below(MAP_RESULTS), |flow, task| {
        let end = flow.choose_by("How to send?", task.mode, |flow, mode| match mode {
            JobMode::Batch => submitted(flow, task, parts),
            JobMode::OnDemand => invoked(flow, task, parts),
            JobMode::Nothing => flow.object(JobEndFields {
                ending: flow.value(Ending::Nothing),
                job_arn: flow.none(),
                message: flow.none(),
            }),
        });
        let event = flow.object(PostprocessRequestFields { task, end });
        flow.try_run("Postprocess", patient(invoke(&parts.postprocess, event)))
            .catch_all(|flow, error| {
                flow.object(ChunkSummaryFields {
                    chunk: task.chunk,
                    records: task.records,
                    succeeded: flow.value(0),
                    result: flow.none(),
                    error: error.cause.or(error.error).some(),
                })
            })
            .value()
    });
}

/// A job, and how it ended. An account that is full is waited for, for days if need be; a job that ended badly is never made
/// again, because it was paid for.
fn submitted<'s>(
    flow: &mut Flow<'s, '_>,
    task: Expr<'s, ChunkTask>,
    parts: &Parts,
) -> Expr<'s, JobEnd> {
    let event =
        |scope: workflow::Scope<'s>, token| scope.object(SubmitJobRequestFields { task, token });
    let submission = invoke_and_wait(&parts.submit, token_timeout(), event, **flow)
        .retry(
            Retry::on([SubmitFailure::QuotaReached])
                .interval(Duration::from_mins(1))
                .backoff(1.5)
                .no_longer_than(Duration::from_mins(15))
                .attempts(700)
                .with_jitter(),
        )
        .retry(
            Retry::on([SubmitFailure::Throttled, SubmitFailure::Unavailable])
                .interval(Duration::from_secs(10))
                .no_longer_than(Duration::from_mins(5))
                .attempts(50)
                .with_jitter(),
        )
        .retry(once_more());
    flow.try_run("Submit", submission)
        .catch([StatesError::Timeout], |flow, _| lost(flow, task, parts))
        .catch([SubmitFailure::Refused], |flow, error| {
            not_submitted(flow, error)
        })
        .catch_all(|flow, error| given_up(flow, task, error, parts))
        .value()
}

/// Nobody told how the job ended. It is asked to stop, and what it wrote until then is read.
fn lost<'s>(flow: &mut Flow<'s, '_>, task: Expr<'s, ChunkTask>, parts: &Parts) -> Expr<'s, JobEnd> {
    let found = stopped(flow, "Stop lost job", task, parts);
    flow.wait("Let it stop", STOPPING);
    flow.object(JobEndFields {
        ending: flow.value(Ending::Lost),
        job_arn: found.job_arns.first(),
        message: flow
            .text("nobody told how the job ended; it was asked to stop, and what it wrote was read")
            .some(),
    })
}

/// No attempt is left. One of them may have made a job whose answer was lost: nobody should pay for it.
fn given_up<'s>(
    flow: &mut Flow<'s, '_>,
    task: Expr<'s, ChunkTask>,
    error: Expr<'s, ErrorOutput>,
    parts: &Parts,
) -> Expr<'s, JobEnd> {
    let ended = not_submitted(flow, error);
    stopped(flow, "Stop job given up", task, parts);
    ended
}

fn stopped<'s>(
    flow: &mut Flow<'s, '_>,
    step: &str,
    task: Expr<'s, ChunkTask>,
    parts: &Parts,
) -> Expr<'s, StopReport> {
    let event = flow.object(StopRequestFields {
        execution: task.run.execution,
        job_name: task.job_name.some(),
    });
    flow.try_run(step, patient(invoke(&parts.stop, event)))
        .catch_all(|flow, _| flow.value(StopReport::default()))
        .value()
}

/// Records that are too few for a job.
fn invoked<'s>(
    flow: &mut Flow<'s, '_>,
    task: Expr<'s, ChunkTask>,
    parts: &Parts,
) -> Expr<'s, JobEnd> {
    flow.try_run("Invoke", patient(invoke(&parts.invoke, task)))
        .catch_all(|flow, error| not_submitted(flow, error))
        .value()
}

fn not_submitted<'s>(flow: &Flow<'s, '_>, error: Expr<'s, ErrorOutput>) -> Expr<'s, JobEnd> {
    flow.object(JobEndFields {
        ending: flow.value(Ending::NotSubmitted),
        job_arn: flow.none(),
        message: error.cause.or(error.error).some(),
    })
}

/// A function of the run, tried again while services are unwell.
fn patient<R, F: RunsAgain>(task: Task<'_, R, F>) -> Task<'_, R, F> {
    let retry = Retry::on([F::THROTTLED, F::UNAVAILABLE])
        .interval(Duration::from_secs(5))
        .no_longer_than(Duration::from_mins(5))
        .attempts(8)
        .with_jitter();
    task.timeout(FUNCTION_TIMEOUT)
        .retry(retry)
        .retry(once_more())
}

/// What is said of a function whose process ended in the middle of its work: it was killed, ran out of memory or of time.
/// Source: AWS Step Functions Developer Guide, "Handle Lambda service exceptions", and what Lambda itself reports.
const PROCESS_ENDED: [StatesError; 3] = [
    StatesError::Named("Lambda.Unknown"),
    StatesError::Named("Runtime.ExitError"),
    StatesError::Named("Sandbox.Timedout"),
];

/// Every function of the run goes on where an earlier attempt was, or does the same again. What kills it each time is not
/// tried for long.
fn once_more<F>() -> Retry<F> {
    Retry::on(PROCESS_ENDED)
        .interval(Duration::from_secs(5))
        .attempts(3)
}

/// Failures that pass by themselves.
trait RunsAgain: Variants {
    const THROTTLED: Self;
    const UNAVAILABLE: Self;
}

impl RunsAgain for RunFailure {
    const THROTTLED: Self = Self::Throttled;
    const UNAVAILABLE: Self = Self::Unavailable;
}

impl RunsAgain for ErrorKind {
    const THROTTLED: Self = Self::Throttled;
    const UNAVAILABLE: Self = Self::Unavailable;
}

fn notification<'s>(
    flow: &Flow<'s, '_>,
    report: Expr<'s, RunReport>,
    parts: &Parts,
) -> Task<'s, AnyJson> {
    let topic = flow.deployed("Topic", parts.topic.clone());
    let message = flow.members([
        ("TopicArn", topic.untyped()),
        (
            "Subject",
            flow.text("Batch run ").append(report.run).untyped(),
        ),
        ("Message", report.untyped()),
    ]);
    perform(SNS_PUBLISH, parts.topic.clone(), message)
}
