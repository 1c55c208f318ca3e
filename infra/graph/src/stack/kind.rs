//! What each type of resource is in the picture.

use crate::look::Look;

/// A type of resource that is drawn as a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) resource_type: &'static str,
    pub(super) look: Look,
    /// What people call it.
    pub(super) noun: &'static str,
    /// The property that says its physical name.
    pub(super) name: &'static str,
    /// How its ARN goes on before the name: service, and what stands before the name.
    pub(super) arn: (&'static str, &'static str),
}

macro_rules! kinds {
    ($($resource_type:literal $look:ident $noun:literal $name:literal $service:literal $prefix:literal;)*) => {
        &[$(Kind {
            resource_type: $resource_type,
            look: Look::$look,
            noun: $noun,
            name: $name,
            arn: ($service, $prefix),
        }),*]
    };
}

/// Types that are drawn. Names of properties and forms of ARNs are those of the resource types' and the service
/// authorization reference; a type whose permissions are not given by name has no service here.
const NODES: &[Kind] = kinds! {
    "AWS::Lambda::Function"                  Compute  "function"        "FunctionName"         "lambda"     "function:";
    "AWS::Serverless::Function"              Compute  "function"        "FunctionName"         "lambda"     "function:";
    "AWS::ECS::Service"                      Compute  "service"         "ServiceName"          ""           "";
    "AWS::ECS::TaskDefinition"               Compute  "task definition" "Family"               "ecs"        "task-definition/";
    "AWS::Batch::JobDefinition"              Compute  "batch job"       "JobDefinitionName"    "batch"      "job-definition/";
    "AWS::Batch::JobQueue"                   Queue    "job queue"       "JobQueueName"         "batch"      "job-queue/";
    "AWS::EC2::Instance"                     Compute  "instance"        ""                     ""           "";
    "AWS::Glue::Job"                         Compute  "Glue job"        "Name"                 "glue"       "job/";
    "AWS::Glue::Crawler"                     Compute  "crawler"         "Name"                 "glue"       "crawler/";
    "AWS::CodeBuild::Project"                Compute  "build project"   "Name"                 "codebuild"  "project/";
    "AWS::StepFunctions::StateMachine"       Workflow "state machine"   "StateMachineName"     "states"     "stateMachine:";
    "AWS::Serverless::StateMachine"          Workflow "state machine"   "Name"                 "states"     "stateMachine:";
    "AWS::S3::Bucket"                        Store    "bucket"          "BucketName"           "s3"         "";
    "AWS::DynamoDB::Table"                   Store    "table"           "TableName"            "dynamodb"   "table/";
    "AWS::DynamoDB::GlobalTable"             Store    "global table"    "TableName"            "dynamodb"   "table/";
    "AWS::Serverless::SimpleTable"           Store    "table"           "TableName"            "dynamodb"   "table/";
    "AWS::Glue::Database"                    Store    "Glue database"   "DatabaseInput/Name"   "glue"       "database/";
    "AWS::Glue::Table"                       Store    "Glue table"      "TableInput/Name"      ""           "";
    "AWS::RDS::DBInstance"                   Store    "database"        "DBInstanceIdentifier" "rds"        "db:";
    "AWS::RDS::DBCluster"                    Store    "database cluster" "DBClusterIdentifier" "rds"        "cluster:";
    "AWS::EFS::FileSystem"                   Store    "file system"     ""                     ""           "";
    "AWS::OpenSearchServerless::Collection"  Store    "collection"      "Name"                 "aoss"       "collection/";
    "AWS::OpenSearchService::Domain"         Store    "search domain"   "DomainName"           "es"         "domain/";
    "AWS::S3Vectors::VectorBucket"           Store    "vector bucket"   "VectorBucketName"     "s3vectors"  "bucket/";
    "AWS::S3Vectors::Index"                  Store    "vector index"    "IndexName"            ""           "";
    "AWS::ElastiCache::ReplicationGroup"     Store    "cache"           "ReplicationGroupId"   ""           "";
    "AWS::ECR::Repository"                   Store    "image repository" "RepositoryName"      "ecr"        "repository/";
    "AWS::SecretsManager::Secret"            Store    "secret"          "Name"                 "secretsmanager" "secret:";
    "AWS::SSM::Parameter"                    Store    "parameter"       "Name"                 "ssm"        "parameter/";
    "AWS::SQS::Queue"                        Queue    "queue"           "QueueName"            "sqs"        "";
    "AWS::Kinesis::Stream"                   Queue    "stream"          "Name"                 "kinesis"    "stream/";
    "AWS::KinesisFirehose::DeliveryStream"   Queue    "delivery stream" "DeliveryStreamName"   "firehose"   "deliverystream/";
    "AWS::SNS::Topic"                        Event    "topic"           "TopicName"            "sns"        "";
    "AWS::Events::EventBus"                  Event    "event bus"       "Name"                 "events"     "event-bus/";
    "AWS::Events::Rule"                      Event    "rule"            "Name"                 "events"     "rule/";
    "AWS::Scheduler::Schedule"               Event    "schedule"        "Name"                 "scheduler"  "";
    "AWS::Pipes::Pipe"                       Event    "pipe"            "Name"                 "pipes"      "pipe/";
    "AWS::ApiGateway::RestApi"               Entrance "REST API"        "Name"                 "execute-api" "";
    "AWS::ApiGatewayV2::Api"                 Entrance "API"             "Name"                 "execute-api" "";
    "AWS::Serverless::Api"                   Entrance "REST API"        "Name"                 "execute-api" "";
    "AWS::Serverless::HttpApi"               Entrance "HTTP API"        "Name"                 "execute-api" "";
    "AWS::AppSync::GraphQLApi"               Entrance "GraphQL API"     "Name"                 "appsync"    "apis/";
    "AWS::Lambda::Url"                       Entrance "function URL"    ""                     ""           "";
    "AWS::CloudFront::Distribution"          Entrance "distribution"    ""                     ""           "";
    "AWS::ElasticLoadBalancingV2::LoadBalancer" Entrance "load balancer" "Name"                ""           "";
    "AWS::Cognito::UserPool"                 Entrance "user pool"       "UserPoolName"         "cognito-idp" "userpool/";
    "AWS::Athena::WorkGroup"                 Service  "Athena workgroup" "Name"                "athena"     "workgroup/";
    "AWS::SageMaker::Endpoint"               Service  "endpoint"        "EndpointName"         "sagemaker"  "endpoint/";
    "AWS::SageMaker::Model"                  Service  "model"           "ModelName"            "sagemaker"  "model/";
    "AWS::Bedrock::Agent"                    Service  "agent"           "AgentName"            "bedrock"    "agent/";
    "AWS::Bedrock::ApplicationInferenceProfile" Service "inference profile" "InferenceProfileName" ""       "";
    "AWS::Bedrock::DataSource"               Service  "data source"     "Name"                 ""           "";
    "AWS::Bedrock::Guardrail"                Service  "guardrail"       "Name"                 "bedrock"    "guardrail/";
    "AWS::Bedrock::KnowledgeBase"            Service  "knowledge base"  "Name"                 "bedrock"    "knowledge-base/";
    "AWS::Bedrock::Prompt"                   Service  "prompt"          "Name"                 "bedrock"    "prompt/";
};

/// What is not drawn itself but noted on the node that it serves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Helper {
    pub(super) resource_type: &'static str,
    /// The property that names what it serves; none for helpers of which a reader learns nothing.
    pub(super) serves: &'static str,
    /// One of it, for a note; empty for helpers that are taken for what they serve.
    pub(super) noun: &'static str,
}

macro_rules! helpers {
    ($($resource_type:literal $serves:literal $noun:literal;)*) => {
        &[$(Helper { resource_type: $resource_type, serves: $serves, noun: $noun }),*]
    };
}

/// Types that serve others. A type that ends in `::` stands for all that begin so.
const HELPERS: &[Helper] = helpers! {
    "AWS::CloudWatch::Alarm"                 "Dimensions/Value"  "alarm";
    "AWS::Athena::NamedQuery"                "WorkGroup"           "saved query";
    "AWS::Athena::PreparedStatement"         "WorkGroup"           "prepared statement";
    "AWS::Lambda::Alias"                     "FunctionName"        "";
    "AWS::Lambda::Version"                   "FunctionName"        "";
    "AWS::StepFunctions::StateMachineAlias"  "RoutingConfiguration/StateMachineVersionArn" "";
    "AWS::StepFunctions::StateMachineVersion" "StateMachineArn"    "";
    "AWS::SageMaker::EndpointConfig"         "ProductionVariants/ModelName" "";
    "AWS::Bedrock::AgentAlias"               "AgentId"             "";
    "AWS::Bedrock::GuardrailVersion"         "GuardrailIdentifier" "";
    "AWS::Lambda::EventInvokeConfig"         "FunctionName"        "";
    "AWS::Lambda::EventSourceMapping"        "FunctionName"        "";
    "AWS::SNS::Subscription"                 "TopicArn"            "";
    "AWS::ApiGateway::Resource"              "RestApiId"           "";
    "AWS::ApiGateway::Method"                "RestApiId"           "";
    "AWS::ApiGateway::"                      ""                    "";
    "AWS::ApiGatewayV2::Integration"         "ApiId"               "";
    "AWS::ApiGatewayV2::"                    ""                    "";
    "AWS::AppSync::"                         ""                    "";
    "AWS::ApplicationAutoScaling::"          ""                    "";
    "AWS::CDK::Metadata"                     ""                    "";
    "AWS::CertificateManager::"              ""                    "";
    "AWS::CloudFormation::WaitConditionHandle" ""                  "";
    "AWS::CloudFront::"                      ""                    "";
    "AWS::CloudWatch::"                      ""                    "";
    "AWS::Cognito::"                         ""                    "";
    "AWS::EC2::Route"                        ""                    "";
    "AWS::EC2::RouteTable"                   ""                    "";
    "AWS::EC2::SubnetRouteTableAssociation"  ""                    "";
    "AWS::EC2::VPCGatewayAttachment"         ""                    "";
    "AWS::Events::EventBusPolicy"            ""                    "";
    "AWS::IAM::"                             ""                    "";
    "AWS::KMS::"                             ""                    "";
    "AWS::LakeFormation::"                   ""                    "";
    "AWS::Lambda::LayerVersion"              ""                    "";
    "AWS::Lambda::Permission"                ""                    "";
    "AWS::Logs::"                            ""                    "";
    "AWS::OpenSearchServerless::"            ""                    "";
    "AWS::S3::BucketPolicy"                  ""                    "";
    "AWS::SNS::TopicPolicy"                  ""                    "";
    "AWS::SQS::QueuePolicy"                  ""                    "";
    "AWS::Scheduler::ScheduleGroup"          ""                    "";
    "AWS::SecretsManager::"                  ""                    "";
};

/// What a resource is in the picture.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// A node of a known kind.
    Node(Kind),
    /// A node of which only the type is known; it is joined to what it refers to.
    Other,
    /// Something that is folded into what it serves.
    Helper(Helper),
}

/// What a resource of this type is.
pub(super) fn part(resource_type: &str) -> Part {
    if let Some(kind) = NODES
        .iter()
        .find(|kind| kind.resource_type == resource_type)
    {
        return Part::Node(*kind);
    }
    let serves = |helper: &&Helper| {
        helper.resource_type == resource_type
            || helper.resource_type.ends_with("::")
                && resource_type.starts_with(helper.resource_type)
    };
    HELPERS
        .iter()
        .find(serves)
        .map_or(Part::Other, |helper| Part::Helper(*helper))
}
