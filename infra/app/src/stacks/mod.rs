//! The stacks of this workspace, one file per system.

pub mod batch;
mod book_queries;
mod operations;
pub mod vision;

use std::collections::BTreeMap;

use constructs::{Stack, View};

use crate::CommandError;

/// A stack that can be synthesized and deployed by name.
#[derive(Debug)]
pub struct Definition {
    /// What it is called on the command line, and deployed as unless told otherwise.
    pub name: &'static str,
    /// The function crates whose packages its template takes as parameters.
    pub functions: &'static [&'static str],
    /// Describes it.
    pub describe: fn() -> Stack,
    /// Its views, for an Athena that knows none.
    pub views: fn() -> Vec<View>,
    /// Template parameters for a local AWS, where nobody wants to wait as long as in the cloud.
    pub local_parameters: &'static [(&'static str, &'static str)],
}

impl Definition {
    /// The parameters of a local deployment.
    #[must_use]
    pub fn local_parameters(&self) -> BTreeMap<String, String> {
        self.local_parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }
}

/// Every stack, in the order in which `infra synth` writes them.
pub static ALL: [Definition; 2] = [
    Definition {
        name: "vision",
        functions: &["unzip", "extract", "compact"],
        describe: vision::vision,
        views: vision::views,
        local_parameters: &[("ImageRetryDelay", "5")],
    },
    Definition {
        name: "batch",
        functions: &[
            "validate-run",
            "preprocess",
            "submit-job",
            "track-job",
            "reconcile-jobs",
            "stop-jobs",
            "invoke-records",
            "postprocess",
            "report-run",
        ],
        describe: batch::batch,
        views: Vec::new,
        local_parameters: &[("ReconcileMinutes", "2")],
    },
];

/// The stack of a name.
///
/// # Errors
/// When there is none; the error lists those there are.
pub fn find(name: &str) -> Result<&'static Definition, CommandError> {
    let known = || {
        ALL.iter()
            .map(|definition| definition.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    ALL.iter()
        .find(|definition| definition.name == name)
        .ok_or_else(|| CommandError::UnknownStack {
            name: name.to_owned(),
            known: known(),
        })
}

/// The function crates of all stacks.
#[must_use]
pub fn functions() -> Vec<&'static str> {
    let functions: std::collections::BTreeSet<_> = ALL
        .iter()
        .flat_map(|definition| definition.functions)
        .copied()
        .collect();
    functions.into_iter().collect()
}
