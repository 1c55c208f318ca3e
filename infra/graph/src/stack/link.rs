//! Which properties make data flow from one resource to another.

use serde_json::Value;

use super::arrow::Label;
use super::expression::{at, text, text_at};
use crate::drawing::Line;

/// A property of a type of resource that is an arrow.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) resource_type: &'static str,
    pub(super) ends: Ends,
    pub(super) line: Line,
    /// What is written on it, from the object that holds the property.
    pub(super) label: fn(&Value) -> Label,
}

/// Where an arrow begins and ends. Paths are those of [`at`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Ends {
    /// From the resource to what the property names.
    Out(&'static str),
    /// From what the property names to the resource.
    In(&'static str),
    /// From whatever is named somewhere in the property to the resource.
    Mentioned(&'static str),
    /// From what the one property names to what the other names.
    Between(&'static str, &'static str),
}

use Ends::{Between, In, Mentioned, Out};
use Line::{Data, Failure};

macro_rules! links {
    ($($resource_type:literal $line:ident $ends:expr, $label:expr;)*) => {
        &[$(Link { resource_type: $resource_type, line: $line, ends: $ends, label: $label }),*]
    };
}

/// The table.
pub(super) const LINKS: &[Link] = links! {
    "AWS::S3::Bucket" Data Out("NotificationConfiguration/LambdaConfigurations/Function"), notification;
    "AWS::S3::Bucket" Data Out("NotificationConfiguration/QueueConfigurations/Queue"), notification;
    "AWS::S3::Bucket" Data Out("NotificationConfiguration/TopicConfigurations/Topic"), notification;
    "AWS::S3::Bucket" Data Out("ReplicationConfiguration/Rules/Destination/Bucket"), |_| Label::verb("replicas");
    "AWS::SQS::Queue" Failure Out("RedrivePolicy/deadLetterTargetArn"), redrive;
    "AWS::SNS::Topic" Data Out("Subscription/Endpoint"), nothing;
    "AWS::SNS::Subscription" Data Between("TopicArn", "Endpoint"), subscription;
    "AWS::SNS::Subscription" Failure Between("TopicArn", "RedrivePolicy/deadLetterTargetArn"), |_| Label::verb("not delivered");
    "AWS::Lambda::Function" Failure Out("DeadLetterConfig/TargetArn"), |_| Label::verb("failed");
    "AWS::Lambda::EventInvokeConfig" Failure Between("FunctionName", "DestinationConfig/OnFailure/Destination"), |_| Label::verb("failed");
    "AWS::Lambda::EventInvokeConfig" Data Between("FunctionName", "DestinationConfig/OnSuccess/Destination"), |_| Label::verb("succeeded");
    "AWS::Lambda::EventSourceMapping" Data Between("EventSourceArn", "FunctionName"), mapping;
    "AWS::Lambda::EventSourceMapping" Failure Between("FunctionName", "DestinationConfig/OnFailure/Destination"), |_| Label::verb("failed");
    "AWS::Lambda::Url" Data Out("TargetFunctionArn"), nothing;
    "AWS::Events::Rule" Data In("EventBusName"), nothing;
    "AWS::Events::Rule" Data Mentioned("EventPattern"), |_| Label::verb("events");
    "AWS::Events::Rule" Data Out("Targets/Arn"), nothing;
    "AWS::Events::Rule" Failure Out("Targets/DeadLetterConfig/Arn"), |_| Label::verb("not delivered");
    "AWS::Scheduler::Schedule" Data Out("Target/Arn"), nothing;
    "AWS::Scheduler::Schedule" Failure Out("Target/DeadLetterConfig/Arn"), |_| Label::verb("not delivered");
    "AWS::Pipes::Pipe" Data In("Source"), nothing;
    "AWS::Pipes::Pipe" Data Out("Enrichment"), |_| Label::verb("enrich");
    "AWS::Pipes::Pipe" Data Out("Target"), nothing;
    "AWS::KinesisFirehose::DeliveryStream" Data In("KinesisStreamSourceConfiguration/KinesisStreamARN"), nothing;
    "AWS::KinesisFirehose::DeliveryStream" Data Out("S3DestinationConfiguration/BucketARN"), nothing;
    "AWS::KinesisFirehose::DeliveryStream" Data Out("ExtendedS3DestinationConfiguration/BucketARN"), nothing;
    "AWS::Glue::Table" Data In("TableInput/StorageDescriptor/Location"), location;
    "AWS::Glue::Table" Data Out("DatabaseName"), nothing;
    "AWS::Glue::Crawler" Data In("Targets/S3Targets/Path"), nothing;
    "AWS::Glue::Crawler" Data Out("DatabaseName"), |_| Label::verb("tables");
    "AWS::Athena::NamedQuery" Data Between("Database", "WorkGroup"), |_| Label::verb("saved queries");
    "AWS::Athena::WorkGroup" Data Out("WorkGroupConfiguration/ResultConfiguration/OutputLocation"), |_| Label::verb("results");
    "AWS::ApiGatewayV2::Integration" Data Between("ApiId", "IntegrationUri"), nothing;
    "AWS::ApiGateway::Method" Data Between("RestApiId", "Integration/Uri"), |method| Label::verb(&text_at(method, "HttpMethod").unwrap_or_default());
    "AWS::AppSync::DataSource" Data Between("ApiId", "LambdaConfig/LambdaFunctionArn"), nothing;
    "AWS::AppSync::DataSource" Data Between("ApiId", "DynamoDBConfig/TableName"), nothing;
    "AWS::CloudFront::Distribution" Data Out("DistributionConfig/Origins/DomainName"), |_| Label::verb("origin");
    "AWS::Bedrock::DataSource" Data In("DataSourceConfiguration/S3Configuration/BucketArn"), |_| Label::verb("documents");
    "AWS::Bedrock::DataSource" Data Out("KnowledgeBaseId"), nothing;
    "AWS::Bedrock::KnowledgeBase" Data Out("StorageConfiguration/OpensearchServerlessConfiguration/CollectionArn"), |_| Label::verb("vectors");
    "AWS::Bedrock::KnowledgeBase" Data Out("StorageConfiguration/S3VectorsConfiguration/IndexArn"), |_| Label::verb("vectors");
    "AWS::Bedrock::Agent" Data Out("ActionGroups/ActionGroupExecutor/Lambda"), |_| Label::verb("calls");
    "AWS::Bedrock::Agent" Data Out("KnowledgeBases/KnowledgeBaseId"), |_| Label::verb("asks");
    "AWS::SageMaker::Endpoint" Data In("EndpointConfigName"), nothing;
    "AWS::SageMaker::Model" Data In("PrimaryContainer/ModelDataUrl"), |_| Label::verb("weights");
    "AWS::ECS::Service" Data In("TaskDefinition"), nothing;
    "AWS::S3Vectors::Index" Data Out("VectorBucketName"), nothing;
    "AWS::Serverless::Function" Data In("Events/*/Properties/Bucket"), nothing;
    "AWS::Serverless::Function" Data In("Events/*/Properties/Queue"), nothing;
    "AWS::Serverless::Function" Data In("Events/*/Properties/Stream"), nothing;
    "AWS::Serverless::Function" Data In("Events/*/Properties/Topic"), nothing;
    "AWS::Serverless::Function" Data In("Events/*/Properties/RestApiId"), nothing;
    "AWS::Serverless::Function" Data In("Events/*/Properties/ApiId"), nothing;
    "AWS::Serverless::Function" Failure Out("DeadLetterQueue/TargetArn"), |_| Label::verb("failed");
};

fn nothing(_: &Value) -> Label {
    Label::verb("")
}

/// `created .zip`. The ending in capitals is the same ending.
fn notification(configuration: &Value) -> Label {
    let event = text_at(configuration, "Event").unwrap_or_default();
    let event = event.trim_start_matches("s3:").to_owned();
    let verb = match event.split(':').next() {
        Some("ObjectCreated") => "created",
        Some("ObjectRemoved") => "removed",
        _ => &event,
    };
    let rule = |wanted: &str| {
        at(configuration, "Filter/S3Key/Rules")
            .into_iter()
            .find(|(_, rule)| {
                rule["Name"]
                    .as_str()
                    .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
            })
            .map(|(_, rule)| text(&rule["Value"]))
    };
    let keys = match (rule("prefix"), rule("suffix")) {
        (None, None) => String::new(),
        (Some(prefix), None) => prefix,
        (prefix, Some(suffix)) => {
            prefix.map_or_else(String::new, |prefix| prefix + "*") + &suffix.to_lowercase()
        }
    };
    Label::of(verb, keys)
}

fn redrive(policy: &Value) -> Label {
    match policy["maxReceiveCount"].as_u64() {
        Some(count) => Label::verb(&format!("received {count} times")),
        None => Label::verb("received too often"),
    }
}

fn subscription(subscription: &Value) -> Label {
    let filtered = subscription.get("FilterPolicy").is_some();
    Label::verb(if filtered { "filtered" } else { "" })
}

fn mapping(mapping: &Value) -> Label {
    Label::verb(&match mapping["BatchSize"].as_u64() {
        Some(1) => "one at a time".to_owned(),
        Some(size) => format!("up to {size} at once"),
        None => String::new(),
    })
}

/// The folder in the bucket.
fn location(descriptor: &Value) -> Label {
    let location = text_at(descriptor, "Location").unwrap_or_default();
    let key = location.trim_start_matches("s3://").split_once('/');
    Label::of("", key.map(|(_, key)| key.to_owned()).unwrap_or_default())
}
