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

/// Lines of Rust that declare resources, as `file:line` by logical id.
pub(crate) type Lines = BTreeMap<String, String>;

impl Synthesized {
    /// The lines that declare the resources.
    pub(crate) fn lines(&self) -> Lines {
        let lines = self.sources.iter();
        lines
            .map(|(id, line)| (id.clone(), line.to_string()))
            .collect()
    }
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

/// What a deployment begins with.
#[derive(Debug)]
pub(crate) struct Start {
    /// The template, JSON.
    pub(crate) json: String,
    /// The parameters that the kind of target gives.
    pub(crate) parameters: BTreeMap<String, String>,
    /// What the template lacks there, a line per reason.
    pub(crate) missing: Vec<String>,
}

/// What a deployment begins with, on a local AWS or elsewhere.
pub(crate) fn start(
    definition: &Definition,
    synthesized: &Synthesized,
    on_local_aws: bool,
) -> Result<Start, CommandError> {
    if !on_local_aws {
        return Ok(Start {
            json: synthesized.document.to_json(),
            parameters: BTreeMap::new(),
            missing: Vec::new(),
        });
    }
    let local = local(definition, synthesized)?;
    Ok(Start {
        missing: local.missing(),
        json: local.json,
        parameters: definition.local_parameters(),
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
    read_back(definition, &document.to_json())
}

/// A template of ours that was written.
pub(crate) fn read_back(
    definition: &Definition,
    template: &str,
) -> Result<serde_json::Value, CommandError> {
    serde_json::from_str(template).map_err(|error| CommandError::Synth {
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
