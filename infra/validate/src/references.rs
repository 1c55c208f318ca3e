//! Who refers to whom: what [`crate::intrinsics`] collects on its way.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(crate) struct References<'a> {
    /// From resource to resource, with the first path that makes the edge.
    pub(crate) resources: Edges<'a>,
    /// From condition to condition.
    pub(crate) conditions: Edges<'a>,
    /// The parameters that something refers to.
    pub(crate) parameters: BTreeSet<&'a str>,
}

pub(crate) type Edges<'a> = BTreeMap<(&'a str, &'a str), String>;
