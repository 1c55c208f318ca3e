//! Mistakes that only synthesis can see: each is reported with what to do and the line that made it.

use cfn::Handle as _;
use constructs::{
    Alarm, BatchJobRole, Bucket, Crawler, DeadLetterQueue, DynamoTable, Error, EventRule, Function,
    GlueDatabase, GlueTable, InputBuckets, ModelFamilies, ModelParameter, Pace, Problem, Queue,
    Rate, SecretParameter, Setting, Stack, Synth, TableIndex, Workgroup, answers, find_jobs, hours,
    minutes, read_jobs, seconds, stop_jobs, suffixes,
};
use shared::contracts::batch::{ReportRun, StopJobs, StopRequest, TrackJob};
use shared::contracts::{ArchiveLimits, Extract, ReviewPolicy, Unzip};
use shared::model::{Model, Profile, Target};
use shared::records::BookMetadata;

use crate::contracts::{Ask, Load};

fn problems(describe: impl FnOnce(&mut Stack)) -> Vec<Problem> {
    let mut stack = Stack::new("wrong", "A stack with a mistake");
    describe(&mut stack);
    match stack.synthesize() {
        Err(Error::Problems { problems, .. }) => problems,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("no mistake was found"),
    }
}

#[track_caller]
fn assert_problem(expected: &str, describe: impl FnOnce(&mut Stack)) {
    let problems = problems(describe);
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(messages, [expected]);
    assert!(
        problems[0].location.file().ends_with("mistakes.rs"),
        "{}",
        problems[0]
    );
}

#[test]
fn names_are_pascal_case() {
    assert_problem(
        "`athena-results` is no name for a construct: use ASCII letters and digits, beginning with a capital, for example `AthenaResults`",
        |stack| stack.check("athena-results"),
    );
}

/// Adds something under a name that is none.
trait Check {
    fn check(&mut self, name: &str);
}

impl Check for Stack {
    #[track_caller]
    fn check(&mut self, name: &str) {
        Alarm::new(name, "")
            .metric("AWS/SQS", "Sent", [("QueueName", "q")])
            .add_to(self);
    }
}

#[test]
fn prefixes_end_with_a_slash() {
    assert_problem(
        "function `unzip`: port `raw`: `images*` is no prefix for a grant: it ends with `/`, does not begin with it and has neither wildcards nor commas, for example `processed/`",
        |stack| {
            let bucket = Bucket::new("Landing").add_to(stack);
            let failures = DeadLetterQueue::new("Failures").add_to(stack);
            Function::new(Unzip::<Synth> {
                landing: bucket.read(),
                raw: bucket.write_below("images*"),
                failures: failures.send(),
                limits: Setting::default(),
            })
            .add_to(stack);
        },
    );
}

#[test]
fn a_crawlers_prefix_ends_with_a_slash() {
    assert_problem(
        "crawler `Data`: `/data` is no prefix for a grant: it ends with `/`, does not begin with it and has neither wildcards nor commas, for example `processed/`",
        |stack| {
            let bucket = Bucket::new("Others").add_to(stack);
            let database = GlueDatabase::new("").add_to(stack);
            Crawler::new("Data", &bucket, "/data").add_to(stack, &database);
        },
    );
}

#[test]
fn settings_are_in_their_range() {
    assert_problem(
        "function `unzip`: setting `limits`: value out of range: archive limits must all be at least 1",
        |stack| {
            let bucket = Bucket::new("Landing").add_to(stack);
            let failures = DeadLetterQueue::new("Failures").add_to(stack);
            Function::new(Unzip::<Synth> {
                landing: bucket.read(),
                raw: bucket.write(),
                failures: failures.send(),
                limits: ArchiveLimits {
                    ratio: 0,
                    ..ArchiveLimits::default()
                }
                .into(),
            })
            .add_to(stack);
        },
    );
}

#[test]
fn a_queue_waits_longer_than_its_function_works() {
    assert_problem(
        "queue `Images` delivers a message again after 300 s, function `Extract` may take 120 s: set `retry_after` to at least six times the timeout",
        |stack| {
            let bucket = Bucket::new("Raw").add_to(stack);
            let failures = DeadLetterQueue::new("Failures").add_to(stack);
            let images = Queue::new("Images").retry_after(minutes(5)).add_to(stack);
            let haiku = Target {
                model: &Model::CLAUDE_HAIKU_4_5,
                profile: Some(Profile::Eu),
            };
            Function::new(Extract::<Synth> {
                raw: bucket.read(),
                processed: bucket.write(),
                claims: bucket.write(),
                claimed: bucket.read(),
                model: constructs::invoke(haiku),
                failures: failures.send(),
                review: failures.send(),
                parse_mode: Setting::default(),
                review_policy: ReviewPolicy::default().into(),
            })
            .timeout(seconds(120))
            .on_messages(&images, 1)
            .add_to(stack);
        },
    );
}

#[test]
fn dead_letters_go_to_dead_letter_queues() {
    assert_problem(
        "queue `Failures` takes no dead letters of `Images`: make it a `DeadLetterQueue`",
        |stack| {
            let failures = Queue::new("Failures").add_to(stack);
            Queue::new("Images")
                .dead_letters(&failures, 5)
                .add_to(stack);
        },
    );
}

#[test]
fn a_pace_is_one_of_the_list() {
    assert_problem(
        "a pace of 41 requests per minute is not to be had: choose one of [10, 20, 40, 60, 100, 200, 400, 600, 1000, 2000, 4000, 10000]",
        |stack| {
            Pace::new("Image", 41).add_to(stack);
        },
    );
}

#[test]
fn a_model_parameter_takes_profiles_only() {
    assert_problem(
        "model `anthropic.claude-haiku-4-5-20251001-v1:0` cannot be the default of a parameter: choose one of `us.anthropic.claude-haiku-4-5-20251001-v1:0`, `eu.anthropic.claude-haiku-4-5-20251001-v1:0`, `jp.anthropic.claude-haiku-4-5-20251001-v1:0`, `au.anthropic.claude-haiku-4-5-20251001-v1:0`, `global.anthropic.claude-haiku-4-5-20251001-v1:0`, `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `eu.anthropic.claude-sonnet-4-5-20250929-v1:0`, `jp.anthropic.claude-sonnet-4-5-20250929-v1:0`, `au.anthropic.claude-sonnet-4-5-20250929-v1:0`, `global.anthropic.claude-sonnet-4-5-20250929-v1:0`",
        |stack| {
            let plain = Target {
                model: &Model::CLAUDE_HAIKU_4_5,
                profile: None,
            };
            ModelParameter::new("Model", plain, stack);
        },
    );
}

#[test]
fn alarms_have_a_metric() {
    assert_problem(
        "alarm `Quiet` has no metric: name one by `metric`",
        |stack| {
            Alarm::new("Quiet", "").add_to(stack);
        },
    );
}

#[test]
fn a_workgroup_scans_at_least_what_athena_accepts() {
    assert_problem(
        "a workgroup that scans at most 9 MB is not to be had: Athena's least bound is 10 MB",
        |stack| {
            let results = Bucket::new("Results").add_to(stack);
            Workgroup::new("", &results).scan_at_most(9).add_to(stack);
        },
    );
}

#[test]
fn tables_have_sql_names() {
    assert_problem(
        "`Books` is no name for a table: use lower-case letters, digits and underscores",
        |stack| {
            let bucket = Bucket::new("Processed").add_to(stack);
            let database = GlueDatabase::new("").add_to(stack);
            GlueTable::<BookMetadata>::in_bucket(&bucket, "processed/")
                .named("Books")
                .add_to(stack, &database);
        },
    );
}

#[test]
fn tables_cover_a_year() {
    assert_problem("table `books` has no year to hold files of", |stack| {
        let bucket = Bucket::new("Processed").add_to(stack);
        let database = GlueDatabase::new("").add_to(stack);
        #[expect(clippy::reversed_empty_ranges, reason = "the mistake")]
        GlueTable::<BookMetadata>::in_bucket(&bucket, "processed/")
            .years(2030..=2029)
            .add_to(stack, &database);
    });
}

#[test]
fn a_bucket_has_so_many_notifications() {
    assert_problem(
        "bucket `Landing` has 102 notifications, S3 takes 100: name fewer endings, or use `notify_event_bridge` and a rule",
        |stack| {
            let bucket = Bucket::new("Landing").add_to(stack);
            let queue = Queue::new("Arrivals").add_to(stack);
            let endings: Vec<String> = (0..34).map(|number| format!(".ab{number}")).collect();
            let endings = suffixes(endings.iter().map(String::as_str));
            bucket.send_created(stack, &endings, &queue);
        },
    );
}

#[test]
fn the_templates_own_mistakes_are_reported_too() {
    let mut stack = Stack::new("wrong", "The same name twice");
    Bucket::new("Landing").add_to(&mut stack);
    Bucket::new("Landing").add_to(&mut stack);
    let message = stack
        .synthesize()
        .expect_err("a name is used twice")
        .to_string();
    assert!(
        message.starts_with("the template of stack `wrong` is not acceptable"),
        "{message}"
    );
    assert!(
        message.contains("the name `LandingBucket` is used twice"),
        "{message}"
    );
}

#[test]
fn logical_ids_are_the_name_and_the_kind() {
    let mut stack = Stack::new("names", "");
    Bucket::new("AthenaResults").add_to(&mut stack);
    let template = stack.template();
    let names: Vec<String> = template
        .resources()
        .map(|entry| entry.logical_id().to_string())
        .collect();
    assert_eq!(names, ["AthenaResultsBucket", "AthenaResultsBucketPolicy"]);
    let topic = template.add("Topic", cfn::sns::Topic::new());
    assert_eq!(
        topic.logical_id().as_str(),
        "Topic",
        "what no construct offers keeps its own name"
    );
}

fn whose() -> StopRequest {
    StopRequest {
        execution: "arn".into(),
        job_name: None,
    }
}

#[test]
fn a_machine_that_is_answered_is_there() {
    assert_problem(
        "function `track-job` answers state machine `Rum`, which is not in the stack: name the machine as it is added",
        |stack| {
            let jobs = DynamoTable::new("Jobs", "job_name").add_to(stack);
            Function::new(TrackJob::<Synth> {
                job_states: read_jobs(),
                rows: jobs.read(),
                row_writes: jobs.write(),
                tasks: answers("Rum"),
            })
            .add_to(stack);
        },
    );
}

#[test]
fn only_indexes_that_are_there_are_queried() {
    assert_problem(
        "function `stop-jobs`: port `open`: the table has no index `by-rum`, its indexes are [by-run]",
        |stack| {
            let jobs = DynamoTable::new("Jobs", "job_name")
                .index(TableIndex::new("by-run", "run"))
                .add_to(stack);
            Function::new(StopJobs::<Synth> {
                open: jobs.query("by-rum"),
                find: find_jobs(),
                stop: stop_jobs(),
            })
            .add_to(stack);
        },
    );
}

#[test]
fn indexes_have_names_of_their_own() {
    assert_problem(
        "table `Jobs` has two indexes `by-run`: give each its own name",
        |stack| {
            DynamoTable::new("Jobs", "job_name")
                .index(TableIndex::new("by-run", "run"))
                .index(TableIndex::new("by-run", "run").sorted_by("job_name"))
                .add_to(stack);
        },
    );
}

#[test]
fn indexes_include_no_keys() {
    for key in ["job_name", "run", "chunk"] {
        let problem = format!(
            "table `Jobs`: index `by-run` includes `{key}`, which is a key and there in any case: leave it out"
        );
        assert_problem(&problem, |stack| {
            let index = TableIndex::new("by-run", "run").sorted_by("chunk");
            DynamoTable::new("Jobs", "job_name")
                .index(index.including(["status", key]))
                .add_to(stack);
        });
    }
}

#[test]
fn several_prefixes_are_each_a_prefix_and_none_below_another() {
    let cases: [(&[&str], &str); 4] = [
        (
            &[],
            "no prefix of the bucket is named: name at least one, for example `inputs/`",
        ),
        (
            &["runs/", "a,b/"],
            "`a,b/` is no prefix for a grant: it ends with `/`, does not begin with it and has neither wildcards nor commas, for example `processed/`",
        ),
        (
            &["runs/", "runs/jokes/"],
            "`runs/jokes/` is below `runs/`, which is granted: leave it out",
        ),
        (
            &["runs/", "runs/"],
            "`runs/` is below `runs/`, which is granted: leave it out",
        ),
    ];
    for (prefixes, problem) in cases {
        let expected = format!("function `report-run`: port `report`: {problem}");
        assert_problem(&expected, |stack| {
            let files = Bucket::new("Files").add_to(stack);
            Function::new(ReportRun::<Synth> {
                files: files.read(),
                keys: files.list(),
                report: files.write_below_any(prefixes.iter().copied()),
            })
            .add_to(stack);
        });
    }
}

fn stopping(stack: &mut Stack) -> Function<StopJobs<Synth>> {
    let jobs = DynamoTable::new("Jobs", "job_name")
        .index(TableIndex::new("by-run", "run"))
        .add_to(stack);
    Function::new(StopJobs::<Synth> {
        open: jobs.query("by-run"),
        find: find_jobs(),
        stop: stop_jobs(),
    })
}

#[test]
fn rates_are_whole_minutes() {
    assert_problem(
        "function `StopJobs` cannot run every 90 s: choose whole minutes",
        |stack| {
            stopping(stack).every(seconds(90), &whose()).add_to(stack);
        },
    );
    assert_problem(
        "rate `Look` cannot be every 60 s by default: choose 2 to 1,440 whole minutes",
        |stack| {
            let rate = Rate::parameter("Look", "", minutes(1), stack);
            stopping(stack).every(rate, &whose()).add_to(stack);
        },
    );
}

#[test]
fn events_are_not_tried_for_ever() {
    assert_problem(
        "EventBridge delivers events for one minute to 24 hours, not for 90000 s: correct `retry_for`",
        |stack| {
            let failures = DeadLetterQueue::new("Failures").add_to(stack);
            let rule = EventRule::new("aws.states", "Changes", &failures).retry_for(hours(25));
            stopping(stack).on_event(rule, &whose()).add_to(stack);
        },
    );
}

#[test]
fn a_role_of_jobs_reads_and_writes_somewhere() {
    assert_problem(
        "role `Jobs` of batch jobs has no place to write: name one by `write_below`",
        |stack| {
            let bucket = Bucket::new("Batch").add_to(stack);
            BatchJobRole::new("Jobs", &bucket, &ModelFamilies::of_batch())
                .read_below("inputs/")
                .add_to(stack);
        },
    );
}

#[test]
fn families_of_models_have_a_provider() {
    assert_problem(
        "function `ask`: port `models`: `claude-*` names no family of models: write provider and beginning of the id without wildcards, for example `anthropic.claude-`",
        |stack| {
            Function::new(Ask::<Synth> {
                models: ModelFamilies::starting_with(["claude-*"]).invoke(),
            })
            .add_to(stack);
        },
    );
}

#[test]
fn tables_are_read_somewhere_in_the_own_bucket() {
    assert_problem(
        "function `load`: port `inputs`: no prefix of the bucket is named: name at least one, for example `inputs/`",
        |stack| {
            let bucket = Bucket::new("Batch").add_to(stack);
            let tables = InputBuckets::new("Input", &bucket, [], stack);
            let token = SecretParameter::new("HubToken", "Token", stack);
            Function::new(Load::<Synth> {
                inputs: tables.read(),
                hub_token: token.read(),
            })
            .add_to(stack);
        },
    );
}
