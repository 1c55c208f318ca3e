//! Collects findings.

use super::{Finding, NotChecked, Report, Severity};
use crate::Pointer;

/// What has been found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    report: Report,
}

impl Findings {
    pub(crate) fn error(
        &mut self,
        pointer: &Pointer,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(pointer, code, Severity::Error, message, help);
    }

    pub(crate) fn warning(
        &mut self,
        pointer: &Pointer,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(pointer, code, Severity::Warning, message, help);
    }

    /// An expression or a path whose data was followed.
    pub(crate) fn checked(&mut self) {
        self.report.checked += 1;
    }

    pub(crate) fn not_checked(&mut self, pointer: &Pointer, reason: impl Into<String>) {
        self.report.not_checked.push(NotChecked {
            pointer: pointer.clone(),
            reason: reason.into(),
        });
    }

    pub(crate) fn report(mut self) -> Report {
        self.report.findings.sort();
        self.report.findings.dedup();
        self.report.not_checked.sort();
        self.report.not_checked.dedup();
        self.report
    }

    fn add(
        &mut self,
        pointer: &Pointer,
        code: &'static str,
        severity: Severity,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report.findings.push(Finding {
            pointer: pointer.clone(),
            code,
            severity,
            message: message.into(),
            help: help.into(),
        });
    }
}
