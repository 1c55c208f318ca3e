//! Where findings go: nowhere while the data is still being followed.

use crate::Pointer;
use crate::check::findings::Findings;

/// Takes findings, unless it is muted.
pub(super) struct Sink<'f> {
    findings: &'f mut Findings,
    muted: usize,
}

impl<'f> Sink<'f> {
    pub(super) fn new(findings: &'f mut Findings) -> Self {
        Self { findings, muted: 0 }
    }

    pub(super) fn mute(&mut self) {
        self.muted += 1;
    }

    pub(super) fn unmute(&mut self) {
        self.muted -= 1;
    }

    pub(super) fn is_muted(&self) -> bool {
        self.muted > 0
    }

    pub(super) fn error(
        &mut self,
        pointer: &Pointer,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if !self.is_muted() {
            self.findings.error(pointer, code, message, help);
        }
    }

    pub(super) fn warning(
        &mut self,
        pointer: &Pointer,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if !self.is_muted() {
            self.findings.warning(pointer, code, message, help);
        }
    }

    pub(super) fn checked(&mut self) {
        if !self.is_muted() {
            self.findings.checked();
        }
    }

    pub(super) fn not_checked(&mut self, pointer: &Pointer, reason: impl Into<String>) {
        if !self.is_muted() {
            self.findings.not_checked(pointer, reason);
        }
    }
}
