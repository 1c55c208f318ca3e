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
/// `PutObject` in one request.
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
