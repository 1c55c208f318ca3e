//! Resources that hold data: what happens to it must be a decision, not the default.

use crate::code;
use crate::findings::Findings;
use crate::path::Path;
use crate::template::Template;

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for resource in template.resources.values() {
        if !resource.model.is_some_and(|model| model.stateful) {
            continue;
        }
        let missing: Vec<_> = ["DeletionPolicy", "UpdateReplacePolicy"]
            .into_iter()
            .filter(|name| resource.value.get(name).is_none())
            .collect();
        if !missing.is_empty() {
            findings.warning(
                code::STATEFUL,
                Path::Resource(resource.id),
                format!(
                    "{} holds data and has no {}",
                    resource.kind,
                    missing.join(" and no ")
                ),
                "set Retain to keep the data, or Delete to say that it may go",
            );
        }
    }
}
