//! What the people see who run the batch system: its dashboard and the saved queries over its logs.

use constructs::{Dashboard, FunctionHandle, Graph, LogsInsightsQuery, QueueHandle, Stack, Synth};
use shared::contracts::batch::{
    InvokeRecords, Postprocess, Preprocess, ReconcileJobs, ReportRun, StopJobs, SubmitJob,
    TrackJob, ValidateRun,
};
use shared::telemetry::metrics;

type Track = TrackJob<Synth>;
type Reconcile = ReconcileJobs<Synth>;
type Report = ReportRun<Synth>;

/// The functions of the stack.
pub(super) struct Functions {
    pub(super) validate: FunctionHandle<ValidateRun<Synth>>,
    pub(super) preprocess: FunctionHandle<Preprocess<Synth>>,
    pub(super) submit: FunctionHandle<SubmitJob<Synth>>,
    pub(super) track: FunctionHandle<Track>,
    pub(super) reconcile: FunctionHandle<Reconcile>,
    pub(super) stop: FunctionHandle<StopJobs<Synth>>,
    pub(super) invoke: FunctionHandle<InvokeRecords<Synth>>,
    pub(super) postprocess: FunctionHandle<Postprocess<Synth>>,
    pub(super) report: FunctionHandle<Report>,
}

/// The dashboard.
pub(super) fn dashboard(functions: &Functions, failures: &QueueHandle) -> Dashboard {
    let jobs = Graph::per_hour("Jobs")
        .line::<Reconcile>(metrics::OPEN_JOBS, "Maximum", "open")
        .line::<Track>(metrics::ENDED_JOBS, "Sum", "ended, told by events")
        .line::<Reconcile>(metrics::ENDED_JOBS, "Sum", "ended, found later")
        .line::<Track>(metrics::FAILED_JOBS, "Sum", "failed")
        .line::<Reconcile>(metrics::FAILURES, "Sum", "could not be looked at");
    let rows = Graph::per_hour("Rows of runs that ended")
        .line::<Report>(metrics::SUCCEEDED_RECORDS, "Sum", "answered")
        .line::<Report>(metrics::FAILED_RECORDS, "Sum", "failed")
        .line::<Report>(metrics::UNANSWERED_RECORDS, "Sum", "without an answer")
        .line::<Report>(metrics::REJECTED_RECORDS, "Sum", "not sent")
        .line::<Report>(metrics::MISSING_RECORDS, "Sum", "missing");
    let tokens = Graph::per_hour("Tokens of runs that ended")
        .line::<Report>(metrics::INPUT_TOKENS, "Sum", "sent")
        .line::<Report>(metrics::OUTPUT_TOKENS, "Sum", "answered");
    let cost = Graph::per_hour("Estimated cost, US dollars").line::<Report>(
        metrics::ESTIMATED_COST,
        "Sum",
        "models",
    );
    let errors = Graph::per_hour("Failed invocations")
        .errors(&functions.validate)
        .errors(&functions.preprocess)
        .errors(&functions.submit)
        .errors(&functions.track)
        .errors(&functions.reconcile)
        .errors(&functions.stop)
        .errors(&functions.invoke)
        .errors(&functions.postprocess)
        .errors(&functions.report);
    let waiting = Graph::per_hour("Messages that wait").waiting(failures);
    Dashboard::new()
        .row([jobs.into(), rows.into()])
        .row([tokens.into(), cost.into()])
        .row([errors.into(), waiting.into()])
}

/// The saved queries over the logs.
pub(super) fn log_queries(stack: &mut Stack, functions: &Functions) {
    let over_all = LogsInsightsQuery::new(
        "BatchErrors",
        "\
filter level in ['ERROR', 'CRITICAL']
| fields @timestamp, function, message, fields.error, requestId
| sort @timestamp desc
| limit 200",
    );
    over_all
        .over(&functions.validate)
        .over(&functions.preprocess)
        .over(&functions.submit)
        .over(&functions.track)
        .over(&functions.reconcile)
        .over(&functions.stop)
        .over(&functions.invoke)
        .over(&functions.postprocess)
        .over(&functions.report)
        .add_to(stack);
    LogsInsightsQuery::new(
        "JobEnds",
        "\
filter ispresent(EndedJobs)
| stats sum(EndedJobs) as jobs, sum(FailedJobs) as failed, sum(JobRecords) as records, sum(JobErrors) as errors by bin(1h)",
    )
    .over(&functions.track)
    .over(&functions.reconcile)
    .add_to(stack);
}
