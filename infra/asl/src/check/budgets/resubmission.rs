//! What a second request to a service does, for those where it is not the same as one.

/// What happens when a request is made again.
pub(super) struct Resubmission {
    /// The action, or its beginning when it ends with `*`.
    action: &'static str,
    /// What a retry does: `starts another ...`.
    pub(super) again: &'static str,
    /// What keeps the service from it.
    pub(super) guard: Guard,
}

#[derive(Clone, Copy)]
pub(super) enum Guard {
    /// An argument by which the service recognises a request.
    Argument(&'static str),
    /// Nothing does.
    None,
}

/// What a retry of this action does, if it matters.
pub(super) fn of(action: &str, pattern: Option<&str>) -> Option<&'static Resubmission> {
    let listed = ACTIONS.iter().find(|each| each.is_for(action));
    listed.or(match pattern {
        Some("waitForTaskToken") => Some(&CALLBACK),
        Some(_) => Some(&JOB),
        None => None,
    })
}

impl Resubmission {
    const fn new(action: &'static str, again: &'static str, guard: Guard) -> Self {
        Self {
            action,
            again,
            guard,
        }
    }

    fn is_for(&self, action: &str) -> bool {
        match self.action.strip_suffix('*') {
            Some(beginning) => action.starts_with(beginning),
            None => action == self.action,
        }
    }
}

static CALLBACK: Resubmission = Resubmission::new(
    "*",
    "asks again with a new token, while whoever was asked first still works",
    Guard::None,
);

static JOB: Resubmission = Resubmission::new(
    "*",
    "runs the whole job again, and pays for it again",
    Guard::None,
);

const ANOTHER_JOB: &str = "starts another job, and pays for it, if the first request came through";
const CALL: &str = "pays for another call of the model, if the first one came through";
const NAMED: &str = "fails on the name that the first request took, or starts and pays for another job under a new one";
const MESSAGE: &str = "sends the message twice, if the first request came through";
const TOKEN: Guard = Guard::Argument("ClientRequestToken");
const DEDUPLICATION: Guard = Guard::Argument("MessageDeduplicationId");

/// Sources: the API reference of each service, for its idempotency token or the lack of one.
#[rustfmt::skip]
static ACTIONS: &[Resubmission] = &[
    Resubmission::new("athena:startQueryExecution", "runs and pays for the query again", TOKEN),
    Resubmission::new("aws-sdk:bedrock:createModelInvocationJob", ANOTHER_JOB, TOKEN),
    Resubmission::new("aws-sdk:bedrock:createModelCustomizationJob", ANOTHER_JOB, TOKEN),
    Resubmission::new("aws-sdk:bedrockruntime:converse", CALL, Guard::None),
    Resubmission::new("aws-sdk:bedrockruntime:invokeModel", CALL, Guard::None),
    Resubmission::new("aws-sdk:bedrockruntime:startAsyncInvoke", ANOTHER_JOB, TOKEN),
    Resubmission::new("aws-sdk:comprehend:start*", ANOTHER_JOB, TOKEN),
    Resubmission::new("aws-sdk:rekognition:start*", ANOTHER_JOB, TOKEN),
    Resubmission::new("aws-sdk:sagemaker:create*", NAMED, Guard::None),
    Resubmission::new("aws-sdk:sfn:startExecution", "starts another execution", Guard::Argument("Name")),
    Resubmission::new("aws-sdk:sns:publish", MESSAGE, DEDUPLICATION),
    Resubmission::new("aws-sdk:sqs:sendMessage", MESSAGE, DEDUPLICATION),
    Resubmission::new("aws-sdk:textract:start*", ANOTHER_JOB, TOKEN),
    Resubmission::new("aws-sdk:transcribe:startTranscriptionJob", NAMED, Guard::None),
    Resubmission::new("batch:submitJob", ANOTHER_JOB, Guard::None),
    Resubmission::new("bedrock:createModelCustomizationJob", ANOTHER_JOB, TOKEN),
    Resubmission::new("bedrock:invokeModel", CALL, Guard::None),
    Resubmission::new("codebuild:startBuild", ANOTHER_JOB, Guard::Argument("IdempotencyToken")),
    Resubmission::new("ecs:runTask", "starts another container, and pays for it", Guard::Argument("ClientToken")),
    Resubmission::new("emr-serverless:startJobRun", ANOTHER_JOB, Guard::Argument("ClientToken")),
    Resubmission::new("glue:startJobRun", ANOTHER_JOB, Guard::None),
    Resubmission::new("mediaconvert:createJob", ANOTHER_JOB, TOKEN),
    Resubmission::new("sagemaker:createHyperParameterTuningJob", NAMED, Guard::None),
    Resubmission::new("sagemaker:createLabelingJob", NAMED, Guard::None),
    Resubmission::new("sagemaker:createProcessingJob", NAMED, Guard::None),
    Resubmission::new("sagemaker:createTrainingJob", NAMED, Guard::None),
    Resubmission::new("sagemaker:createTransformJob", NAMED, Guard::None),
    Resubmission::new("sns:publish", MESSAGE, DEDUPLICATION),
    Resubmission::new("sqs:sendMessage", MESSAGE, DEDUPLICATION),
    Resubmission::new("states:startExecution", "starts another execution", Guard::Argument("Name")),
];
