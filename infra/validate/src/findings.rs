//! Where the checks put what they find.

use crate::finding::{Coverage, Finding, NotChecked, Report, Severity, Sources};
use crate::path::Path;

#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) list: Vec<Finding>,
    coverage: Coverage,
}

impl Findings {
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        path: Path<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Severity::Error, code, path, message.into(), help.into());
    }

    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        path: Path<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Severity::Warning, code, path, message.into(), help.into());
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: Path<'_>,
        message: String,
        help: String,
    ) {
        self.list.push(Finding {
            logical_id: path.logical_id().map(str::to_owned),
            path: path.to_string(),
            code,
            severity,
            message,
            help,
            source: None,
        });
    }

    pub(crate) fn checked(&mut self) {
        self.coverage.checked += 1;
    }

    pub(crate) fn deferred(&mut self) {
        self.coverage.deferred += 1;
    }

    pub(crate) fn not_checked(&mut self, path: Path<'_>, reason: impl Into<String>) {
        self.coverage.not_checked.push(NotChecked {
            logical_id: path.logical_id().map(str::to_owned),
            path: path.to_string(),
            reason: reason.into(),
        });
    }

    pub(crate) fn report(mut self, sources: &Sources) -> Report {
        for finding in &mut self.list {
            let id = finding.logical_id.as_deref();
            finding.source = id.and_then(|id| sources.get(id)).cloned();
        }
        self.list.sort();
        self.list.dedup();
        self.coverage.not_checked.sort();
        Report {
            findings: self.list,
            coverage: self.coverage,
        }
    }
}
