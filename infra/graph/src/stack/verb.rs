//! IAM actions in one word.

/// Services whose permissions say nothing about where data goes: the function's own logs, traces and metrics, keys that other
/// services use on its behalf, network interfaces, credentials.
const SILENT: &[&str] = &[
    "cloudwatch",
    "ec2",
    "ecr",
    "iam",
    "kms",
    "lakeformation",
    "logs",
    "sts",
    "tag",
    "xray",
];

/// What an operation does, by service (empty: any) and by how its name begins. The first that fits counts.
const VERBS: &[(&str, &str, &str)] = &[
    ("", "*", "everything"),
    ("athena", "", "query"),
    ("bedrock", "Retrieve", "query"),
    ("dynamodb", "Query", "read"),
    ("dynamodb", "Scan", "read"),
    ("dynamodb", "ConditionCheck", "read"),
    ("dynamodb", "PartiQL", "query"),
    ("redshift-data", "", "query"),
    ("rds-data", "", "query"),
    ("s3", "AbortMultipartUpload", "write"),
    ("s3", "ListBucketMultipart", "write"),
    ("s3", "ListMultipart", "write"),
    ("sqs", "ChangeMessageVisibility", "receive"),
    ("sqs", "DeleteMessage", "receive"),
    ("sqs", "GetQueue", "receive"),
    ("sqs", "Receive", "receive"),
    ("states", "SendTask", "answer tasks"),
    ("states", "StartExecution", "start"),
    ("states", "StartSyncExecution", "start"),
    ("events", "Put", "send"),
    ("firehose", "Put", "send"),
    ("kinesis", "Put", "send"),
    ("execute-api", "", "call"),
    ("", "Invoke", "invoke"),
    ("", "Converse", "invoke"),
    ("", "Start", "start"),
    ("", "Run", "start"),
    ("", "Submit", "start"),
    ("", "Stop", "stop"),
    ("", "Publish", "send"),
    ("", "Send", "send"),
    ("", "List", "list"),
    ("", "Get", "read"),
    ("", "BatchGet", "read"),
    ("", "Describe", "read"),
    ("", "Head", "read"),
    ("", "Query", "query"),
    ("", "Search", "query"),
    ("", "Put", "write"),
    ("", "BatchWrite", "write"),
    ("", "Create", "write"),
    ("", "Update", "write"),
    ("", "Write", "write"),
    ("", "Copy", "write"),
    ("", "Tag", "write"),
    ("", "Delete", "delete"),
    ("", "BatchDelete", "delete"),
    ("", "Detect", "analyze"),
    ("", "Analyze", "analyze"),
    ("", "Recognize", "analyze"),
];

/// Verbs by which data comes to whoever has the permission.
const TAKING: &[&str] = &["read", "list", "receive"];

/// What an action such as `s3:GetObject` does; none for one that the picture leaves out. `*` may be in it.
pub(super) fn of(action: &str) -> Option<String> {
    let (service, operation) = action.split_once(':').unwrap_or(("", action));
    let service = service.to_ascii_lowercase();
    if SILENT.contains(&service.as_str()) {
        return None;
    }
    let fits = |(of, begins, _): &&(&str, &str, &str)| {
        (of.is_empty() || *of == service) && operation.starts_with(begins)
    };
    // An operation that no line knows speaks for itself.
    Some(
        VERBS
            .iter()
            .find(fits)
            .map_or(operation, |verb| verb.2)
            .to_owned(),
    )
}

/// Whether data comes to whoever may do this.
pub(super) fn takes(verb: &str) -> bool {
    TAKING.contains(&verb)
}

/// The service of an action or ARN as people call it.
pub(super) fn service_name(service: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("athena", "Athena"),
        ("bedrock", "Bedrock"),
        ("comprehend", "Comprehend"),
        ("dynamodb", "DynamoDB"),
        ("events", "EventBridge"),
        ("glue", "Glue"),
        ("lambda", "Lambda"),
        ("polly", "Polly"),
        ("rekognition", "Rekognition"),
        ("s3", "S3"),
        ("sagemaker", "SageMaker"),
        ("secretsmanager", "Secrets Manager"),
        ("ses", "SES"),
        ("sns", "SNS"),
        ("sqs", "SQS"),
        ("ssm", "Systems Manager"),
        ("states", "Step Functions"),
        ("textract", "Textract"),
        ("transcribe", "Transcribe"),
        ("translate", "Translate"),
    ];
    let name = NAMES.iter().find(|name| name.0 == service);
    name.map_or(service, |name| name.1).to_owned()
}
