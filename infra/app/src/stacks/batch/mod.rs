//! Tables in, answers out: batch inference over Amazon Bedrock.
//!
//! ```text
//! request --> validate --> preprocess --> [ chunk: submit ~~ wait ~~> postprocess ] x N --> report --> topic
//!                              |               |         ^                |
//!                              +--> bucket     v         | token          +--> bucket
//!                                          Bedrock --events--> track
//!                                             ^--- every 15 minutes: reconcile; of executions that end early: stop
//! ```

pub mod machine;
mod operations;
pub mod stages;

use cfn::Parameter;
use cfn::intrinsics::sub;
use constructs::{
    BatchJobRole, Bucket, BucketHandle, DeadLetterQueue, DynamoTable, EventRule, Function,
    InputBuckets, ModelFamilies, Rate, SCHEDULED_TIME, SecretParameter, Setting, Stack,
    StateMachine, Synth, TableIndex, Topic, answers, days, find_jobs, from_event, mib, minutes,
    read_jobs, seconds, state_machine_arn, stop_jobs,
};
use shared::batch::event::{DETAIL_TYPE, SOURCE};
use shared::batch::layout::{
    CSV_RESULTS, INPUTS, JOB_INPUTS, JOB_OUTPUTS, PROMPTS, RESULTS, ROWS, RUNS,
};
use shared::contracts::batch::{
    InvokeRecords, Postprocess, Preprocess, ReconcileJobs, ReconcileRequest, ReportRun, RunPolicy,
    StopJobs, StopRequest, SubmitJob, TrackJob, ValidateRun, job_row,
};
use workflow::{Callee, Function as Step};

use machine::Parts;

/// What the map over chunks notes of its iterations.
const MAP_RESULTS: &str = "map_results/";

/// The system.
#[expect(
    clippy::too_many_lines,
    reason = "a stack is a page that a reviewer reads top to bottom"
)]
pub(super) fn batch() -> Stack {
    let mut stack = Stack::new("batch", "Tables in, answers out: batch inference");
    let models = ModelFamilies::of_batch();
    let files = files(&mut stack);
    let jobs = DynamoTable::new("Jobs", job_row::JOB_NAME)
        .index(
            TableIndex::new(job_row::BY_RUN, job_row::RUN)
                .sorted_by(job_row::JOB_NAME)
                .including(job_row::BY_RUN_SHOWS),
        )
        .index(
            TableIndex::new(job_row::OPEN_JOBS, job_row::OPEN)
                .sorted_by(job_row::JOB_NAME)
                .including(job_row::OPEN_JOBS_SHOW),
        )
        .expire_by(job_row::EXPIRES)
        .add_to(&mut stack);
    let role = BatchJobRole::new("BatchJobs", &files, &models)
        .read_below(JOB_INPUTS)
        .write_below(JOB_OUTPUTS)
        .add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures")
        .alarm_above(0)
        .add_to(&mut stack);
    let finished = Topic::new("Finished").offer_email().add_to(&mut stack);

    let inputs = InputBuckets::new("Input", &files, [INPUTS, RESULTS], &mut stack);
    let hub_token = SecretParameter::new(
        "HubToken",
        "Token of the Hugging Face Hub, for gated datasets",
        &mut stack,
    );
    let hub_url = hub_url(&mut stack);
    let policy = Setting::from(RunPolicy::default());
    let max_concurrent_jobs = max_concurrent_jobs(&mut stack);

    let validate = Function::new(ValidateRun::<Synth> {
        inputs: inputs.read(),
        prompts: files.read_below(PROMPTS),
        prompt_keys: files.list_below(PROMPTS),
        runs: files.read_below(RUNS),
        run_keys: files.list_below(RUNS),
        hub_url: hub_url.clone(),
        hub_token: hub_token.read(),
        policy: policy.clone(),
    })
    .memory(mib(512))
    .timeout(minutes(2))
    .add_to(&mut stack);

    let preprocess = Function::new(Preprocess::<Synth> {
        inputs: inputs.read(),
        prompts: files.read_below(PROMPTS),
        prompt_keys: files.list_below(PROMPTS),
        files: files.read_below_any([RUNS, JOB_INPUTS, ROWS, JOB_OUTPUTS, RESULTS]),
        keys: files.list_below_any([RUNS, JOB_INPUTS, ROWS, JOB_OUTPUTS, RESULTS]),
        output: files.write_below_any([RUNS, JOB_INPUTS, ROWS]),
        hub_url,
        hub_token: hub_token.read(),
        policy,
        max_concurrent_jobs,
    })
    .memory(mib(1_769)) // one whole processor
    .timeout(minutes(15))
    .alarm_on_errors()
    .add_to(&mut stack);

    let submit = Function::new(SubmitJob::<Synth> {
        jobs: role.submit(),
        job_states: read_jobs(),
        find: find_jobs(),
        rows: jobs.read(),
        row_writes: jobs.write(),
        tasks: answers("Run"),
        policy: Setting::default(),
        bucket: Setting::at_deployment(files.uri()),
    })
    .memory(mib(256))
    .timeout(minutes(2))
    .add_to(&mut stack);

    let changes = EventRule::new(SOURCE, DETAIL_TYPE, &failures);
    let track = Function::new(TrackJob::<Synth> {
        job_states: read_jobs(),
        rows: jobs.read(),
        row_writes: jobs.write(),
        tasks: answers("Run"),
    })
    .memory(mib(256))
    .timeout(seconds(60))
    .on_whole_event(changes)
    .on_failure(&failures)
    .alarm_on_errors()
    .add_to(&mut stack);

    let rate = Rate::parameter(
        "Reconcile",
        "Minutes between two looks at all open jobs, for events that got lost",
        minutes(15),
        &mut stack,
    );
    let reconcile = Function::new(ReconcileJobs::<Synth> {
        job_states: read_jobs(),
        find: find_jobs(),
        open: jobs.query(job_row::OPEN_JOBS),
        rows: jobs.read(),
        row_writes: jobs.write(),
        tasks: answers("Run"),
    })
    .memory(mib(256))
    .timeout(minutes(15))
    .every(
        rate,
        &ReconcileRequest {
            now: SCHEDULED_TIME.into(),
        },
    )
    .on_failure(&failures)
    .alarm_on_errors()
    .add_to(&mut stack);

    let ended_early = EventRule::new(
        "aws.states",
        "Step Functions Execution Status Change",
        &failures,
    )
    .detail("status", ["ABORTED", "TIMED_OUT", "FAILED"])
    .detail("stateMachineArn", [state_machine_arn("Run")]);
    let stop = Function::new(StopJobs::<Synth> {
        open: jobs.query(job_row::OPEN_JOBS),
        find: find_jobs(),
        stop: stop_jobs(),
    })
    .memory(mib(256))
    .timeout(minutes(5))
    .on_event(
        ended_early,
        &StopRequest {
            execution: from_event("detail.executionArn"),
            job_name: None,
        },
    )
    .on_failure(&failures)
    .alarm_on_errors()
    .add_to(&mut stack);

    let invoke = Function::new(InvokeRecords::<Synth> {
        files: files.read_below_any([JOB_INPUTS, JOB_OUTPUTS]),
        keys: files.list_below_any([JOB_INPUTS, JOB_OUTPUTS]),
        outputs: files.write_below(JOB_OUTPUTS),
        models: models.invoke(),
        policy: Setting::default(),
    })
    .memory(mib(512))
    .timeout(minutes(15))
    .add_to(&mut stack);

    let postprocess = Function::new(Postprocess::<Synth> {
        files: files.read_below_any([RUNS, ROWS, JOB_OUTPUTS]),
        keys: files.list_below_any([RUNS, ROWS, JOB_OUTPUTS]),
        results: files.write_below_any([RUNS, RESULTS, CSV_RESULTS]),
    })
    .memory(mib(1_769))
    .timeout(minutes(15))
    .alarm_on_errors()
    .add_to(&mut stack);

    let report = Function::new(ReportRun::<Synth> {
        files: files.read_below(RUNS),
        keys: files.list_below(RUNS),
        report: files.write_below(RUNS),
    })
    .memory(mib(512))
    .timeout(minutes(5))
    .add_to(&mut stack);

    let runs = machine::machine(&Parts {
        validate: step(&validate),
        preprocess: step(&preprocess),
        submit: step(&submit),
        stop: step(&stop),
        invoke: step(&invoke),
        postprocess: step(&postprocess),
        report: step(&report),
        files: files.objects(),
        topic: finished.arn().into(),
    });
    let runs = StateMachine::new(runs)
        .alarm_on_failures()
        .add_to(&mut stack);
    let stages = StateMachine::new(stages::machine(&runs))
        .alarm_on_failures()
        .add_to(&mut stack);

    let functions = operations::Functions {
        validate,
        preprocess,
        submit,
        track,
        reconcile,
        stop,
        invoke,
        postprocess,
        report,
    };
    operations::dashboard(&functions, &failures).add_to(&mut stack);
    operations::log_queries(&mut stack, &functions);

    stack.output(
        "Bucket",
        "Tables go below inputs/, results come below batch_output_parquet/",
        files.bucket_name(),
    );
    stack.output(
        "Machine",
        "Start an execution here for each run",
        runs.arn(),
    );
    stack.output(
        "StagesMachine",
        "Start an execution here for runs that follow one another",
        stages.arn(),
    );
    stack.output(
        "JobTable",
        "Every job of the last 90 days, and how it stands; deleted with the stack",
        jobs.table_name(),
    );
    stack.output("Topic", "Is told what each run came to", finished.arn());
    stack
}

/// The bucket of everything. What only a run needs goes after a while, and with it the possibility to redrive the run; inputs,
/// prompts, results and reports stay until people remove them, and outlive the stack. What was overwritten or deleted by
/// mistake, or replaced by a redrive, can be had back for a week.
fn files(stack: &mut Stack) -> BucketHandle {
    let working_days = Parameter::<i64>::new()
        .description("Days until the working files of runs are deleted: rows, what was sent, what Bedrock answered. A run can be redriven as long; results and reports stay, also when the stack is deleted")
        .default_value(30)
        .range(1, 36_500);
    let working_days = stack.template().parameter("WorkingDays", working_days);
    [JOB_INPUTS, ROWS, JOB_OUTPUTS, MAP_RESULTS]
        .into_iter()
        .fold(
            Bucket::new("Files").versioned(days(7)).retain(),
            |bucket, prefix| bucket.expire_below_at_deployment(prefix, &working_days),
        )
        .add_to(stack)
}

fn hub_url(stack: &mut Stack) -> Setting<String> {
    let parameter = Parameter::<String>::new()
        .description("Address of the Hugging Face Hub, or of a mirror")
        .default_value("https://huggingface.co")
        .allowed_pattern("^https?://[^/]+$");
    Setting::at_deployment(&stack.template().parameter("HubUrl", parameter))
}

/// By default the quota of most models; other runs and teams count against it, too.
fn max_concurrent_jobs(stack: &mut Stack) -> Setting<u64> {
    let parameter = Parameter::<i64>::new()
        .description("Jobs of a run that may be submitted and in progress at once")
        .default_value(20)
        .range(1, 1_000);
    let parameter = stack.template().parameter("MaxConcurrentJobs", parameter);
    Setting::at_deployment(sub(format!("${{{}}}", parameter.name())))
}

/// A function of this stack, as the machine calls it.
fn step<F: Callee>(function: &F) -> Step<F::Contract> {
    Step::by_arn(&function.placeholder(), function.arn())
}
