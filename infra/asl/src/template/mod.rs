//! State machines inside `CloudFormation` templates, SAM's included.

mod intrinsics;
mod placeholders;

pub use intrinsics::call;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Pointer;
use crate::check::{Finding, MachineType, NotChecked, Report, Schemas, Severity, check_as, code};
use crate::source::{self, Document};

/// A state machine of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// The logical id of the resource.
    pub logical_id: String,
    /// Whether it waits; Standard where only the deployment knows.
    pub machine_type: MachineType,
    /// Where the definition is, in the resource: `/Properties/Definition`.
    pub place: Pointer,
    content: Content,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    /// The definition, as far as the template says it.
    Definition {
        json: Value,
        duplicates: Vec<Pointer>,
        /// `${Name}`s that nothing replaces.
        unreplaced: Vec<String>,
        /// Parts that depend on the deployment.
        open: Vec<NotChecked>,
    },
    /// It is not in the template, or nothing that can be read without a deployment.
    Elsewhere(&'static str),
    /// It is a text and no JSON.
    Broken(String),
    /// There is none.
    Missing,
}

/// A type of resource that holds a definition, and the properties that may.
struct Kind {
    name: &'static str,
    machine_type: &'static str,
    places: &'static [(&'static str, Form)],
}

#[derive(Clone, Copy)]
enum Form {
    Object,
    Text,
    /// A file or an S3 object.
    Reference,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "AWS::StepFunctions::StateMachine",
        machine_type: "StateMachineType",
        places: &[
            ("Definition", Form::Object),
            ("DefinitionString", Form::Text),
            ("DefinitionS3Location", Form::Reference),
        ],
    },
    Kind {
        name: "AWS::Serverless::StateMachine",
        machine_type: "Type",
        places: &[
            ("Definition", Form::Object),
            ("DefinitionUri", Form::Reference),
        ],
    },
];

/// Whether resources of a type hold a definition.
pub fn is_machine(resource_type: &str) -> bool {
    KINDS.iter().any(|kind| kind.name == resource_type)
}

/// The state machines of a template, in its order.
///
/// Functions of `CloudFormation` inside a definition become text: `Ref` of a function is `${Function}` from then on, as it is in
/// `Fn::Sub`. Substitutions with known values are made.
pub fn machines(template: &Value) -> Vec<Machine> {
    let resources = template.get("Resources").and_then(Value::as_object);
    let read = |(id, resource): (&String, &Value)| {
        let name = resource.get("Type")?.as_str()?;
        let kind = KINDS.iter().find(|kind| kind.name == name)?;
        Some(Machine::read(id, kind, resource))
    };
    resources.into_iter().flatten().filter_map(read).collect()
}

/// The state machines of a template that was read from text, with the keys that their definitions have twice.
pub fn machines_of(document: &Document) -> Vec<Machine> {
    let mut found = machines(&document.value);
    for machine in &mut found {
        let resource = Pointer::root()
            .member("Resources")
            .member(&machine.logical_id);
        let place = resource.join(&machine.place);
        if let Content::Definition { duplicates, .. } = &mut machine.content {
            let inside = document.duplicates.iter();
            duplicates.extend(inside.filter_map(|pointer| pointer.inside(&place)));
        }
    }
    found
}

impl Machine {
    fn read(id: &str, kind: &Kind, resource: &Value) -> Self {
        let empty = Map::new();
        let properties = resource.get("Properties").and_then(Value::as_object);
        let properties = properties.unwrap_or(&empty);
        let place = Pointer::root().member("Properties");
        let machine_type = match properties.get(kind.machine_type).and_then(Value::as_str) {
            Some("EXPRESS") => MachineType::Express,
            _ => MachineType::Standard,
        };
        let found = kind
            .places
            .iter()
            .find_map(|(name, form)| Some((name, form, properties.get(*name)?)));
        let Some((name, form, value)) = found else {
            return Self {
                logical_id: id.to_owned(),
                machine_type,
                place,
                content: Content::Missing,
            };
        };
        let substitutions = substitutions(properties);
        let content = match form {
            Form::Object => object(value, &substitutions),
            Form::Text => text(value, &substitutions),
            Form::Reference => {
                Content::Elsewhere("the definition is in another file; check that file itself")
            }
        };
        Self {
            logical_id: id.to_owned(),
            machine_type,
            place: place.member(name),
            content,
        }
    }

    /// The definition, as far as the template says it.
    pub fn definition(&self) -> Option<&Value> {
        match &self.content {
            Content::Definition { json, .. } => Some(json),
            Content::Elsewhere(_) | Content::Broken(_) | Content::Missing => None,
        }
    }

    /// Why there is no definition to be read, where there is none.
    pub fn unread(&self) -> Option<String> {
        match &self.content {
            Content::Definition { .. } => None,
            Content::Elsewhere(reason) => Some((*reason).to_owned()),
            Content::Broken(problem) => Some(format!("the definition is {problem}")),
            Content::Missing => Some("there is no definition".to_owned()),
        }
    }

    /// Checks the definition. Pointers are relative to the resource: `/Properties/Definition/States/Submit`.
    pub fn check(&self, schemas: &Schemas) -> Report {
        match &self.content {
            Content::Definition { json, duplicates, unreplaced, open } => {
                let mut report = check_as(self.machine_type, json, schemas);
                report.add_duplicates(duplicates);
                report.not_checked.extend_from_slice(open);
                report.move_under(&self.place);
                report.findings.extend(unreplaced.iter().map(|name| self.unreplaced(name)));
                report.findings.sort();
                report
            }
            Content::Elsewhere(reason) => Report {
                not_checked: vec![NotChecked {
                    pointer: self.place.clone(),
                    reason: (*reason).to_owned(),
                }],
                ..Report::default()
            },
            Content::Broken(problem) => self.only(
                format!("the definition is {problem}"),
                "write the definition as an object in `Definition`, which has no quoting to get wrong",
            ),
            Content::Missing => self.only(
                "a state machine without a definition".to_owned(),
                "add `Definition`",
            ),
        }
    }

    fn only(&self, message: String, help: &str) -> Report {
        Report {
            findings: vec![Finding {
                pointer: self.place.clone(),
                code: code::STRUCTURE,
                severity: Severity::Error,
                message,
                help: help.to_owned(),
            }],
            ..Report::default()
        }
    }

    fn unreplaced(&self, name: &str) -> Finding {
        Finding {
            pointer: self.place.clone(),
            code: code::PLACEHOLDER,
            severity: Severity::Warning,
            message: format!("nothing replaces `${{{name}}}`"),
            help: format!("add `{name}` to `DefinitionSubstitutions`"),
        }
    }
}

/// What a deployment puts in place of `${Name}`; none where only it knows.
type Substitutions = BTreeMap<String, Option<String>>;

fn substitutions(properties: &Map<String, Value>) -> Substitutions {
    let entries = properties
        .get("DefinitionSubstitutions")
        .and_then(Value::as_object);
    let read = |(name, value): (&String, &Value)| (name.clone(), literal(value));
    entries.into_iter().flatten().map(read).collect()
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn object(value: &Value, substitutions: &Substitutions) -> Content {
    let mut lowered = intrinsics::lower(value);
    if !lowered.value.is_object() || intrinsics::is_call(value) {
        return Content::Elsewhere("only the deployment knows the definition");
    }
    let unreplaced = placeholders::unreplaced(value, substitutions);
    placeholders::replace_all(&mut lowered.value, substitutions);
    Content::Definition {
        json: lowered.value,
        duplicates: Vec::new(),
        unreplaced,
        open: lowered.open,
    }
}

fn text(value: &Value, substitutions: &Substitutions) -> Content {
    let Some(text) = intrinsics::text(value) else {
        return Content::Elsewhere("only the deployment knows the text of the definition");
    };
    let unreplaced = placeholders::unreplaced(value, substitutions);
    let text = placeholders::replace(&text, substitutions);
    match source::read_json(&placeholders::quote(&text)) {
        Ok(document) => Content::Definition {
            json: document.value,
            duplicates: document.duplicates,
            unreplaced,
            open: Vec::new(),
        },
        Err(error) => Content::Broken(error.to_string()),
    }
}
