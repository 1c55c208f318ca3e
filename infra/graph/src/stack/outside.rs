//! What a template names and does not contain.

use super::template::arn;
use super::verb::service_name;
use crate::look::Look;
use crate::words::{shortened, without_holes};

const MOST_LETTERS: usize = 60;

/// Something outside the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outside {
    pub(super) look: Look,
    pub(super) title: String,
    pub(super) notes: Vec<String>,
}

impl Outside {
    /// What an arrow of data ends at. None when nothing is said about it.
    pub(super) fn named(text: &str) -> Option<Self> {
        if text.is_empty() || text == "{…}" {
            return None;
        }
        Some(match arn(text) {
            Some((service, resource)) => Self::of(service, resource),
            None => Self::of("", text),
        })
    }

    /// What an action is allowed on. The service says more than `*`.
    pub(super) fn allowed(text: &str, action: &str) -> Option<Self> {
        let (service, resource) = match arn(text) {
            Some(parts) => parts,
            None => (action.split_once(':')?.0, text),
        };
        let resource = resource.trim_end_matches("/*");
        Some(match resource {
            "*" | "" | "{…}" => Self {
                look: look(service),
                title: service_name(service),
                notes: vec!["any resource".to_owned()],
            },
            resource => Self::of(service, resource),
        })
    }

    fn of(service: &str, resource: &str) -> Self {
        let (group, name) = match resource.split_once('/') {
            Some((group, name)) if service == "bedrock" => (group, name),
            _ => ("", resource),
        };
        let mut notes = Vec::new();
        let said = format!("{} {}", service_name(service), group.replace('-', " "));
        if !said.trim().is_empty() {
            notes.push(said.trim().to_owned());
        }
        Self {
            look: look(service),
            title: shortened(&without_holes(name), MOST_LETTERS),
            notes,
        }
    }

    /// Two mentions of the same are one node.
    pub(super) fn key(&self) -> String {
        // No logical id has a space.
        format!("outside {} {}", self.notes.join(" "), self.title)
    }
}

fn look(service: &str) -> Look {
    match service {
        "" => Look::Outside,
        _ => Look::Service,
    }
}
