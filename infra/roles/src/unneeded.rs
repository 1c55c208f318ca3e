//! Actions of the handlers that a resource needs only for what its template does not ask for.
//!
//! Actions on the resource itself stay, whatever is set: a handler may read everything, and puts right what is not set any more.
//! Left out are actions on other things, and those by which a role could be given more.

use std::collections::BTreeSet;

use serde_json::Value;
use spec::Specification;

use crate::needs::handler_actions;
use crate::{Error, property};

/// Actions that the handlers of a type need only when one of some properties is set, and never without any.
pub(crate) struct Rule {
    pub(crate) resource_type: &'static str,
    /// Patterns as in a policy.
    pub(crate) actions: &'static [&'static str],
    pub(crate) only_with: &'static [&'static str],
    pub(crate) reason: &'static str,
}

/// The rules.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        resource_type: "AWS::Athena::WorkGroup",
        actions: &["kms:*"],
        only_with: &[
            "WorkGroupConfiguration.CustomerContentEncryptionConfiguration",
            "WorkGroupConfiguration.ManagedQueryResultsConfiguration",
            "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.KmsKey",
        ],
        reason: "no key is named",
    },
    Rule {
        resource_type: "AWS::Athena::WorkGroup",
        actions: &["s3:*"],
        only_with: &["WorkGroupConfiguration.ResultConfiguration.OutputLocation"],
        reason: "there is no location of results to test",
    },
    Rule {
        resource_type: "AWS::DynamoDB::Table",
        actions: &["kms:*"],
        only_with: &["SSESpecification"],
        reason: "DynamoDB's own key asks nobody",
    },
    Rule {
        resource_type: "AWS::DynamoDB::Table",
        actions: &["kinesis:*"],
        only_with: &["KinesisStreamSpecification"],
        reason: "no changes go to a stream of Kinesis",
    },
    Rule {
        resource_type: "AWS::DynamoDB::Table",
        actions: &[
            "s3:*",
            "logs:*",
            "dynamodb:ImportTable",
            "dynamodb:DescribeImport",
        ],
        only_with: &["ImportSourceSpecification"],
        reason: "nothing is imported",
    },
    Rule {
        resource_type: "AWS::DynamoDB::Table",
        actions: &[
            "dynamodb:AssociateTableReplica",
            "dynamodb:BatchWriteItem",
            "dynamodb:CreateTableReplica",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
        ],
        only_with: &["ImportSourceSpecification"],
        reason: "items are copied by imports and to replicas, and this type has no replicas",
    },
    Rule {
        resource_type: "AWS::Glue::Database",
        actions: &["glue:*Connection"],
        only_with: &["DatabaseInput.FederatedDatabase"],
        reason: "the database is in the catalog, not behind a connection",
    },
    Rule {
        resource_type: "AWS::Glue::Table",
        actions: &["glue:PassConnection"],
        only_with: &[
            "TableInput.Parameters.connectionName",
            "TableInput.ViewDefinition",
        ],
        reason: "the table names no connection, and no view that one validates",
    },
    Rule {
        resource_type: "AWS::Glue::Table",
        actions: &["s3:*"],
        only_with: &["OpenTableFormatInput"],
        reason: "only for an open table format does Glue write files",
    },
    Rule {
        resource_type: "AWS::IAM::ManagedPolicy",
        actions: &["iam:*GroupPolicy"],
        only_with: &["Groups"],
        reason: "the policy is not attached to a group",
    },
    Rule {
        resource_type: "AWS::IAM::ManagedPolicy",
        actions: &["iam:*UserPolicy"],
        only_with: &["Users"],
        reason: "the policy is not attached to a user",
    },
    Rule {
        resource_type: "AWS::IAM::ManagedPolicy",
        actions: &["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
        only_with: &["Roles"],
        reason: "the policy is not attached to a role",
    },
    Rule {
        resource_type: "AWS::IAM::Policy",
        actions: &["iam:*GroupPolicy"],
        only_with: &["Groups"],
        reason: "the policy is no group's",
    },
    Rule {
        resource_type: "AWS::IAM::Policy",
        actions: &["iam:*UserPolicy"],
        only_with: &["Users"],
        reason: "the policy is no user's",
    },
    Rule {
        resource_type: "AWS::IAM::Role",
        actions: &["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
        only_with: &["ManagedPolicyArns"],
        reason: "the role has no managed policies, and should not be given AdministratorAccess by this action",
    },
    Rule {
        resource_type: "AWS::IAM::Role",
        actions: &["iam:PutRolePermissionsBoundary"],
        only_with: &["PermissionsBoundary"],
        reason: "the template sets no boundary",
    },
    Rule {
        resource_type: "AWS::IAM::Role",
        actions: &["iam:DeleteRolePermissionsBoundary"],
        only_with: &[],
        reason: "whoever takes a boundary away should not be whom it bounds",
    },
    Rule {
        resource_type: "AWS::Lambda::EventSourceMapping",
        actions: &["kms:*"],
        only_with: &["KmsKeyArn"],
        reason: "no key is named",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["ec2:*"],
        only_with: &["VpcConfig"],
        reason: "the function is in no VPC",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["elasticfilesystem:*", "s3files:*"],
        only_with: &["FileSystemConfigs"],
        reason: "the function mounts nothing",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["kms:*"],
        only_with: &["KmsKeyArn", "Code.SourceKMSKeyArn"],
        reason: "Lambda's own key asks nobody",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["s3:*"],
        only_with: &["Code.S3Bucket"],
        reason: "the code is not in S3",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["lambda:GetLayerVersion"],
        only_with: &["Layers"],
        reason: "the function has no layers",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["lambda:GetCodeSigningConfig"],
        only_with: &["CodeSigningConfigArn"],
        reason: "no code signing is asked for",
    },
    Rule {
        resource_type: "AWS::Lambda::Function",
        actions: &["lambda:PassCapacityProvider"],
        only_with: &["CapacityProviderConfig"],
        reason: "the function runs on Lambda's own capacity",
    },
    Rule {
        resource_type: "AWS::Logs::LogGroup",
        actions: &["firehose:*", "logs:CreateLogDelivery"],
        only_with: &["DataProtectionPolicy"],
        reason: "only findings of a data protection policy are delivered elsewhere",
    },
    Rule {
        resource_type: "AWS::Logs::LogGroup",
        actions: &["logs:PutResourcePolicy", "logs:DeleteResourcePolicy"],
        only_with: &["DataProtectionPolicy", "ResourcePolicyDocument"],
        reason: "the group has no policy of its own, and these write those of the whole account",
    },
    Rule {
        resource_type: "AWS::Logs::LogGroup",
        actions: &["logs:PutIndexPolicy", "logs:DeleteIndexPolicy"],
        only_with: &["FieldIndexPolicies"],
        reason: "no field is indexed, and these cannot be limited to the group",
    },
    Rule {
        resource_type: "AWS::S3::Bucket",
        actions: &["s3tables:*"],
        only_with: &["MetadataConfiguration", "MetadataTableConfiguration"],
        reason: "no metadata goes to tables",
    },
    Rule {
        resource_type: "AWS::SNS::Subscription",
        actions: &["iam:GetRole"],
        only_with: &["SubscriptionRoleArn"],
        reason: "no role is named",
    },
    Rule {
        resource_type: "AWS::SNS::Topic",
        actions: &["iam:GetRole"],
        only_with: &["DeliveryStatusLogging"],
        reason: "no role is named",
    },
    Rule {
        resource_type: "AWS::StepFunctions::StateMachine",
        actions: &["kms:*"],
        only_with: &["EncryptionConfiguration"],
        reason: "Step Functions' own key asks nobody",
    },
    Rule {
        resource_type: "AWS::StepFunctions::StateMachine",
        actions: &["s3:*"],
        only_with: &["DefinitionS3Location"],
        reason: "the definition is in the template",
    },
];

/// The rule by which a resource does not need an action, if any.
pub(crate) fn rule(resource_type: &str, action: &str, properties: &Value) -> Option<&'static Rule> {
    RULES.iter().find(|rule| {
        let is_about = |pattern: &&str| spec::matches_wildcard(pattern, action);
        rule.resource_type == resource_type
            && rule.actions.iter().any(is_about)
            && !(rule.only_with.iter()).any(|path| property::may_be_set(properties, path))
    })
}

/// An action of a type's handlers that some of the template's resources do not need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unneeded {
    /// The type.
    pub resource_type: String,
    /// The action.
    pub action: String,
    /// Why it is not needed.
    pub reason: &'static str,
}

/// The actions that resources of a template do not need for what it asks for, sorted.
///
/// # Errors
/// When a type's specification cannot be read.
pub fn unneeded(template: &Value) -> Result<BTreeSet<Unneeded>, Error> {
    let mut found = BTreeSet::new();
    let resources = template["Resources"].as_object().into_iter().flatten();
    for (_, resource) in resources {
        let name = resource["Type"].as_str().unwrap_or_default();
        let Some(resource_type) = Specification::embedded().resource_type(name)? else {
            continue;
        };
        let actions = handler_actions(resource_type).into_iter();
        found.extend(actions.filter_map(|action| {
            let rule = rule(name, &action, &resource["Properties"])?;
            Some(Unneeded {
                resource_type: name.to_owned(),
                action,
                reason: rule.reason,
            })
        }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use spec::Specification;

    use super::RULES;
    use crate::needs::handler_actions;

    /// A rule about nothing is a rule that the specification has left behind.
    #[test]
    fn every_rule_is_about_actions_and_properties_that_there_are() {
        for rule in RULES {
            let found = Specification::embedded().resource_type(rule.resource_type);
            let resource_type = found.unwrap().expect(rule.resource_type);
            let actions = handler_actions(resource_type);
            for pattern in rule.actions {
                let mut actions = actions.iter();
                assert!(
                    actions.any(|action| spec::matches_wildcard(pattern, action)),
                    "{pattern}"
                );
            }
            for path in rule.only_with {
                let first = path.split('.').next().unwrap_or_default();
                assert!(resource_type.root.properties.contains_key(first), "{path}");
            }
        }
    }
}
