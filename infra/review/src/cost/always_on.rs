//! Resources that are paid for as long as they are there. One row each: adding one is adding a line.
//!
//! Held against the documentation and the prices of AWS: streams of Kinesis and collections of OpenSearch. The other rows are from
//! knowledge of the services.

/// Types, and what is paid.
#[rustfmt::skip]
pub(super) const ALWAYS_ON: &[(&str, &str)] = &[
    ("AWS::AmazonMQ::Broker", "a broker is paid by the hour, used or not"),
    ("AWS::CloudWatch::Alarm", "an alarm is paid by the month"),
    ("AWS::CloudWatch::Dashboard", "a dashboard is paid by the month"),
    ("AWS::DAX::Cluster", "its nodes are paid by the hour, used or not"),
    ("AWS::DocDB::DBInstance", "an instance is paid by the hour, used or not"),
    ("AWS::EC2::EIP", "a public address is paid by the hour, used or not"),
    ("AWS::EC2::Instance", "an instance is paid while it runs, used or not"),
    ("AWS::EC2::NatGateway", "a NAT gateway is paid by the hour, used or not, and by gigabyte"),
    ("AWS::EC2::TransitGatewayAttachment", "an attachment is paid by the hour, used or not, and by gigabyte"),
    ("AWS::EC2::VPNConnection", "a connection is paid by the hour, used or not"),
    ("AWS::EC2::Volume", "a volume is paid by its size and month, filled or not"),
    ("AWS::ECS::Service", "its tasks are paid while they run, used or not"),
    ("AWS::EKS::Cluster", "a cluster is paid by the hour, used or not"),
    ("AWS::EKS::Nodegroup", "its instances are paid by the hour, used or not"),
    ("AWS::ElastiCache::CacheCluster", "its nodes are paid by the hour, used or not"),
    ("AWS::ElastiCache::ReplicationGroup", "its nodes are paid by the hour, used or not"),
    ("AWS::ElastiCache::ServerlessCache", "a least amount of data is paid by the hour, used or not"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "a load balancer is paid by the hour, used or not"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "a load balancer is paid by the hour, used or not"),
    ("AWS::FSx::FileSystem", "a file system is paid by its size and month, filled or not"),
    ("AWS::GlobalAccelerator::Accelerator", "an accelerator is paid by the hour, used or not"),
    ("AWS::KMS::Key", "a key is paid by the month"),
    ("AWS::Kendra::Index", "an index is paid by the hour, used or not"),
    ("AWS::Kinesis::Stream", "a stream is paid by the hour, used or not"),
    ("AWS::MSK::Cluster", "its brokers are paid by the hour, used or not"),
    ("AWS::MSK::ServerlessCluster", "a cluster is paid by the hour, used or not"),
    ("AWS::MemoryDB::Cluster", "its nodes are paid by the hour, used or not"),
    ("AWS::Neptune::DBInstance", "an instance is paid by the hour, used or not"),
    ("AWS::OpenSearchServerless::Collection", "capacity is paid by the hour, used or not, unless its group may scale to none"),
    ("AWS::OpenSearchService::Domain", "its instances are paid by the hour, used or not"),
    ("AWS::RDS::DBInstance", "an instance is paid by the hour, used or not"),
    ("AWS::RDS::DBProxy", "a proxy is paid by the hour, used or not"),
    ("AWS::Redshift::Cluster", "its nodes are paid by the hour, used or not"),
    ("AWS::Route53::HostedZone", "a hosted zone is paid by the month"),
    ("AWS::SageMaker::Endpoint", "its instances, where it has any, are paid by the hour, used or not"),
    ("AWS::SageMaker::NotebookInstance", "an instance is paid while it runs, used or not"),
    ("AWS::SecretsManager::Secret", "a secret is paid by the month"),
    ("AWS::Transfer::Server", "a server is paid by the hour, used or not"),
    ("AWS::WAFv2::WebACL", "a web ACL is paid by the month, and by rule"),
];
