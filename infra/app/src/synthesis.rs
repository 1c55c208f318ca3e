//! From a stack's source to a checked template.

use std::collections::BTreeMap;

use cfn::Document;
use constructs::LeftOut;
use validate::{Severity, SourceLine, Sources};

use crate::CommandError;
use crate::stacks::Definition;

/// A template that passed validation.
#[derive(Debug)]
pub struct Synthesized {
    /// The template.
    pub document: Document,
    /// What validation advises against; nothing that CloudFormation would refuse.
    pub warnings: Vec<validate::Finding>,
    /// Which line of Rust made which resource.
    pub sources: Sources,
}

/// Describes the stack, writes its template and holds it against the specification.
///
/// # Errors
/// When the description is inconsistent or the template would be refused; each finding names its source line.
pub fn synthesize(definition: &Definition) -> Result<Synthesized, CommandError> {
    let mut stack = (definition.describe)();
    let sources = sources(&mut stack);
    let document = stack.synthesize().map_err(|error| CommandError::Synth {
        stack: definition.name.to_owned(),
        message: error.to_string(),
    })?;
    let warnings = check(definition, &document, &sources)?;
    Ok(Synthesized {
        document,
        warnings,
        sources,
    })
}

/// A template as a local AWS takes it.
#[derive(Debug)]
pub struct LocalTemplate {
    /// The template, JSON.
    pub json: String,
    /// How many resources it has.
    pub resources: usize,
    /// What it lacks, each with the reason.
    pub left_out: Vec<LeftOut>,
}

impl LocalTemplate {
    /// What it lacks: a line per reason, with the resources it is about.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let mut by_reason: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for each in &self.left_out {
            by_reason
                .entry((&each.resource_type, each.reason))
                .or_default()
                .push(&each.logical_id);
        }
        by_reason
            .into_iter()
            .map(|((kind, reason), names)| format!("{kind} ({}): {reason}", names.join(", ")))
            .collect()
    }
}

/// The template without what the local AWS does not host.
///
/// # Errors
/// When something that stays refers to something that does not.
pub fn local(
    definition: &Definition,
    synthesized: &Synthesized,
) -> Result<LocalTemplate, CommandError> {
    let (document, left_out) =
        constructs::local_variant(&synthesized.document).map_err(|error| CommandError::Synth {
            stack: definition.name.to_owned(),
            message: error.to_string(),
        })?;
    Ok(LocalTemplate {
        json: document.to_json(),
        resources: document.resources().count(),
        left_out,
    })
}

fn sources(stack: &mut constructs::Stack) -> Sources {
    stack
        .template()
        .resources()
        .map(|entry| {
            (
                entry.logical_id().to_string(),
                SourceLine::from(entry.location()),
            )
        })
        .collect()
}

type Findings = Vec<validate::Finding>;

/// Holds a template against the specification: the warnings, when there are no errors.
pub(crate) fn check(
    definition: &Definition,
    document: &Document,
    sources: &Sources,
) -> Result<Findings, CommandError> {
    let template = json(definition, document)?;
    let (errors, warnings): (Findings, Findings) = validate::validate(&template, sources)
        .into_iter()
        .partition(|finding| finding.severity == Severity::Error);
    if errors.is_empty() {
        Ok(warnings)
    } else {
        Err(invalid(definition, &errors))
    }
}

/// A template as other crates read it.
pub(crate) fn json(
    definition: &Definition,
    document: &Document,
) -> Result<serde_json::Value, CommandError> {
    serde_json::from_str(&document.to_json()).map_err(|error| CommandError::Synth {
        stack: definition.name.to_owned(),
        message: format!("its JSON cannot be read back: {error}"),
    })
}

fn invalid(definition: &Definition, findings: &[validate::Finding]) -> CommandError {
    CommandError::InvalidTemplate {
        stack: definition.name.to_owned(),
        findings: validate::render(findings),
    }
}
