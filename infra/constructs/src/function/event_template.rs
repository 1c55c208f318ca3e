//! Events that a rule makes for a function, with places that EventBridge fills in from its own event.

use std::collections::BTreeMap;

use cfn::events::rule::InputTransformer;
use serde::Serialize;
use serde_json::Value as Json;

/// Stands in an event for the time of the schedule, ISO 8601 in UTC: `CompactionRequest { now: SCHEDULED_TIME.into() }`.
pub const SCHEDULED_TIME: &str = "<time>";

/// Stands in an event for a text of the event that the rule is about, given by its path:
/// `StopRequest { execution: from_event("detail.executionArn"), .. }`.
#[must_use]
pub fn from_event(path: &str) -> String {
    format!("<{path}>")
}

/// An event as text for EventBridge, and where it takes from its own event what stands for something in it.
#[derive(Debug)]
pub(super) struct EventTemplate {
    text: String,
    paths: BTreeMap<String, String>,
}

impl EventTemplate {
    pub(super) fn new(event: &impl Serialize) -> Result<Self, String> {
        let event = serde_json::to_value(event).map_err(|error| error.to_string())?;
        let mut paths = BTreeMap::new();
        collect(&event, &mut paths);
        let mut text = event.to_string();
        for (variable, path) in &paths {
            // EventBridge puts texts into quotes itself where the placeholder has none.
            text = text.replace(&format!("\"<{path}>\""), &format!("<{variable}>"));
        }
        let paths = paths
            .into_iter()
            .map(|(variable, path)| (variable, format!("$.{path}")))
            .collect();
        Ok(Self { text, paths })
    }

    pub(super) fn property(&self) -> InputTransformer {
        let transformer = InputTransformer::new();
        let transformer = if self.paths.is_empty() {
            transformer
        } else {
            transformer.input_paths_map(self.paths.clone())
        };
        transformer.input_template(self.text.as_str())
    }
}

/// Variables by what their paths are called: EventBridge takes letters, digits, `_` and `-`.
fn collect(event: &Json, paths: &mut BTreeMap<String, String>) {
    match event {
        Json::String(text) => {
            if let Some(path) = placeholder(text) {
                paths.insert(path.replace('.', "_"), path.to_owned());
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, paths)),
        Json::Object(members) => members.values().for_each(|member| collect(member, paths)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn placeholder(text: &str) -> Option<&str> {
    let path = text.strip_prefix('<')?.strip_suffix('>')?;
    let letters = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    (!path.is_empty() && path.chars().all(letters)).then_some(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_for_something_is_not_quoted() {
        let event = json!({
            "execution": from_event("detail.executionArn"),
            "now": [SCHEDULED_TIME, "<not a place>"],
            "job": null
        });
        let template = EventTemplate::new(&event).unwrap();
        assert_eq!(
            template.text,
            r#"{"execution":<detail_executionArn>,"now":[<time>,"<not a place>"],"job":null}"#
        );
        let paths: Vec<_> = template.paths.values().map(String::as_str).collect();
        assert_eq!(paths, ["$.detail.executionArn", "$.time"]);
    }
}
