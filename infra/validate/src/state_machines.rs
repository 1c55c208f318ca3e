//! State machines: their definitions are checked by `asl`, as far as the template says them.

use asl::check::Severity;
use asl::{Pointer, Schemas, template};

use crate::code;
use crate::findings::Findings;
use crate::path::Path;
use crate::template::Template;

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    for machine in template::machines(template.value) {
        let report = machine.check(&Schemas::default());
        let resource = Path::Resource(&machine.logical_id);
        for found in report.findings {
            let message = format!("{}: {}", found.code, found.message);
            at(resource, &found.pointer, |path| match found.severity {
                Severity::Error => findings.error(code::STATE_MACHINE, path, message, found.help),
                Severity::Warning => {
                    findings.warning(code::STATE_MACHINE_ADVICE, path, message, found.help);
                }
            });
        }
        for each in report.not_checked {
            at(resource, &each.pointer, |path| {
                findings.not_checked(path, each.reason);
            });
        }
    }
}

/// Does something at the place inside a resource that a pointer names.
fn at(resource: Path<'_>, pointer: &Pointer, act: impl FnOnce(Path<'_>)) {
    let segments: Vec<_> = pointer.segments().collect();
    descend(resource, &segments, act);
}

fn descend(path: Path<'_>, segments: &[String], act: impl FnOnce(Path<'_>)) {
    match segments {
        [] => act(path),
        [first, rest @ ..] => descend(path.key(first), rest, act),
    }
}
