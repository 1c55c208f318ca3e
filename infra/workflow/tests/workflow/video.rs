//! Videos: labels and transcript at once, each polled for, then a summary; every kind of simple step is in it.

use std::time::Duration;

use cfn::intrinsics::sub;
use workflow::integration::{
    BEDROCK_INVOKE_MODEL, DYNAMODB_PUT_ITEM, EVENTS_PUT_EVENTS, SNS_PUBLISH, SQS_SEND_MESSAGE, Sent,
};
use workflow::{AnyJson, Expr, Flow, Machine, Retry, StatesError, aws_sdk, perform};

use crate::support::{assert_reviewed, data};

data! {
    struct Video {
        bucket: String,
        key: String,
        urgent: bool,
        publish_at: Option<String>,
    }
    #[serde(rename_all = "PascalCase")]
    struct DetectionStarted {
        job_id: String,
    }
    #[serde(rename_all = "PascalCase")]
    struct Detection {
        job_status: String,
        labels: Option<Vec<Detected>>,
    }
    #[serde(rename_all = "PascalCase")]
    struct Detected {
        label: Label,
        timestamp: u64,
    }
    #[serde(rename_all = "PascalCase")]
    struct Label {
        name: String,
        confidence: f64,
    }
    #[serde(rename_all = "PascalCase")]
    struct Transcription {
        transcription_job: TranscriptionJob,
    }
    #[serde(rename_all = "PascalCase")]
    struct TranscriptionJob {
        transcription_job_status: String,
    }
    #[serde(rename_all = "PascalCase")]
    struct Invoked {
        body: Message,
    }
    struct Message {
        content: Vec<Content>,
    }
    struct Content {
        text: String,
    }
    struct Summary {
        video: String,
        text: String,
        labels: Vec<String>,
    }
}

/// The names of what was seen. Steps that belong together are a function.
fn labels<'s>(flow: &mut Flow<'s, '_>, video: Expr<'s, Video>) -> Expr<'s, Vec<String>> {
    let object = flow.members([
        ("Bucket", video.bucket.untyped()),
        ("Name", video.key.untyped()),
    ]);
    let start = flow.members([("Video", flow.members([("S3Object", object)]))]);
    let task = aws_sdk::<DetectionStarted>("rekognition:startLabelDetection", "*", start)
        .allow(["s3:GetObject"], sub("arn:${AWS::Partition}:s3:::videos/*"))
        .paid();
    let started = flow.run("Start labels", task);
    let detection = flow
        .repeat("Labels", Duration::from_secs(30), 120)
        .steps(|flow| {
            let get = flow.members([("JobId", started.job_id.untyped())]);
            let task = aws_sdk::<Detection>("rekognition:getLabelDetection", "*", get).retry(
                Retry::on([StatesError::Named(
                    "Rekognition.ProvisionedThroughputExceededException",
                )])
                .interval(Duration::from_secs(5))
                .attempts(8)
                .no_longer_than(Duration::from_mins(1))
                .with_jitter(),
            );
            flow.run("Get labels", task)
        })
        .until(|detection| detection.job_status.differs("IN_PROGRESS"));
    flow.choose("Labels found?")
        .when(detection.job_status.equals("SUCCEEDED"), |flow| {
            let none = flow.list([]);
            let sure = detection
                .labels
                .or(none)
                .filter(|one| one.label.confidence.is_at_least(80.0));
            sure.each(|one| one.label.name)
        })
        .otherwise(|flow| flow.fail("No labels", "LabelsFailed", detection.job_status))
}

/// Tells everybody: a queue, a topic, a bus.
fn announce<'s>(flow: &mut Flow<'s, '_>, name: Expr<'s, String>, text: Expr<'s, String>) {
    let queue = sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:videos");
    let message = flow.members([
        ("QueueUrl", flow.text("https://queue").untyped()),
        ("MessageBody", text.untyped()),
    ]);
    let sent = flow.run("Queue", perform::<Sent>(SQS_SEND_MESSAGE, queue, message));
    let topic = sub("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:videos");
    let message = flow.members([
        ("TopicArn", flow.deployed("Topic", topic.clone()).untyped()),
        ("Message", sent.message_id.prepend("queued as ").untyped()),
    ]);
    flow.run("Tell", perform::<Sent>(SNS_PUBLISH, topic, message));
    let bus =
        sub("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default");
    let event = flow.members([
        ("Source", flow.text("videos").untyped()),
        ("DetailType", flow.text("Summarised").untyped()),
        ("Detail", flow.members([("video", name.untyped())])),
    ]);
    let entries = flow.members([("Entries", flow.list([event]).untyped())]);
    flow.run(
        "Announce",
        perform::<AnyJson>(EVENTS_PUT_EVENTS, bus, entries),
    );
}

pub(crate) fn machine() -> Machine<Video, Summary> {
    Machine::<Video, _>::new("Video", |flow, video| {
        let name = flow.pass("Name it", video.bucket.append("/").append(video.key));
        flow.choose("Ours?")
            .when(!video.key.contains(".mp4"), |flow| {
                let nothing = flow.object(SummaryFields {
                    video: name,
                    text: flow.text("no video"),
                    labels: flow.list([]),
                });
                flow.succeed("Skip", nothing);
                flow.nothing()
            })
            .otherwise(|flow| flow.nothing());
        let (labels, _) = flow
            .parallel("Look and listen")
            .retry(Retry::on([StatesError::TaskFailed]).attempts(1))
            .branch(|flow| labels(flow, video))
            .branch(|flow| {
                let job = flow.members([
                    ("TranscriptionJobName", flow.uuid().untyped()),
                    ("LanguageCode", flow.text("en-US").untyped()),
                ]);
                flow.run(
                    "Transcribe",
                    aws_sdk::<Transcription>("transcribe:startTranscriptionJob", "*", job),
                )
            })
            .join();
        let words = flow.variable::<u64>("Words", 50);
        flow.choose("Urgent?")
            .when(video.urgent, |flow| {
                flow.assign("Be brief", &words, words.get() - 20);
                flow.nothing()
            })
            .otherwise(|flow| {
                flow.wait("Let others go first", Duration::from_mins(2));
                flow.nothing()
            });
        let prompt = flow
            .text("Summarise in ")
            .append(words.get().to_text())
            .append(" words: ")
            .append(labels.first().or("nothing was seen"));
        let body = flow.members([
            ("max_tokens", flow.value(300).untyped()),
            ("messages", flow.list([prompt]).untyped()),
        ]);
        let model = sub("arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/a-model");
        let arguments = flow.members([
            ("ModelId", flow.deployed("Model", model.clone()).untyped()),
            ("Body", body),
        ]);
        let summary = flow.run(
            "Summarise",
            perform::<Invoked>(BEDROCK_INVOKE_MODEL, model, arguments)
                .timeout(Duration::from_mins(2)),
        );
        let text = summary.body.content.at(0).required().text;
        let item = flow.members([
            ("pk", flow.members([("S", name.untyped())])),
            ("text", flow.members([("S", text.untyped())])),
        ]);
        let table =
            sub("arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/videos");
        let put = flow.members([("TableName", flow.text("videos").untyped()), ("Item", item)]);
        flow.note("The only write that readers see");
        flow.try_run("Keep", perform::<AnyJson>(DYNAMODB_PUT_ITEM, table, put))
            .catch(
                [StatesError::Named(
                    "DynamoDB.ConditionalCheckFailedException",
                )],
                |flow, _| flow.nothing().untyped(),
            )
            .catch_all(|flow, error| flow.fail("Not kept", error.error, error.cause.or("no cause")))
            .value();
        flow.wait_until("Embargo", video.publish_at.or(flow.now()));
        announce(flow, name, text);
        flow.object(SummaryFields {
            video: name,
            text,
            labels,
        })
    })
    .comment("Labels, transcript and summary of a video")
    .timeout(Duration::from_hours(3))
}

#[test]
fn is_what_was_reviewed() {
    assert_reviewed("video", &machine());
}
