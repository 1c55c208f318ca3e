//! Capabilities: the operations a port offers and the IAM actions that exactly those operations need.
//!
//! One list for both sides. The run phase offers no operation outside it, the synth phase grants no action outside it.

/// A capability and the IAM actions it stands for (AWS Service Authorization Reference).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// How reports call it.
    pub name: &'static str,
    /// The IAM actions of its operations.
    pub actions: &'static [&'static str],
}

/// `GetObject` (whole and ranged) and `HeadObject`, which is authorised as `s3:GetObject`.
pub const READ_OBJECTS: Capability = Capability {
    name: "read objects",
    actions: &["s3:GetObject"],
};
/// `ListObjectsV2`; granted on the bucket under an `s3:prefix` condition.
pub const LIST_OBJECTS: Capability = Capability {
    name: "list objects",
    actions: &["s3:ListBucket"],
};
/// `PutObject`, and the requests of an upload in parts, which are authorised as `s3:PutObject`.
pub const WRITE_OBJECTS: Capability = Capability {
    name: "write objects",
    actions: &["s3:PutObject"],
};
/// `DeleteObject` and `DeleteObjects`.
pub const DELETE_OBJECTS: Capability = Capability {
    name: "delete objects",
    actions: &["s3:DeleteObject"],
};
/// `InvokeModel` (and `Converse`, which is authorised as `bedrock:InvokeModel`).
pub const INVOKE_MODEL: Capability = Capability {
    name: "invoke model",
    actions: &["bedrock:InvokeModel"],
};
/// `SendMessage`.
pub const SEND_MESSAGES: Capability = Capability {
    name: "send messages",
    actions: &["sqs:SendMessage"],
};
/// `GetObject` and `HeadObject` in several buckets.
pub const READ_BUCKET_OBJECTS: Capability = Capability {
    name: "read buckets",
    actions: &["s3:GetObject"],
};
/// `ListObjectsV2` in several buckets.
pub const LIST_BUCKETS: Capability = Capability {
    name: "list buckets",
    actions: &["s3:ListBucket"],
};
/// `GetItem`.
pub const READ_ITEMS: Capability = Capability {
    name: "read items",
    actions: &["dynamodb:GetItem"],
};
/// `UpdateItem`, which creates an item, too.
pub const WRITE_ITEMS: Capability = Capability {
    name: "write items",
    actions: &["dynamodb:UpdateItem"],
};
/// `Query` of an index.
pub const QUERY_ITEMS: Capability = Capability {
    name: "query items",
    actions: &["dynamodb:Query"],
};
/// `CreateModelInvocationJob`, which is authorised on the job and on what it invokes. [`TAG_JOBS`] and [`PASS_JOB_ROLE`] go
/// with it.
pub const SUBMIT_JOBS: Capability = Capability {
    name: "submit batch jobs",
    actions: &["bedrock:CreateModelInvocationJob"],
};
/// The tags of a job that is created.
pub const TAG_JOBS: Capability = Capability {
    name: "tag batch jobs",
    actions: &["bedrock:TagResource"],
};
/// The role of a job that is created; granted under the condition that it is passed to Bedrock.
pub const PASS_JOB_ROLE: Capability = Capability {
    name: "pass the role of batch jobs",
    actions: &["iam:PassRole"],
};
/// `GetModelInvocationJob` and `ListTagsForResource`.
pub const READ_JOBS: Capability = Capability {
    name: "read batch jobs",
    actions: &[
        "bedrock:GetModelInvocationJob",
        "bedrock:ListTagsForResource",
    ],
};
/// `ListModelInvocationJobs`, which knows no resources.
pub const FIND_JOBS: Capability = Capability {
    name: "find batch jobs",
    actions: &["bedrock:ListModelInvocationJobs"],
};
/// `StopModelInvocationJob`.
pub const STOP_JOBS: Capability = Capability {
    name: "stop batch jobs",
    actions: &["bedrock:StopModelInvocationJob"],
};
/// `SendTaskSuccess`.
pub const ANSWER_TASKS: Capability = Capability {
    name: "answer waiting steps",
    actions: &["states:SendTaskSuccess"],
};
/// `GetSecretValue`.
pub const READ_SECRET: Capability = Capability {
    name: "read secret",
    actions: &["secretsmanager:GetSecretValue"],
};
