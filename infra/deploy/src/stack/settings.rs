//! What a stack has beside its template and parameters.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::{
    operation::describe_change_set::DescribeChangeSetOutput,
    types::{self, Tag},
};

/// What a stack has beside its template and parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Its tags, which its resources get, too.
    pub tags: BTreeMap<String, String>,
    /// The role by which CloudFormation acts, by its ARN; it keeps it for later operations. Otherwise it acts as the caller.
    pub role: Option<String>,
    /// The SNS topics that are told of every event, by their ARNs.
    pub notifications: BTreeSet<String>,
}

/// What the description of a change set begins with, before the ARN of its role: `DescribeChangeSet` does not tell that otherwise.
const ROLE: &str = "CloudFormation acts as ";

impl Settings {
    /// As they are after a change for which these were asked: what was not asked for stays as it is.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self {
            tags: if self.tags.is_empty() {
                before.tags.clone()
            } else {
                self.tags
            },
            role: self.role.or_else(|| before.role.clone()),
            notifications: if self.notifications.is_empty() {
                before.notifications.clone()
            } else {
                self.notifications
            },
        }
    }

    /// What of these a stack with those does not have: CloudFormation may count none of it as a change, and then sets none of it.
    #[must_use]
    pub fn missing_in(&self, those: &Self) -> Vec<String> {
        let tags = self.tags.iter();
        let tags = tags.filter(|(key, value)| those.tags.get(*key) != Some(*value));
        let tags = tags.map(|(key, value)| format!("tag {key}={value}"));
        let role = self.role.iter();
        let role = role.filter(|role| those.role.as_ref() != Some(*role));
        let role = role.map(|role| format!("role {role}"));
        let topics = self.notifications.difference(&those.notifications);
        let topics = topics.map(|topic| format!("topic {topic}"));
        tags.chain(role).chain(topics).collect()
    }

    /// The description of a change set with these.
    pub(crate) fn description(&self) -> Option<String> {
        let role = self.role.as_ref()?;
        Some(format!("{ROLE}{role}"))
    }

    /// None where there are none: an empty list would take away those that the stack has (`Tags`, API reference of
    /// `CreateChangeSet`).
    pub(crate) fn tag_list(&self) -> Option<Vec<Tag>> {
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| Tag::builder().key(key).value(value).build());
        (!self.tags.is_empty()).then(|| tags.collect())
    }

    /// None where there are none, for the same reason.
    pub(crate) fn topic_list(&self) -> Option<Vec<String>> {
        let topics = self.notifications.iter().cloned();
        (!self.notifications.is_empty()).then(|| topics.collect())
    }

    pub(crate) fn of_stack(stack: &types::Stack) -> Self {
        Self {
            tags: tags(stack.tags()),
            role: stack.role_arn.clone(),
            notifications: stack.notification_arns().iter().cloned().collect(),
        }
    }

    pub(crate) fn of_change_set(answer: &DescribeChangeSetOutput) -> Self {
        let role = answer
            .description()
            .and_then(|text| text.strip_prefix(ROLE));
        Self {
            tags: tags(answer.tags()),
            role: role.map(str::to_owned),
            notifications: answer.notification_arns().iter().cloned().collect(),
        }
    }
}

fn tags(tags: &[Tag]) -> BTreeMap<String, String> {
    let tags = tags.iter();
    tags.filter_map(|tag| Some((tag.key.clone()?, tag.value.clone()?)))
        .collect()
}
