//! Properties that open a resource to everybody, or take its encryption away.

use std::collections::BTreeMap;

use super::alternatives::{Guards, items};
use super::collect::Known;
use crate::meaning::Meaning;

/// When a property is a weak point.
enum Weak {
    /// When it has this value.
    Is(&'static str),
    /// When it is not `true`.
    Off,
    /// When it is not there.
    Absent,
}

use Weak::{Absent, Is, Off};

const NOT_ENCRYPTED: &str = "what it stores is not encrypted";
const NO_KEY: &str = "it is not encrypted by a key of its own";
const NOT_BLOCKED: &str = "public access to the bucket is not blocked";
const PLAIN: &str = "it takes plain connections, without TLS";
const NO_CALLER: &str = "everybody may call it: no caller is asked who it is";

/// Weak points by type and property.
const SWITCHES: [(&str, &str, Weak, &str); 30] = [
    (
        "AWS::ApiGateway::Method",
        "AuthorizationType",
        Is("NONE"),
        NO_CALLER,
    ),
    (
        "AWS::ApiGatewayV2::Route",
        "AuthorizationType",
        Is("NONE"),
        NO_CALLER,
    ),
    (
        "AWS::CloudFront::Distribution",
        "DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy",
        Is("allow-all"),
        PLAIN,
    ),
    (
        "AWS::DynamoDB::Table",
        "SSESpecification.SSEEnabled",
        Off,
        NO_KEY,
    ),
    ("AWS::EC2::Volume", "Encrypted", Off, NOT_ENCRYPTED),
    ("AWS::EFS::FileSystem", "Encrypted", Off, NOT_ENCRYPTED),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "AtRestEncryptionEnabled",
        Off,
        NOT_ENCRYPTED,
    ),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "TransitEncryptionEnabled",
        Off,
        PLAIN,
    ),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        "Protocol",
        Is("HTTP"),
        PLAIN,
    ),
    (
        "AWS::Glue::SecurityConfiguration",
        "EncryptionConfiguration.S3Encryptions",
        Absent,
        NOT_ENCRYPTED,
    ),
    (
        "AWS::Kinesis::Stream",
        "StreamEncryption",
        Absent,
        NOT_ENCRYPTED,
    ),
    ("AWS::Lambda::Url", "AuthType", Is("NONE"), NO_CALLER),
    ("AWS::Logs::LogGroup", "KmsKeyId", Absent, NO_KEY),
    (
        "AWS::OpenSearchService::Domain",
        "DomainEndpointOptions.EnforceHTTPS",
        Off,
        PLAIN,
    ),
    (
        "AWS::OpenSearchService::Domain",
        "EncryptionAtRestOptions.Enabled",
        Off,
        NOT_ENCRYPTED,
    ),
    (
        "AWS::OpenSearchService::Domain",
        "NodeToNodeEncryptionOptions.Enabled",
        Off,
        PLAIN,
    ),
    (
        "AWS::RDS::DBCluster",
        "PubliclyAccessible",
        Is("true"),
        "it has an address on the internet",
    ),
    (
        "AWS::RDS::DBCluster",
        "StorageEncrypted",
        Off,
        NOT_ENCRYPTED,
    ),
    (
        "AWS::RDS::DBInstance",
        "PubliclyAccessible",
        Is("true"),
        "it has an address on the internet",
    ),
    (
        "AWS::RDS::DBInstance",
        "StorageEncrypted",
        Off,
        NOT_ENCRYPTED,
    ),
    ("AWS::Redshift::Cluster", "Encrypted", Off, NOT_ENCRYPTED),
    (
        "AWS::Redshift::Cluster",
        "PubliclyAccessible",
        Is("true"),
        "it has an address on the internet",
    ),
    ("AWS::S3::Bucket", "BucketEncryption", Absent, NO_KEY),
    (
        "AWS::S3::Bucket",
        "PublicAccessBlockConfiguration.BlockPublicAcls",
        Off,
        NOT_BLOCKED,
    ),
    (
        "AWS::S3::Bucket",
        "PublicAccessBlockConfiguration.BlockPublicPolicy",
        Off,
        NOT_BLOCKED,
    ),
    (
        "AWS::S3::Bucket",
        "PublicAccessBlockConfiguration.IgnorePublicAcls",
        Off,
        NOT_BLOCKED,
    ),
    (
        "AWS::S3::Bucket",
        "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        Off,
        NOT_BLOCKED,
    ),
    ("AWS::SNS::Topic", "KmsMasterKeyId", Absent, NOT_ENCRYPTED),
    ("AWS::SQS::Queue", "KmsMasterKeyId", Absent, NO_KEY),
    (
        "AWS::SQS::Queue",
        "SqsManagedSseEnabled",
        Is("false"),
        NOT_ENCRYPTED,
    ),
];

/// A weak point.
pub(super) struct WeakPoint {
    pub(super) path: String,
    pub(super) explanation: String,
    /// Whether the template says nothing about it: that is worth a word only where it did before.
    pub(super) by_absence: bool,
}

/// The weak points of a resource.
pub(super) fn weak_points(resource: &Known<'_>) -> Vec<WeakPoint> {
    let switches = SWITCHES.iter().filter(|(kind, ..)| *kind == resource.kind);
    let mut found: Vec<_> = switches
        .filter_map(|(_, path, weak, explanation)| {
            let value = value(&resource.properties, path);
            is_weak(value, weak).then(|| WeakPoint {
                path: format!("Properties.{path}"),
                explanation: (*explanation).to_owned(),
                by_absence: value.is_none(),
            })
        })
        .collect();
    found.extend(open_ingress(resource));
    found
}

fn value<'a>(members: &'a BTreeMap<String, Meaning>, path: &str) -> Option<&'a Meaning> {
    let Some((first, rest)) = path.split_once('.') else {
        return members.get(path);
    };
    match members.get(first)? {
        Meaning::Object(inner) => value(inner, rest),
        other => Some(other),
    }
}

/// What is not known is not called weak where it can only be on; but not called on either.
fn is_weak(value: Option<&Meaning>, weak: &Weak) -> bool {
    match (weak, value) {
        (Absent | Off, None) => true,
        (Absent, Some(_)) | (Is(_), None) => false,
        (Off, Some(value)) => value.as_text() != Some("true"),
        (Is(text), Some(value)) => may_be(value, text),
    }
}

fn may_be(value: &Meaning, text: &str) -> bool {
    let values = items(value, &Guards::new());
    values
        .iter()
        .any(|(_, value)| value.as_text() == Some(text))
}

/// Rules of security groups that let the whole internet in.
fn open_ingress(resource: &Known<'_>) -> Vec<WeakPoint> {
    let rules = match resource.kind {
        "AWS::EC2::SecurityGroup" => {
            items(resource.property("SecurityGroupIngress"), &Guards::new())
        }
        "AWS::EC2::SecurityGroupIngress" => {
            return rule(&resource.properties, "Properties")
                .into_iter()
                .collect();
        }
        _ => return Vec::new(),
    };
    let open = rules.into_iter().filter_map(|(_, item)| match item {
        Meaning::Object(members) => rule(members, "Properties.SecurityGroupIngress"),
        _ => None,
    });
    open.collect()
}

fn rule(members: &BTreeMap<String, Meaning>, path: &str) -> Option<WeakPoint> {
    let is_open =
        |(name, all): (&str, &str)| members.get(name).is_some_and(|value| may_be(value, all));
    if ![("CidrIp", "0.0.0.0/0"), ("CidrIpv6", "::/0")]
        .into_iter()
        .any(is_open)
    {
        return None;
    }
    let port = |name: &str| {
        members
            .get(name)
            .map_or("any".to_owned(), ToString::to_string)
    };
    let (from, to) = (port("FromPort"), port("ToPort"));
    let ports = if from == to {
        format!("port {from}")
    } else {
        format!("ports {from} to {to}")
    };
    Some(WeakPoint {
        // By its ports, as the order of rules says nothing.
        path: format!("{path}[{ports}]"),
        explanation: format!("the whole internet may connect: {ports}"),
        by_absence: false,
    })
}
