//! Which resources the handlers of a type act on, and what their names are in a template.
//!
//! A type that is not listed acts on `*`. Names that CloudFormation makes up are those of "Name type" in its user guide: the
//! stack's name, the logical id and some letters. Kinds and forms of ARNs are those of [`spec::Resources`].

/// A resource type whose handlers act on resources with known names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    pub(crate) resource_type: &'static str,
    pub(crate) name: Name,
    pub(crate) kinds: &'static [Kind],
}

/// Where the name of the resource acted on comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name {
    /// From a property, which may refer to another resource.
    Property(&'static str),
    /// From a property, and made up by CloudFormation where that is missing: at most so many characters.
    Generated(&'static str, usize),
    /// An id that nobody knows before.
    Unknown,
}

/// A kind of resource in policies, by service and name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    /// What stands for the variables of the ARN that are not the resource's name.
    pub(crate) values: &'static [(&'static str, Source)],
    /// What may follow the ARN.
    pub(crate) endings: &'static [&'static str],
}

/// What stands for a variable of an ARN.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    /// Anything.
    Any,
    /// The resource that a property names. Without the property the kind does not come into question.
    Property(&'static str),
    /// The bucket in a property of the form `s3://bucket/key`.
    Bucket(&'static str),
    /// The name, after the path in this property.
    AfterPath(&'static str),
    /// The roles that a property lists, each after its path.
    Roles(&'static str),
}

const fn owner(resource_type: &'static str, name: Name, kinds: &'static [Kind]) -> Owner {
    Owner {
        resource_type,
        name,
        kinds,
    }
}

const fn kind(service: &'static str, name: &'static str) -> Kind {
    Kind {
        service,
        name,
        values: &[],
        endings: &[""],
    }
}

impl Kind {
    const fn with(self, values: &'static [(&'static str, Source)]) -> Self {
        Self { values, ..self }
    }

    const fn ending(self, endings: &'static [&'static str]) -> Self {
        Self { endings, ..self }
    }
}

/// Versions and aliases follow a function's ARN; the actions name either.
pub(crate) const FUNCTION_ENDINGS: [&str; 2] = ["", ":*"];

const FUNCTION: &[Kind] = &[kind("lambda", "function").ending(&FUNCTION_ENDINGS)];

/// CloudWatch Logs asks for the ARN with `:*`, except for tags ("Overview of managing access", its user guide).
const LOG_GROUP: &[Kind] = &[kind("logs", "log-group").ending(&["", ":*"])];

/// A subscription's ARN is its topic's with an id.
const TOPIC: &[Kind] = &[kind("sns", "topic").ending(&["", ":*"])];

const RESULTS: &str = "WorkGroupConfiguration.ResultConfiguration.OutputLocation";

/// The types, sorted.
pub(crate) const OWNERS: &[Owner] = &[
    owner(
        "AWS::Athena::NamedQuery",
        Name::Property("WorkGroup"),
        &[kind("athena", "workgroup")],
    ),
    owner(
        "AWS::Athena::WorkGroup",
        Name::Property("Name"),
        &[
            kind("athena", "workgroup"),
            kind("s3", "bucket").with(&[("BucketName", Source::Bucket(RESULTS))]),
            kind("s3", "object").with(&[
                ("BucketName", Source::Bucket(RESULTS)),
                ("ObjectName", Source::Any),
            ]),
        ],
    ),
    owner(
        "AWS::CloudWatch::Alarm",
        Name::Generated("AlarmName", 255),
        &[kind("cloudwatch", "alarm")],
    ),
    owner(
        "AWS::CloudWatch::Dashboard",
        Name::Generated("DashboardName", 255),
        &[kind("cloudwatch", "dashboard")],
    ),
    // Indexes, streams and imports follow a table's ARN.
    owner(
        "AWS::DynamoDB::Table",
        Name::Generated("TableName", 255),
        &[kind("dynamodb", "table").ending(&["", "/*"])],
    ),
    owner(
        "AWS::Events::Rule",
        Name::Generated("Name", 64),
        &[
            kind("events", "rule-on-default-event-bus"),
            kind("events", "rule-on-custom-event-bus")
                .with(&[("EventBusName", Source::Property("EventBusName"))]),
        ],
    ),
    // An action on a database needs the catalog, one on a table both ("Glue resource ARNs", its developer guide).
    owner(
        "AWS::Glue::Database",
        Name::Property("DatabaseInput.Name"),
        &[
            kind("glue", "rootcatalog"),
            kind("glue", "database"),
            kind("glue", "table").with(&[("TableName", Source::Any)]),
            kind("glue", "userdefinedfunction").with(&[("UserDefinedFunctionName", Source::Any)]),
        ],
    ),
    owner(
        "AWS::Glue::Table",
        Name::Property("TableInput.Name"),
        &[
            kind("glue", "rootcatalog"),
            kind("glue", "database").with(&[("DatabaseName", Source::Property("DatabaseName"))]),
            kind("glue", "table").with(&[("DatabaseName", Source::Property("DatabaseName"))]),
        ],
    ),
    owner(
        "AWS::IAM::InstanceProfile",
        Name::Generated("InstanceProfileName", 128),
        &[kind("iam", "instance-profile")
            .with(&[("InstanceProfileNameWithPath", Source::AfterPath("Path"))])],
    ),
    owner(
        "AWS::IAM::ManagedPolicy",
        Name::Generated("ManagedPolicyName", 128),
        &[
            kind("iam", "policy").with(&[("PolicyNameWithPath", Source::AfterPath("Path"))]),
            kind("iam", "role").with(&[("RoleNameWithPath", Source::Roles("Roles"))]),
        ],
    ),
    owner(
        "AWS::IAM::Policy",
        Name::Property("PolicyName"),
        &[kind("iam", "role").with(&[("RoleNameWithPath", Source::Roles("Roles"))])],
    ),
    owner(
        "AWS::IAM::Role",
        Name::Generated("RoleName", 64),
        &[kind("iam", "role").with(&[("RoleNameWithPath", Source::AfterPath("Path"))])],
    ),
    owner(
        "AWS::Lambda::Alias",
        Name::Property("FunctionName"),
        FUNCTION,
    ),
    owner(
        "AWS::Lambda::EventInvokeConfig",
        Name::Property("FunctionName"),
        FUNCTION,
    ),
    owner(
        "AWS::Lambda::EventSourceMapping",
        Name::Unknown,
        &[kind("lambda", "eventSourceMapping")],
    ),
    owner(
        "AWS::Lambda::Function",
        Name::Generated("FunctionName", 64),
        &[
            kind("lambda", "function").ending(&FUNCTION_ENDINGS),
            kind("s3", "object").with(&[
                ("BucketName", Source::Property("Code.S3Bucket")),
                ("ObjectName", Source::Property("Code.S3Key")),
            ]),
        ],
    ),
    owner(
        "AWS::Lambda::Permission",
        Name::Property("FunctionName"),
        FUNCTION,
    ),
    owner(
        "AWS::Lambda::Url",
        Name::Property("TargetFunctionArn"),
        FUNCTION,
    ),
    owner(
        "AWS::Lambda::Version",
        Name::Property("FunctionName"),
        FUNCTION,
    ),
    owner(
        "AWS::Logs::LogGroup",
        Name::Generated("LogGroupName", 512),
        LOG_GROUP,
    ),
    owner(
        "AWS::S3::Bucket",
        Name::Generated("BucketName", 63),
        &[
            kind("s3", "bucket"),
            kind("s3", "object").with(&[("ObjectName", Source::Any)]),
        ],
    ),
    owner(
        "AWS::S3::BucketPolicy",
        Name::Property("Bucket"),
        &[kind("s3", "bucket")],
    ),
    owner("AWS::SNS::Subscription", Name::Property("TopicArn"), TOPIC),
    owner("AWS::SNS::Topic", Name::Generated("TopicName", 256), TOPIC),
    owner("AWS::SNS::TopicPolicy", Name::Property("Topics"), TOPIC),
    owner(
        "AWS::SQS::Queue",
        Name::Generated("QueueName", 80),
        &[kind("sqs", "queue")],
    ),
    owner(
        "AWS::SQS::QueueInlinePolicy",
        Name::Property("Queue"),
        &[kind("sqs", "queue")],
    ),
    owner(
        "AWS::SQS::QueuePolicy",
        Name::Property("Queues"),
        &[kind("sqs", "queue")],
    ),
    owner(
        "AWS::StepFunctions::StateMachine",
        Name::Generated("StateMachineName", 80),
        &[
            kind("states", "statemachine"),
            kind("s3", "object").with(&[
                (
                    "BucketName",
                    Source::Property("DefinitionS3Location.Bucket"),
                ),
                ("ObjectName", Source::Property("DefinitionS3Location.Key")),
            ]),
        ],
    ),
];

/// What is known of a type.
pub(crate) fn find(resource_type: &str) -> Option<&'static Owner> {
    OWNERS
        .iter()
        .find(|owner| owner.resource_type == resource_type)
}

#[cfg(test)]
mod tests {
    use spec::{Resources, Specification};

    use super::{Name, OWNERS, Source};

    /// A misspelt type, kind or property would widen a role to `*` and say nothing.
    #[test]
    fn types_kinds_and_properties_are_those_of_the_specification() {
        assert!(OWNERS.is_sorted_by_key(|owner| owner.resource_type));
        for owner in OWNERS {
            let found = Specification::embedded().resource_type(owner.resource_type);
            let resource_type = found.unwrap().expect(owner.resource_type);
            let is_property = |path: &str| {
                let first = path.split('.').next().unwrap_or_default();
                resource_type.root.properties.contains_key(first)
            };
            if let Name::Property(path) | Name::Generated(path, _) = owner.name {
                assert!(is_property(path), "{}.{path}", owner.resource_type);
            }
            let actions = resource_type.permissions.values().flatten();
            let kinds: Vec<_> = actions
                .flat_map(|action| Resources::embedded().of(action))
                .collect();
            for kind in owner.kinds {
                let known = kinds
                    .iter()
                    .find(|known| (known.service, known.name) == (kind.service, kind.name));
                let known = known.unwrap_or_else(|| panic!("{}: {kind:?}", owner.resource_type));
                for (variable, source) in kind.values {
                    assert!(known.arn.contains(&format!("${{{variable}}}")), "{kind:?}");
                    if let Source::Property(path)
                    | Source::Bucket(path)
                    | Source::AfterPath(path)
                    | Source::Roles(path) = source
                    {
                        assert!(is_property(path), "{}.{path}", owner.resource_type);
                    }
                }
            }
        }
    }
}
