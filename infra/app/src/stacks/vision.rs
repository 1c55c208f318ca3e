//! Archives of pictures in, SQL out.
//!
//! ```text
//! landing --(.zip)--> unzip --> raw --(.jpg .png)--> images queue --> extract --> processed/ --+
//!                       |                                 |             |  +----> review queue  +--> view --> Athena
//!                       +------------> failures queue <---+-------------+         compacted/ --+
//!                                                                  compact, every night --^
//! ```

use cfn::Parameter;
use constructs::{
    Bucket, BucketHandle, DatabaseHandle, DeadLetterQueue, Function, GlueDatabase, GlueTable,
    ModelParameter, Pace, Queue, SCHEDULED_TIME, Setting, Stack, Synth, View, Workgroup, days,
    hours, mib, minutes, suffixes,
};
use shared::SettingValue as _;
use shared::contracts::{Compact, CompactionRequest, Extract, ParseMode, Unzip};
use shared::model::{Model, Profile, Target};
use shared::record::Record as _;
use shared::records::Subject;

pub use super::book_queries::QUERIES;
use super::operations;

/// Where records are written as they are read, one file each.
const LIVE: &str = "processed/";
/// Where closed days end up, one file each.
const COMPACTED: &str = "compacted/";
/// Where it is noted which record an image became.
const CLAIMS: &str = "claims/";
/// What a query may read at most; a year of 500 images a day, not compacted, is about an eighth of it.
const MOST_MEGABYTES_PER_QUERY: u32 = 10_000;

/// The system.
#[expect(
    clippy::too_many_lines,
    reason = "a stack is a page that a reviewer reads top to bottom"
)]
pub(super) fn vision() -> Stack {
    let mut stack = Stack::new("vision", "Archives of pictures in, SQL out");
    let haiku = Target {
        model: &Model::CLAUDE_HAIKU_4_5,
        profile: Some(Profile::Eu),
    };
    let model = ModelParameter::new("Model", haiku, &mut stack);
    let pace = Pace::new("Image", haiku.model.requests_per_minute)
        .function_timeout(minutes(5))
        .add_to(&mut stack);

    let landing = Bucket::new("Landing")
        .expire_after(days(7))
        .add_to(&mut stack);
    let raw = Bucket::new("Raw").expire_after(days(30)).add_to(&mut stack);
    let processed = processed(&mut stack);
    let results = Bucket::new("Results")
        .expire_after(days(30))
        .add_to(&mut stack);

    let failures = DeadLetterQueue::new("Failures")
        .alarm_above(10)
        .add_to(&mut stack);
    let review = Queue::new("Review").add_to(&mut stack);
    let images = Queue::new("Images")
        .paced(&pace, &failures)
        .alarm_after(hours(6))
        .add_to(&mut stack);

    let unzip = Function::new(Unzip::<Synth> {
        landing: landing.read(),
        raw: raw.write(),
        failures: failures.send(),
        limits: Setting::default(),
    })
    .memory(mib(1_024))
    .timeout(minutes(15))
    .on_failure(&failures)
    .alarm_on_errors()
    .add_to(&mut stack);

    let extract = Function::new(Extract::<Synth> {
        raw: raw.read(),
        processed: processed.write_below(LIVE),
        claims: processed.write_below(CLAIMS),
        claimed: processed.read_below(CLAIMS),
        model: model.invoke(),
        failures: failures.send(),
        review: review.send(),
        parse_mode: parse_mode(&mut stack),
        review_policy: Setting::default(),
    })
    .memory(mib(1_769)) // one whole processor
    .on_messages_at(&images, &pace)
    .alarm_on_errors()
    .add_to(&mut stack);

    let compact = Function::new(Compact::<Synth> {
        live_keys: processed.list_below(LIVE),
        live: processed.read_below(LIVE),
        expired: processed.delete_below(LIVE),
        compacted_keys: processed.list_below(COMPACTED),
        compacted: processed.read_below(COMPACTED),
        output: processed.write_below(COMPACTED),
        superseded: processed.delete_below(COMPACTED),
        policy: Setting::default(),
    })
    .memory(mib(1_024))
    .timeout(minutes(15))
    .every_day_at(
        2,
        0,
        &CompactionRequest {
            now: SCHEDULED_TIME.into(),
        },
    )
    .on_failure(&failures)
    .alarm_on_errors()
    .add_to(&mut stack);

    landing.on_created(&mut stack, &suffixes([".zip"]), &unzip);
    raw.send_created(&mut stack, &suffixes([".jpg", ".jpeg", ".png"]), &images);

    let database = GlueDatabase::new("What the pictures said").add_to(&mut stack);
    catalogue(&mut stack, &processed, &database).add_to(&mut stack, &database);
    let workgroup = Workgroup::new("Questions about the pictures", &results)
        .scan_at_most(MOST_MEGABYTES_PER_QUERY)
        .add_to(&mut stack);
    for query in QUERIES {
        query.add_to(&mut stack, &workgroup, &database);
    }
    operations::dashboard(&unzip, &extract, &compact, &[&images, &failures, &review])
        .add_to(&mut stack);
    operations::log_queries(&mut stack, &unzip, &extract, &compact);

    stack.output(
        "LandingBucket",
        "Upload archives here",
        landing.bucket_name(),
    );
    stack.output(
        "RawBucket",
        "Pictures, as they come out of the archives",
        raw.bucket_name(),
    );
    stack.output(
        "ProcessedBucket",
        "Records, as Parquet",
        processed.bucket_name(),
    );
    stack.output(
        "FailuresQueueUrl",
        "What could not be processed, with the reason",
        failures.url(),
    );
    stack.output(
        "ReviewQueueUrl",
        "Records that a person should look at",
        review.url(),
    );
    stack.output(
        "ImagesQueueUrl",
        "Pictures that wait for the model",
        images.url(),
    );
    stack.output("Workgroup", "Run SQL here", workgroup.name());
    stack.output("Database", "Look up tables here", database.name());
    stack
}

/// The views of the deployed stack, for an Athena that knows none.
#[must_use]
pub fn views() -> Vec<View> {
    let mut scratch = Stack::new("vision", "");
    let processed = processed(&mut scratch);
    let database = GlueDatabase::new("").add_to(&mut scratch);
    vec![catalogue(&mut scratch, &processed, &database)]
}

/// The bucket of records. It outlives the stack; its records live as long as the operator says.
fn processed(stack: &mut Stack) -> BucketHandle {
    let record_days = Parameter::<i64>::new()
        .description("Days until records are deleted")
        .default_value(730)
        .range(1, 36_500);
    let record_days = stack.template().parameter("RecordDays", record_days);
    [LIVE, COMPACTED, CLAIMS]
        .into_iter()
        .fold(Bucket::new("Processed").retain(), |bucket, prefix| {
            bucket.expire_below_at_deployment(prefix, &record_days)
        })
        .add_to(stack)
}

fn parse_mode(stack: &mut Stack) -> Setting<ParseMode> {
    let modes = [ParseMode::Lenient, ParseMode::Strict]
        .iter()
        .filter_map(|mode| mode.to_environment().ok());
    let parameter = Parameter::<String>::new()
        .description("lenient: an invalid field is left out and named; strict: one invalid field empties the record")
        .default_value("lenient")
        .allowed_values(modes);
    Setting::at_deployment(&stack.template().parameter("ParseMode", parameter))
}

/// Two tables and the view over both that people query.
fn catalogue(stack: &mut Stack, processed: &BucketHandle, database: &DatabaseHandle) -> View {
    let name = Subject::NAME;
    let live = GlueTable::<Subject>::in_bucket(processed, LIVE)
        .named(format!("{name}_live"))
        .add_to(stack, database);
    let compacted = GlueTable::<Subject>::in_bucket(processed, COMPACTED)
        .named(format!("{name}_compacted"))
        .add_to(stack, database);
    View::newest_rows(name, "id", "processed_at", &[&compacted, &live])
}
