//! Values with the functions among them, and the variables that an expression binds itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jsonata_core::ast::AstNode;

use super::At;
use crate::Shape;
use crate::functions::Function;

/// What an expression yields: a shape, and the function it is where that is known.
#[derive(Clone)]
pub(super) struct Value<'a> {
    pub(super) shape: Shape,
    pub(super) callable: Option<Callable<'a>>,
}

/// A function that can be called.
#[derive(Clone)]
pub(super) enum Callable<'a> {
    /// One that the expression defines.
    Closure(Rc<Closure<'a>>),
    /// One of the table.
    Builtin(&'static Function),
    /// One that is not followed, and why.
    Opaque(&'static str),
}

/// A function that the expression defines, with what it sees.
pub(super) struct Closure<'a> {
    pub(super) parameters: &'a [String],
    pub(super) body: &'a AstNode,
    pub(super) at: At<'a>,
}

/// Variables, those of the blocks around included.
pub(super) struct Scope<'a> {
    parent: Option<Rc<Self>>,
    names: RefCell<BTreeMap<String, Value<'a>>>,
}

impl<'a> Value<'a> {
    pub(super) fn function(callable: Callable<'a>) -> Self {
        Self {
            shape: Shape::function(),
            callable: Some(callable),
        }
    }

    pub(super) fn join(self, other: Self) -> Self {
        let shape = self.shape.join(&other.shape);
        let callable = match (self.callable, other.callable) {
            (None, None) => None,
            (Some(one), None) if other.shape.is_undefined() => Some(one),
            _ => Some(Callable::Opaque("either of two functions is called")),
        };
        Self { shape, callable }
    }
}

impl From<Shape> for Value<'_> {
    fn from(shape: Shape) -> Self {
        Self {
            shape,
            callable: None,
        }
    }
}

impl<'a> Scope<'a> {
    pub(super) fn outermost() -> Rc<Self> {
        Rc::new(Self {
            parent: None,
            names: RefCell::default(),
        })
    }

    pub(super) fn inside(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self {
            parent: Some(Rc::clone(parent)),
            names: RefCell::default(),
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<Value<'a>> {
        let found = self.names.borrow().get(name).cloned();
        found.or_else(|| self.parent.as_ref()?.get(name))
    }

    pub(super) fn set(&self, name: &str, value: Value<'a>) {
        self.names.borrow_mut().insert(name.to_owned(), value);
    }

    /// All names, for suggestions.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.names.borrow().keys().cloned().collect();
        if let Some(parent) = &self.parent {
            names.extend(parent.names());
        }
        names
    }
}
