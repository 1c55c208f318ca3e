//! What the specification knows of a type's life.

use crate::model::Replacement;
use spec::{ResourceType, Specification};

/// What is known of a type; nothing of types that are not listed.
#[derive(Clone, Copy)]
pub(crate) struct Lifecycle(Option<&'static ResourceType>);

impl Lifecycle {
    pub(crate) fn of(kind: &str) -> Self {
        // A file of the specification that cannot be read is found by its own tests.
        Self(Specification::embedded().resource_type(kind).ok().flatten())
    }

    pub(crate) fn is_known(self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn holds_data(self) -> bool {
        self.0.is_some_and(|known| known.stateful)
    }

    /// Whether a change at a place replaces the resource. A place within a create-only property counts, and so does one around
    /// it: then the property comes or goes.
    pub(crate) fn replacement(self, plain: &str) -> Replacement {
        let Some(known) = self.0 else {
            return Replacement::May;
        };
        let touches = |path: &String| within(path, plain) || within(plain, path);
        if known.create_only.iter().any(touches) {
            return Replacement::Will;
        }
        if known.conditional_create_only.iter().any(touches) {
            return Replacement::May;
        }
        Replacement::None
    }
}

/// Whether `inner` is at or below `outer`.
fn within(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
