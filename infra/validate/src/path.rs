//! Where in a template a check is. A chain on the stack: nothing is allocated until there is something to report.

use std::fmt;

#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    Template,
    Resource(&'p str),
    Key(&'p Self, &'p str),
    /// A member of a map: the template's author chose its name, so the name says nothing about the value.
    Entry(&'p Self, &'p str),
    Index(&'p Self, usize),
}

impl<'p> Path<'p> {
    pub(crate) fn key(&'p self, name: &'p str) -> Self {
        Path::Key(self, name)
    }

    pub(crate) fn entry(&'p self, name: &'p str) -> Self {
        Path::Entry(self, name)
    }

    pub(crate) fn index(&'p self, index: usize) -> Self {
        Path::Index(self, index)
    }

    pub(crate) fn logical_id(&self) -> Option<&'p str> {
        match self {
            Path::Template => None,
            Path::Resource(id) => Some(id),
            Path::Key(parent, _) | Path::Entry(parent, _) | Path::Index(parent, _) => {
                parent.logical_id()
            }
        }
    }

    /// The name of the nearest property: list indices, members of maps and intrinsics do not count.
    pub(crate) fn property(&self) -> &'p str {
        match self {
            Path::Key(parent, name) if name.starts_with("Fn::") => parent.property(),
            Path::Key(_, name) => name,
            Path::Entry(parent, _) | Path::Index(parent, _) => parent.property(),
            Path::Template | Path::Resource(_) => "",
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parent, last): (&Path<'_>, &dyn fmt::Display) = match self {
            Path::Template | Path::Resource(_) => return Ok(()),
            Path::Key(parent, name) | Path::Entry(parent, name) => (parent, name),
            Path::Index(parent, index) => (parent, index),
        };
        match parent {
            Path::Template | Path::Resource(_) => write!(formatter, "{last}"),
            _ => write!(formatter, "{parent}.{last}"),
        }
    }
}
