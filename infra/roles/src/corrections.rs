//! What the schemas of CloudFormation say of permissions and AWS's own reference of actions does not know.

/// An action of the schemas that is none, what is asked for instead, and why.
///
/// Sources: the service authorization reference for the names that there are; the API references of the services for what an
/// operation is authorized by.
pub(crate) const CORRECTIONS: &[(&str, &[&str], &str)] = &[
    (
        "apigateway:TagResource",
        &["apigateway:PUT"],
        "API Gateway's actions are HTTP methods; tags are PUT",
    ),
    (
        "apigateway:UntagResource",
        &["apigateway:DELETE"],
        "API Gateway's actions are HTTP methods; tags are taken off by DELETE",
    ),
    (
        "kms:ReEncrypt",
        &["kms:ReEncryptFrom", "kms:ReEncryptTo"],
        "ReEncrypt is authorized by two actions, one for each key",
    ),
    (
        "lakeformation:CreateTable",
        &[],
        "a permission that Lake Formation grants, no action of IAM",
    ),
    (
        "lambda:AssociateRuntimeAlias",
        &[],
        "an operation inside Lambda: no API has it",
    ),
    (
        "s3:DeleteBucketAnalyticsConfiguration",
        &["s3:PutAnalyticsConfiguration"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:DeleteBucketCors",
        &["s3:PutBucketCORS"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:DeleteBucketEncryption",
        &["s3:PutEncryptionConfiguration"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:DeleteBucketLifecycle",
        &["s3:PutLifecycleConfiguration"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:DeleteBucketMetricsConfiguration",
        &["s3:PutMetricsConfiguration"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:DeleteBucketReplication",
        &["s3:PutReplicationConfiguration"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:DeleteBucketTagging",
        &["s3:PutBucketTagging"],
        "S3 authorizes the deletion by the action that puts",
    ),
    (
        "s3:GetObjectMetadata",
        &["s3:GetObject"],
        "HeadObject is authorized by s3:GetObject",
    ),
    (
        "s3:PutBucketReplication",
        &["s3:PutReplicationConfiguration"],
        "the operation's name; its action is another",
    ),
    (
        "s3:PutObjectLockConfiguration",
        &["s3:PutBucketObjectLockConfiguration"],
        "the operation's name; its action is another",
    ),
    (
        "s3:REST.PUT.OBJECT",
        &[],
        "a word of S3's access logs, no action",
    ),
    (
        "sagemaker:ListMonitoringSchedule",
        &["sagemaker:ListMonitoringSchedules"],
        "misspelt",
    ),
    (
        "vpc-lattice:DescribeServiceNetworkVpcEndpointAssociation",
        &["vpc-lattice:ListServiceNetworkVpcEndpointAssociations"],
        "the reference has it as a list",
    ),
];

/// Types whose schemas name no permissions because they need none.
pub(crate) const WITHOUT_PERMISSIONS: &[&str] = &["AWS::CloudFormation::WaitConditionHandle"];

/// Actions that a policy has to allow on `*` although the reference names a kind of resource, and why.
pub(crate) const ANYWHERE: &[(&str, &str)] = &[
    (
        "cloudwatch:DescribeAlarms",
        "composite alarms are described only to whom it is allowed on `*` (DescribeAlarms, API reference)",
    ),
    (
        "lambda:GetEventSourceMapping",
        "deletion reads until the mapping is gone, and has to be told that it is, not that reading is denied",
    ),
];

/// The types whose handlers have a service make a role of its own, and the service ("Using service-linked roles" in the guides
/// of the services).
pub(crate) const SERVICE_ROLES: &[(&str, &[&str])] = &[
    (
        "AWS::ApplicationAutoScaling::ScalableTarget",
        &["*.application-autoscaling.amazonaws.com"],
    ),
    (
        "AWS::Athena::WorkGroup",
        &["athena.amazonaws.com", "*.athena.amazonaws.com"],
    ),
    ("AWS::CloudTrail::Trail", &["cloudtrail.amazonaws.com"]),
    (
        "AWS::Cognito::UserPool",
        &[
            "cognito-idp.amazonaws.com",
            "email.cognito-idp.amazonaws.com",
        ],
    ),
    (
        "AWS::Cognito::UserPoolClient",
        &["cognito-idp.amazonaws.com"],
    ),
    (
        "AWS::DynamoDB::Table",
        &[
            "contributorinsights.dynamodb.amazonaws.com",
            "kinesisreplication.dynamodb.amazonaws.com",
            "replication.dynamodb.amazonaws.com",
        ],
    ),
    (
        "AWS::OpenSearchServerless::Collection",
        &["observability.aoss.amazonaws.com"],
    ),
];

/// What stands for an action of the schemas.
pub(crate) fn corrected(action: &str) -> Vec<&str> {
    let correction = CORRECTIONS.iter().find(|(wrong, ..)| *wrong == action);
    correction.map_or_else(|| vec![action], |(_, right, _)| right.to_vec())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use spec::{Actions, Specification};

    use super::{ANYWHERE, CORRECTIONS, SERVICE_ROLES, WITHOUT_PERMISSIONS};

    fn named() -> BTreeSet<String> {
        let specification = Specification::embedded();
        let types = specification
            .names()
            .map(|name| specification.resource_type(name));
        let actions =
            types.flat_map(|found| found.unwrap().unwrap().permissions.values().flatten());
        actions.cloned().collect()
    }

    #[test]
    fn what_the_schemas_name_is_an_action_or_corrected() {
        let unknown = named()
            .into_iter()
            .filter(|action| Actions::embedded().get(action).is_none());
        let corrected = CORRECTIONS.iter().map(|(wrong, ..)| (*wrong).to_owned());
        assert_eq!(unknown.collect::<Vec<_>>(), corrected.collect::<Vec<_>>());
        for (wrong, right, reason) in CORRECTIONS {
            assert!(
                right
                    .iter()
                    .all(|action| Actions::embedded().get(action).is_some()),
                "{wrong}"
            );
            assert!(!reason.is_empty(), "{wrong}");
        }
    }

    /// Without its services a type could have any service make a role.
    #[test]
    fn every_type_that_makes_roles_of_services_has_them_named() {
        let specification = Specification::embedded();
        let makes_roles = specification.names().filter(|name| {
            let found = specification.resource_type(name).unwrap().unwrap();
            let mut actions = found.permissions.values().flatten();
            actions.any(|action| action == "iam:CreateServiceLinkedRole")
        });
        let known = SERVICE_ROLES.iter().map(|(name, _)| *name);
        assert_eq!(makes_roles.collect::<Vec<_>>(), known.collect::<Vec<_>>());
    }

    #[test]
    fn exceptions_are_about_what_there_is() {
        assert!(ANYWHERE.iter().all(|(action, _)| named().contains(*action)));
        for name in WITHOUT_PERMISSIONS {
            let found = Specification::embedded().resource_type(name).unwrap();
            assert!(
                found.is_some_and(|found| found.permissions.is_empty()),
                "{name}"
            );
        }
    }
}
