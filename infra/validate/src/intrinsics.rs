//! Walks every value of the template that CloudFormation evaluates: are its intrinsic functions well formed, and do the
//! names in them exist?

use asl::template::call;
use serde_json::{Map, Value};

use crate::arguments::{self, Surroundings};
use crate::code;
use crate::expression::{Referent, get_att};
use crate::findings::Findings;
use crate::names::PSEUDO_PARAMETERS;
use crate::path::Path;
use crate::references::References;
use crate::substitution;
use crate::template::{Resource, Template};

/// Reports what is wrong, and returns who refers to whom.
pub(crate) fn check<'a>(template: &Template<'a>, findings: &mut Findings) -> References<'a> {
    let mut walker = Walker {
        template,
        findings,
        references: References::default(),
        origin: Origin::Other,
    };
    walker.conditions();
    walker.resources();
    walker.outputs();
    walker.rules();
    walker.references
}

pub(crate) struct Walker<'w, 'a> {
    pub(crate) template: &'w Template<'a>,
    pub(crate) findings: &'w mut Findings,
    pub(crate) references: References<'a>,
    pub(crate) origin: Origin<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin<'a> {
    Resource(&'a str),
    Condition(&'a str),
    Other,
}

impl<'a> Walker<'_, 'a> {
    fn conditions(&mut self) {
        let section = Path::Template.key("Conditions");
        for (name, condition) in &self.template.conditions {
            self.origin = Origin::Condition(name);
            self.value(condition, section.key(name));
        }
    }

    fn resources(&mut self) {
        for resource in self.template.resources.values() {
            self.origin = Origin::Resource(resource.id);
            self.resource(resource);
        }
    }

    fn resource(&mut self, resource: &Resource<'a>) {
        let path = Path::Resource(resource.id);
        for part in ["Properties", "Metadata", "UpdatePolicy", "CreationPolicy"] {
            if let Some(value) = resource.value.get(part) {
                self.value(value, path.key(part));
            }
        }
        if let Some(value) = resource.value.get("DependsOn") {
            self.depends_on(value, path.key("DependsOn"));
        }
    }

    fn outputs(&mut self) {
        self.origin = Origin::Other;
        let section = Path::Template.key("Outputs");
        for (name, output) in &self.template.outputs {
            let output_path = section.key(name);
            for part in ["Value", "Export"] {
                if let Some(value) = output.get(part) {
                    self.value(value, output_path.key(part));
                }
            }
        }
    }

    /// `Rules` have functions of their own; only the parameters they use are of interest.
    fn rules(&mut self) {
        let Some(rules) = self.template.value.get("Rules") else {
            return;
        };
        self.findings
            .not_checked(Path::Template.key("Rules"), "the assertions of rules");
        let mut pending = vec![rules];
        while let Some(value) = pending.pop() {
            if let Some(("Ref", Value::String(name))) = call(value) {
                self.references.parameters.insert(name);
            }
            match value {
                Value::Array(items) => pending.extend(items),
                Value::Object(entries) => pending.extend(entries.values()),
                _ => {}
            }
        }
    }

    pub(crate) fn value(&mut self, value: &'a Value, path: Path<'_>) {
        match value {
            Value::Null => {
                let help = "leave the property out, or use `AWS::NoValue`";
                self.findings
                    .error(code::NULL, path, "CloudFormation refuses null", help);
            }
            Value::String(text) => self.text(text, path),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, path.index(index));
                }
            }
            Value::Object(entries) => match call(value) {
                Some((name, arguments)) => self.call(name, arguments, path),
                None => self.entries(entries, path),
            },
            Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str, path: Path<'_>) {
        if let Some(name) =
            substitution::variables(text).find(|name| PSEUDO_PARAMETERS.contains(name))
        {
            self.findings.error(
                code::MISSING_SUB,
                path,
                format!("`${{{name}}}` is replaced only inside `Fn::Sub`"),
                "wrap the text in `Fn::Sub`",
            );
        }
    }

    fn entries(&mut self, entries: &'a Map<String, Value>, path: Path<'_>) {
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("Condition", Value::String(name)) if self.in_conditions() => {
                    self.condition(name, path.key("Condition"));
                }
                ("Fn::Transform", _) => {}
                (key, _) if key.starts_with("Fn::ForEach::") => {
                    self.findings
                        .not_checked(path.key(key), "what a loop expands to");
                }
                (key, _) if key.starts_with("Fn::") => {
                    let message = format!("`{key}` has other keys beside it");
                    let help = "an intrinsic function is an object with one key";
                    self.findings.error(code::INTRINSIC, path, message, help);
                }
                (key, value) => self.value(value, path.key(key)),
            }
        }
    }

    fn call(&mut self, name: &'a str, arguments: &'a Value, path: Path<'_>) {
        let around = Surroundings {
            in_conditions: self.in_conditions(),
            language_extensions: self.template.value.get("Transform").is_some(),
        };
        if let Some(problem) = arguments::problem(name, arguments, around) {
            let help = "see the reference of intrinsic functions of CloudFormation";
            self.findings.error(code::INTRINSIC, path, problem, help);
            return;
        }
        let path = path.key(name);
        match (name, arguments) {
            ("Ref", Value::String(target)) => self.reference(target, path),
            ("Fn::GetAtt", _) => self.get_att(arguments, path),
            ("Fn::Sub", _) => self.sub(arguments, path),
            ("Fn::If", Value::Array(list)) => self.if_else(list, path),
            ("Fn::FindInMap", Value::Array(list)) => self.find_in_map(list, path),
            ("Fn::Transform", _) => self.findings.not_checked(path, "what a macro returns"),
            _ => self.value(arguments, path),
        }
    }

    fn get_att(&mut self, arguments: &'a Value, path: Path<'_>) {
        if let Some(referent) = get_att(arguments) {
            return self.attribute(referent, path);
        }
        match arguments.as_array().map(Vec::as_slice) {
            Some([Value::String(id), attribute @ Value::Object(_)]) => {
                self.attribute(
                    Referent {
                        id,
                        attribute: None,
                    },
                    path,
                );
                self.value(attribute, path.index(1));
            }
            _ => self.findings.error(
                code::INTRINSIC,
                path,
                "`Fn::GetAtt` takes the name of a resource and of an attribute",
                "write [\"Resource\", \"Attribute\"] or \"Resource.Attribute\"",
            ),
        }
    }

    fn sub(&mut self, arguments: &'a Value, path: Path<'_>) {
        let (text, given) = match arguments {
            Value::String(text) => (text, None),
            Value::Array(list) => match list.as_slice() {
                [Value::String(text), Value::Object(given)] => (text, Some(given)),
                _ => return self.malformed_sub(path),
            },
            _ => return self.malformed_sub(path),
        };
        for name in substitution::variables(text) {
            if !given.is_some_and(|given| given.contains_key(name)) {
                self.variable(name, path);
            }
        }
        for (name, value) in given.into_iter().flatten() {
            self.value(value, path.index(1).key(name));
            if !substitution::variables(text).any(|used| used == name) {
                let message = format!("the text does not use the variable `{name}`");
                self.findings.warning(
                    code::INTRINSIC,
                    path.index(1).key(name),
                    message,
                    "remove it",
                );
            }
        }
    }

    fn malformed_sub(&mut self, path: Path<'_>) {
        let message = "`Fn::Sub` takes a text, or a text and an object of variables";
        let help = "write \"text\" or [\"text\", {\"Name\": value}]";
        self.findings.error(code::INTRINSIC, path, message, help);
    }

    fn variable(&mut self, name: &'a str, path: Path<'_>) {
        match name.split_once('.') {
            Some((id, attribute)) => {
                let attribute = Some(attribute);
                self.attribute(Referent { id, attribute }, path);
            }
            None => self.reference(name, path),
        }
    }

    fn if_else(&mut self, list: &'a [Value], path: Path<'_>) {
        if let Value::String(name) = &list[0] {
            self.condition(name, path.index(0));
        } else {
            let message = "the first argument of `Fn::If` is the name of a condition";
            let help = "name an entry of `Conditions`";
            self.findings
                .error(code::INTRINSIC, path.index(0), message, help);
        }
        self.value(&list[1], path.index(1));
        self.value(&list[2], path.index(2));
    }

    fn in_conditions(&self) -> bool {
        matches!(self.origin, Origin::Condition(_))
    }
}
