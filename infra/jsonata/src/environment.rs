//! What an expression can see.

use std::collections::BTreeMap;

use crate::Shape;

/// What an expression can see: `$states`, variables, and outside of Step Functions a document.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    pub(crate) document: Option<Shape>,
    pub(crate) variables: BTreeMap<String, Shape>,
}

impl Environment {
    /// Nothing but the built-in functions.
    pub fn new() -> Self {
        Self::default()
    }

    /// The reserved variable `$states`: an object with the members that there are in this place.
    #[must_use]
    pub fn states(self, states: Shape) -> Self {
        self.variable("states", states)
    }

    /// A variable; one that may not have been assigned may be undefined.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, shape: Shape) -> Self {
        self.variables.insert(name.into(), shape);
        self
    }

    /// The document that `$`, `$$` and unqualified names stand for. Step Functions has none.
    #[must_use]
    pub fn document(mut self, shape: Shape) -> Self {
        self.document = Some(shape);
        self
    }
}
