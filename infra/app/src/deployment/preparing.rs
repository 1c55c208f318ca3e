//! From what was typed to a checked template, its packages and its parameters. Nothing is sent to AWS.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use constructs::{assets, deployed_name};
use deploy::Settings;
use package::Asset;
use serde_json::Value;

use super::Deployment;
use crate::CommandError;
use crate::cli::{BuildArguments, StackArguments, TargetArguments};
use crate::error::file;
use crate::packaging;
use crate::stacks::Definition;
use crate::synthesis::{self, Lines, Start, read_back, synthesize};
use crate::terminal::Terminal;

/// A stack that is ready to be planned.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) definition: &'static Definition,
    pub(crate) stack_name: String,
    /// The template as it is sent.
    pub(crate) json: String,
    /// The same, read.
    pub(crate) template: Value,
    /// Lines of Rust that declare the resources, by logical id.
    pub(crate) lines: Lines,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) settings: Settings,
}

impl Prepared {
    pub(crate) fn of(
        definition: &'static Definition,
        arguments: &StackArguments,
        target: &TargetArguments,
        terminal: Terminal,
    ) -> Result<Self, CommandError> {
        let synthesized = synthesize(definition)?;
        let stack_name = arguments.stack_name.as_deref().unwrap_or(definition.name);
        deployed_name::check(&synthesized.document, stack_name)?;
        let Start {
            json,
            mut parameters,
            missing,
        } = synthesis::start(definition, &synthesized, target.local)?;
        for missing in missing {
            terminal.say(&format!("not on the local AWS: {missing}"));
        }
        if let Some(path) = &arguments.parameter_file {
            parameters.extend(from_file(path)?);
        }
        parameters.extend(arguments.parameters.iter().cloned());
        let prepared = Self {
            definition,
            stack_name: stack_name.to_owned(),
            template: read_back(definition, &json)?,
            json,
            lines: synthesized.lines(),
            parameters,
            settings: Settings {
                tags: arguments.tags.iter().cloned().collect(),
                role: arguments.role_arn.clone(),
                notifications: arguments.notifications.iter().cloned().collect(),
            },
        };
        // Who else has a value is only known when the deployed stack was looked at.
        prepared.check_parameters(|_| true)?;
        Ok(prepared)
    }

    /// Those of some packages that are the stack's own.
    pub(crate) fn own(&self, packages: &[Asset]) -> Vec<Asset> {
        let functions = self.definition.functions;
        let own = packages.iter();
        own.filter(|package| functions.contains(&package.function.as_str()))
            .cloned()
            .collect()
    }

    pub(crate) fn with<'a>(&'a self, assets: &'a [Asset]) -> Deployment<'a> {
        Deployment {
            definition: self.definition,
            stack_name: &self.stack_name,
            template: self.json.clone(),
            assets,
            parameters: self.parameters.clone(),
            settings: self.settings.clone(),
        }
    }

    /// Holds the parameters against the template, before CloudFormation does. `kept` are those that the deployed stack has a
    /// value for.
    pub(crate) fn check_parameters(&self, kept: impl Fn(&str) -> bool) -> Result<(), CommandError> {
        let functions = self.definition.functions.iter();
        let keys: Vec<String> = functions
            .map(|function| assets::code_key_parameter(function))
            .collect();
        let is_filled_in = |name: &str| {
            kept(name) || name == assets::BUCKET_PARAMETER || keys.iter().any(|key| key == name)
        };
        let problems = validate::parameter_values(&self.template, &self.parameters, is_filled_in);
        if problems.is_empty() {
            return Ok(());
        }
        Err(CommandError::Parameters {
            stack: self.definition.name.to_owned(),
            problems: problems.join("\n"),
        })
    }
}

/// Builds the functions of all these stacks at once, each of them once.
pub(crate) fn package(
    stacks: &[Prepared],
    build: &BuildArguments,
    target: &TargetArguments,
    terminal: Terminal,
) -> Result<Vec<Asset>, CommandError> {
    let functions = stacks.iter().flat_map(|stack| stack.definition.functions);
    let functions: BTreeSet<&str> = functions.copied().collect();
    if functions.is_empty() {
        return Ok(Vec::new());
    }
    let functions: Vec<&str> = functions.into_iter().collect();
    let local = BuildArguments::local();
    let build = if target.local { &local } else { build };
    packaging::package(&functions, build, terminal)
}

/// An object of texts, numbers and truth values.
fn from_file(path: &Path) -> Result<BTreeMap<String, String>, CommandError> {
    let text = std::fs::read_to_string(path).map_err(file("read", path))?;
    let refused = |problem: String| CommandError::UnreadableParameters {
        path: path.display().to_string(),
        problem,
    };
    let document = asl::source::read(&text).map_err(|error| refused(error.to_string()))?;
    let Value::Object(members) = document.value else {
        return Err(refused("it is no object of names and values".to_owned()));
    };
    let value = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Number(_) | Value::Bool(_) => Ok((name, value.to_string())),
        _ => Err(refused(format!(
            "`{name}` is neither a text, nor a number, nor true or false; write lists as \"a,b\""
        ))),
    };
    members.into_iter().map(value).collect()
}
