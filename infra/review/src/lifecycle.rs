//! What the specification knows of a type's life.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model::Replacement;

/// Lifecycles of types, each looked up once.
#[derive(Debug, Default)]
pub(crate) struct Lifecycles {
    known: RefCell<BTreeMap<String, Rc<Lifecycle>>>,
}

/// What is known of a type; nothing of those that no source lists.
#[derive(Debug)]
pub(crate) struct Lifecycle(Option<spec::Lifecycle>);

impl Lifecycles {
    pub(crate) fn of(&self, kind: &str) -> Rc<Lifecycle> {
        if let Some(known) = self.known.borrow().get(kind) {
            return Rc::clone(known);
        }
        let found = Rc::new(Lifecycle(spec::Lifecycles::embedded().of(kind)));
        self.known
            .borrow_mut()
            .insert(kind.to_owned(), Rc::clone(&found));
        found
    }
}

impl Lifecycle {
    /// What is lost with a resource of the type; nothing when its template brings all of it back.
    pub(crate) fn loss(&self) -> Option<&str> {
        self.0.as_ref()?.loss.as_deref()
    }

    /// Whether a change at a place replaces the resource, and why. A place within a create-only property counts, and so does
    /// one around it: then the property comes or goes.
    pub(crate) fn replacement(&self, plain: &str) -> (Replacement, &'static str) {
        let Some(known) = &self.0 else {
            return (
                Replacement::May,
                "no source knows the type: it may be replaced, or not",
            );
        };
        let touches = |path: &String| within(path, plain) || within(plain, path);
        if known.create_only.iter().any(touches) {
            return (
                Replacement::Will,
                "the service cannot change it: a new resource takes its place",
            );
        }
        if known.conditional_create_only.iter().any(touches) {
            return (
                Replacement::May,
                "whether the service can change it depends on the values",
            );
        }
        if known.disputed_create_only.iter().any(touches) {
            return (
                Replacement::May,
                "sources disagree on whether the service can change it",
            );
        }
        (Replacement::None, "")
    }
}

/// Whether `inner` is at or below `outer`.
fn within(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
