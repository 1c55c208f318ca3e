//! Properties that a bill shows. One row each: adding one is adding a line.
//!
//! Held against the documentation and the prices of AWS: Kinesis and `SnapStart`. The other rows are from knowledge of the services.

use super::measure::Measure::{self, Count, Either, Instance, Limit, More, Saves, Switch};

/// A property that a bill shows.
#[derive(Debug)]
pub(super) struct Knob {
    /// The type that has it.
    pub(super) kind: &'static str,
    /// Where it is below `Properties`; `*` is every item of a list.
    pub(super) path: &'static str,
    pub(super) measure: Measure,
    /// What is paid for, in a sentence that fits either direction.
    pub(super) explanation: &'static str,
}

const fn knob(
    kind: &'static str,
    path: &'static str,
    measure: Measure,
    explanation: &'static str,
) -> Knob {
    Knob {
        kind,
        path,
        measure,
        explanation,
    }
}

const MEMORY: &str =
    "running time is paid by gigabyte and second; with more memory it may run shorter";
const TIMEOUT: &str = "it bounds what one invocation can cost";
const DISK: &str = "disk above 512 MB is paid by gigabyte and second of running time";
const RESERVED: &str = "it bounds how much can run, and be paid, at once";
const PROVISIONED: &str = "environments kept ready are paid by the second, used or not";
const BILLING: &str =
    "on demand is paid by request, provisioned by the hour: which costs less depends on the load";
const CAPACITY: &str = "provisioned capacity is paid by the hour, used or not";
const RECOVERY: &str = "continuous backups are paid by gigabyte and month";
const SHARDS: &str = "shards are paid by the hour, used or not";
const CLASS: &str = "an instance of this class is paid by the hour, used or not";
const INSTANCES: &str = "each instance is paid by the hour, used or not";
const STORAGE: &str = "storage is paid by gigabyte and month, filled or not";
const BACKUPS: &str = "backups are kept, and paid, for as many days";
const LOGS: &str =
    "stored logs are paid by gigabyte and month; without a number of days they are kept for ever";
const STANDBY: &str = "the standby is paid like the instance itself";
const LIFECYCLE: &str = "without rules that expire or move objects, storage only grows";
const WORKERS: &str = "workers are paid by the hour while the job runs";

#[rustfmt::skip]
pub(super) const KNOBS: &[Knob] = &[
    knob("AWS::ApiGateway::Stage", "CacheClusterEnabled", Switch, "the cache is paid by the hour, used or not"),
    knob("AWS::ApiGateway::Stage", "CacheClusterSize", Count, "the cache is paid by its size and hour, used or not"),
    knob("AWS::Athena::WorkGroup", "WorkGroupConfiguration.BytesScannedCutoffPerQuery", Limit, "it bounds what one query can cost"),
    knob("AWS::AutoScaling::AutoScalingGroup", "DesiredCapacity", Count, INSTANCES),
    knob("AWS::AutoScaling::AutoScalingGroup", "MaxSize", Count, "it bounds how many instances can be paid at once"),
    knob("AWS::AutoScaling::AutoScalingGroup", "MinSize", Count, INSTANCES),
    knob("AWS::DAX::Cluster", "NodeType", Instance, CLASS),
    knob("AWS::DAX::Cluster", "ReplicationFactor", Count, INSTANCES),
    knob("AWS::DocDB::DBCluster", "BackupRetentionPeriod", More(1.0), BACKUPS),
    knob("AWS::DocDB::DBInstance", "DBInstanceClass", Instance, CLASS),
    knob("AWS::DynamoDB::GlobalTable", "BillingMode", Either, BILLING),
    knob("AWS::DynamoDB::Table", "BillingMode", Either, BILLING),
    knob("AWS::DynamoDB::Table", "GlobalSecondaryIndexes.*.ProvisionedThroughput.ReadCapacityUnits", Count, CAPACITY),
    knob("AWS::DynamoDB::Table", "GlobalSecondaryIndexes.*.ProvisionedThroughput.WriteCapacityUnits", Count, CAPACITY),
    knob("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", Switch, RECOVERY),
    knob("AWS::DynamoDB::Table", "ProvisionedThroughput.ReadCapacityUnits", Count, CAPACITY),
    knob("AWS::DynamoDB::Table", "ProvisionedThroughput.WriteCapacityUnits", Count, CAPACITY),
    knob("AWS::DynamoDB::Table", "TableClass", Either, "infrequent access stores for less and reads and writes for more"),
    knob("AWS::DynamoDB::Table", "TimeToLiveSpecification", Saves, "without expiry, items stay and are paid by gigabyte and month"),
    knob("AWS::EC2::Instance", "InstanceType", Instance, CLASS),
    knob("AWS::EC2::Volume", "Iops", Count, "provisioned operations are paid by the month, used or not"),
    knob("AWS::EC2::Volume", "Size", Count, STORAGE),
    knob("AWS::EC2::Volume", "VolumeType", Either, "types of volumes have prices of their own"),
    knob("AWS::ECS::Service", "DesiredCount", Count, "each task is paid while it runs"),
    knob("AWS::ECS::TaskDefinition", "Cpu", Count, "processors of tasks are paid while they run"),
    knob("AWS::ECS::TaskDefinition", "Memory", Count, "memory of tasks is paid while they run"),
    knob("AWS::EKS::Nodegroup", "ScalingConfig.DesiredSize", Count, INSTANCES),
    knob("AWS::EKS::Nodegroup", "ScalingConfig.MinSize", Count, INSTANCES),
    knob("AWS::ElastiCache::CacheCluster", "CacheNodeType", Instance, CLASS),
    knob("AWS::ElastiCache::CacheCluster", "NumCacheNodes", Count, INSTANCES),
    knob("AWS::ElastiCache::ReplicationGroup", "CacheNodeType", Instance, CLASS),
    knob("AWS::ElastiCache::ReplicationGroup", "NumCacheClusters", Count, INSTANCES),
    knob("AWS::ElastiCache::ReplicationGroup", "NumNodeGroups", Count, INSTANCES),
    knob("AWS::ElastiCache::ReplicationGroup", "ReplicasPerNodeGroup", Count, INSTANCES),
    knob("AWS::ElastiCache::ReplicationGroup", "SnapshotRetentionLimit", More(0.0), BACKUPS),
    knob("AWS::FSx::FileSystem", "StorageCapacity", Count, STORAGE),
    knob("AWS::Glue::Job", "MaxCapacity", Count, WORKERS),
    knob("AWS::Glue::Job", "NumberOfWorkers", Count, WORKERS),
    knob("AWS::Glue::Job", "Timeout", Count, "it bounds what one run can cost"),
    knob("AWS::Glue::Job", "WorkerType", Either, WORKERS),
    knob("AWS::Kinesis::Stream", "RetentionPeriodHours", More(24.0), "keeping records longer than a day is paid, by shard and hour or by gigabyte"),
    knob("AWS::Kinesis::Stream", "ShardCount", Count, SHARDS),
    knob("AWS::Kinesis::Stream", "StreamModeDetails.StreamMode", Either, "on demand is paid by data and stream, provisioned by shard: which costs less depends on the load"),
    knob("AWS::Lambda::Alias", "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", More(0.0), PROVISIONED),
    knob("AWS::Lambda::Function", "Architectures", Either, "arm64 is paid less by gigabyte and second than x86_64"),
    knob("AWS::Lambda::Function", "EphemeralStorage.Size", More(512.0), DISK),
    knob("AWS::Lambda::Function", "MemorySize", More(128.0), MEMORY),
    knob("AWS::Lambda::Function", "ReservedConcurrentExecutions", Limit, RESERVED),
    knob("AWS::Lambda::Function", "SnapStart.ApplyOn", Either, "snapshots of Python and .NET are paid while a version has them, and whenever one is restored"),
    knob("AWS::Lambda::Function", "Timeout", More(3.0), TIMEOUT),
    knob("AWS::Lambda::Version", "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", More(0.0), PROVISIONED),
    knob("AWS::Logs::LogGroup", "LogGroupClass", Either, "classes of log groups have prices of their own for what is written"),
    knob("AWS::Logs::LogGroup", "RetentionInDays", Limit, LOGS),
    knob("AWS::MSK::Cluster", "BrokerNodeGroupInfo.InstanceType", Instance, CLASS),
    knob("AWS::MSK::Cluster", "NumberOfBrokerNodes", Count, INSTANCES),
    knob("AWS::MemoryDB::Cluster", "NodeType", Instance, CLASS),
    knob("AWS::MemoryDB::Cluster", "NumReplicasPerShard", More(1.0), INSTANCES),
    knob("AWS::MemoryDB::Cluster", "NumShards", More(1.0), INSTANCES),
    knob("AWS::Neptune::DBCluster", "BackupRetentionPeriod", More(1.0), BACKUPS),
    knob("AWS::Neptune::DBInstance", "DBInstanceClass", Instance, CLASS),
    knob("AWS::OpenSearchService::Domain", "ClusterConfig.DedicatedMasterCount", Count, INSTANCES),
    knob("AWS::OpenSearchService::Domain", "ClusterConfig.DedicatedMasterEnabled", Switch, INSTANCES),
    knob("AWS::OpenSearchService::Domain", "ClusterConfig.DedicatedMasterType", Instance, CLASS),
    knob("AWS::OpenSearchService::Domain", "ClusterConfig.InstanceCount", More(1.0), INSTANCES),
    knob("AWS::OpenSearchService::Domain", "ClusterConfig.InstanceType", Instance, CLASS),
    knob("AWS::OpenSearchService::Domain", "EBSOptions.VolumeSize", Count, STORAGE),
    knob("AWS::RDS::DBCluster", "BackupRetentionPeriod", More(1.0), BACKUPS),
    knob("AWS::RDS::DBCluster", "DBClusterInstanceClass", Instance, CLASS),
    knob("AWS::RDS::DBCluster", "ServerlessV2ScalingConfiguration.MaxCapacity", Count, "it bounds how many capacity units can be paid at once"),
    knob("AWS::RDS::DBCluster", "ServerlessV2ScalingConfiguration.MinCapacity", Count, "the least capacity is paid by the hour, used or not"),
    knob("AWS::RDS::DBInstance", "AllocatedStorage", Count, STORAGE),
    knob("AWS::RDS::DBInstance", "BackupRetentionPeriod", More(1.0), BACKUPS),
    knob("AWS::RDS::DBInstance", "DBInstanceClass", Instance, CLASS),
    knob("AWS::RDS::DBInstance", "Iops", Count, "provisioned operations are paid by the month, used or not"),
    knob("AWS::RDS::DBInstance", "MultiAZ", Switch, STANDBY),
    knob("AWS::Redshift::Cluster", "NodeType", Instance, CLASS),
    knob("AWS::Redshift::Cluster", "NumberOfNodes", More(1.0), INSTANCES),
    knob("AWS::RedshiftServerless::Workgroup", "BaseCapacity", Count, "capacity is paid by the hour while queries run"),
    knob("AWS::S3::Bucket", "LifecycleConfiguration", Saves, LIFECYCLE),
    knob("AWS::SQS::Queue", "ReceiveMessageWaitTimeSeconds", Either, "each empty receive is paid as a request; waiting makes fewer of them"),
    knob("AWS::SageMaker::EndpointConfig", "ProductionVariants.*.InitialInstanceCount", Count, INSTANCES),
    knob("AWS::SageMaker::EndpointConfig", "ProductionVariants.*.InstanceType", Instance, CLASS),
    knob("AWS::SageMaker::EndpointConfig", "ProductionVariants.*.ServerlessConfig.MemorySizeInMB", Count, MEMORY),
    knob("AWS::SageMaker::EndpointConfig", "ProductionVariants.*.ServerlessConfig.ProvisionedConcurrency", More(0.0), PROVISIONED),
    knob("AWS::SageMaker::NotebookInstance", "InstanceType", Instance, CLASS),
    knob("AWS::Serverless::Function", "EphemeralStorage.Size", More(512.0), DISK),
    knob("AWS::Serverless::Function", "MemorySize", More(128.0), MEMORY),
    knob("AWS::Serverless::Function", "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", More(0.0), PROVISIONED),
    knob("AWS::Serverless::Function", "ReservedConcurrentExecutions", Limit, RESERVED),
    knob("AWS::Serverless::Function", "Timeout", More(3.0), TIMEOUT),
    knob("AWS::Serverless::StateMachine", "Type", Either, "Standard is paid by transition, Express by request and running time"),
    knob("AWS::StepFunctions::StateMachine", "StateMachineType", Either, "Standard is paid by transition, Express by request and running time"),
];
