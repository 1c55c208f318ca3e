//! Variables and where they can be seen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value};

/// The variables of a machine, of a branch or of an iteration. Inner scopes read outer ones; an assignment is always to
/// the own scope, and goes with it.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    outer: Option<Rc<Self>>,
    own: RefCell<BTreeMap<String, Value>>,
}

impl Scope {
    pub(crate) fn inside(outer: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self {
            outer: Some(Rc::clone(outer)),
            own: RefCell::default(),
        })
    }

    pub(crate) fn assign(&self, variables: Map<String, Value>) {
        self.own.borrow_mut().extend(variables);
    }

    /// Calls back with the variable's value, if there is one.
    pub(crate) fn with<R>(&self, name: &str, read: impl FnOnce(&Value) -> R) -> Option<R> {
        if let Some(value) = self.own.borrow().get(name) {
            return Some(read(value));
        }
        self.outer.as_ref()?.with(name, read)
    }

    /// The variables of this scope alone.
    pub(crate) fn own(&self) -> BTreeMap<String, Value> {
        self.own.borrow().clone()
    }
}
