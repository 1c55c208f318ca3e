//! What a stack has beside its template.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::iam::{SecurityChange, Verdict};
use crate::model::{Action, PropertyChange, Replacement, SectionChange, StackReview, Summary};

/// The section of the stack's tags among those of the template.
pub(crate) const TAGS: &str = "Tags";

/// What a stack has beside its template and parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackSettings {
    /// Its tags, which its resources get, too.
    pub tags: BTreeMap<String, String>,
    /// The ARN of the role by which CloudFormation acts; none where it acts as whoever deploys.
    pub role: Option<String>,
    /// The ARNs of the SNS topics that are told of every event.
    pub notifications: BTreeSet<String>,
}

impl StackReview {
    /// Adds what changes beside the template. It goes before [`StackReview::with_intents`]: that a resource gets the stack's tags is
    /// as reviewed where a change of these is shown.
    #[must_use]
    pub fn with_settings(mut self, before: &StackSettings, after: &StackSettings) -> Self {
        self.sections.extend(tags(&before.tags, &after.tags));
        let security = [role(before, after), topics(before, after)].concat();
        let security = security.into_iter();
        self.security
            .extend(security.map(|(path, verdict, text)| SecurityChange {
                logical_id: self.name.clone(),
                path: path.to_owned(),
                verdict,
                explanation: text,
            }));
        self.security.sort_by_key(|change| change.verdict);
        self.summary = Summary::of(&self);
        self
    }

    /// Whether the stack's tags change.
    pub(crate) fn changes_tags(&self) -> bool {
        (self.sections.iter()).any(|section| section.section == TAGS)
    }
}

fn tags(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<SectionChange> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = keys
        .into_iter()
        .filter(|key| before.get(*key) != after.get(*key));
    changed
        .map(|key| tag(key, before.get(key), after.get(key)))
        .collect()
}

fn tag(key: &str, old: Option<&String>, new: Option<&String>) -> SectionChange {
    let value = |text: Option<&String>| text.cloned().map(Value::String);
    SectionChange {
        section: TAGS.to_owned(),
        name: key.to_owned(),
        action: match (old, new) {
            (None, _) => Action::Add,
            (_, None) => Action::Remove,
            _ => Action::Modify,
        },
        properties: vec![PropertyChange {
            path: format!("{TAGS}.Value"),
            old: value(old),
            new: value(new),
            replacement: Replacement::None,
        }],
        warning: Some(
            "it is a tag of the stack, and of all its resources that can have tags".to_owned(),
        ),
    }
}

/// Where, whether it weakens, and what it means.
type Point = (&'static str, Verdict, String);

/// What another role may do is not known here, so that it counts as more. A stack keeps its role for all later operations (`RoleARN`,
/// API reference of `CreateChangeSet`).
fn role(before: &StackSettings, after: &StackSettings) -> Vec<Point> {
    if before.role == after.role {
        return Vec::new();
    }
    let who = |role: &Option<String>| role.clone().unwrap_or("whoever deploys".to_owned());
    let text = format!(
        "CloudFormation acts as {} from now on, instead of {}; what they may do was not compared",
        who(&after.role),
        who(&before.role)
    );
    vec![("RoleARN", Verdict::Widened, text)]
}

/// Events have the properties of the resources in them.
fn topics(before: &StackSettings, after: &StackSettings) -> Vec<Point> {
    let (before, after) = (&before.notifications, &after.notifications);
    let added = after.difference(before).map(|topic| {
        let text = format!("{topic} is told of every event, with the properties of the resources");
        ("NotificationARNs", Verdict::Widened, text)
    });
    let removed = before.difference(after).map(|topic| {
        let text = format!("{topic} is told of events no more");
        ("NotificationARNs", Verdict::Narrowed, text)
    });
    added.chain(removed).collect()
}
