//! Walks a resource's properties next to what the specification says about them.

use serde_json::{Map, Value};
use spec::{Object, ResourceType, Shape};

use crate::code;
use crate::expression::Expression;
use crate::findings::Findings;
use crate::object_rules;
use crate::path::Path;
use crate::patterns::Patterns;
use crate::policy;
use crate::relationship;
use crate::scalar;
use crate::template::{Resource, Template};

pub(crate) fn check(template: &Template<'_>, findings: &mut Findings) {
    let mut patterns = Patterns::default();
    for resource in template.resources.values() {
        let Some(model) = resource.model else {
            report_unknown_type(resource, findings);
            continue;
        };
        let mut walk = Walk {
            template,
            model,
            patterns: &mut patterns,
            findings,
        };
        let path = Path::Resource(resource.id);
        let none = Value::Object(Map::new());
        let properties = resource.properties().unwrap_or(&none);
        if let Some(properties) = properties.as_object() {
            walk.object(&model.root, properties, path.key("Properties"));
        }
    }
}

fn report_unknown_type(resource: &Resource<'_>, findings: &mut Findings) {
    let path = Path::Resource(resource.id);
    findings.not_checked(
        path,
        format!(
            "the specification does not have the type `{}`",
            resource.kind
        ),
    );
    let own = resource.kind.starts_with("Custom::")
        || resource.kind == "AWS::CloudFormation::CustomResource";
    if !own && !resource.kind.is_empty() {
        findings.warning(
            code::UNKNOWN_TYPE,
            path.key("Type"),
            format!("the specification does not have the type `{}`; its properties are not checked", resource.kind),
            "correct the name, or add it to infra/spec/types.txt and run `just spec` and `just codegen`",
        );
    }
}

/// A walk through the properties of one resource.
pub(crate) struct Walk<'w, 'a> {
    pub(crate) template: &'w Template<'a>,
    pub(crate) model: &'static ResourceType,
    pub(crate) patterns: &'w mut Patterns<'static>,
    pub(crate) findings: &'w mut Findings,
}

impl Walk<'_, '_> {
    fn object(&mut self, object: &'static Object, value: &Map<String, Value>, path: Path<'_>) {
        object_rules::check(object, value, path, self.findings);
        let at_root = std::ptr::eq(object, &raw const self.model.root);
        for (name, value) in value {
            let path = path.key(name);
            match object.properties.get(name) {
                Some(property) => self.shape(&property.shape, value, path),
                None if name.starts_with("Fn::") => {}
                None if at_root && self.model.attributes.contains_key(name) => {
                    self.read_only(name, path);
                }
                None => self.unknown_property(object, name, path),
            }
            if at_root && self.model.deprecated.contains(name) {
                let message = format!("`{name}` is deprecated");
                self.findings.warning(
                    code::DEPRECATED,
                    path,
                    message,
                    "see its documentation for what replaces it",
                );
            }
        }
    }

    fn read_only(&mut self, name: &str, path: Path<'_>) {
        let message = format!("`{name}` is set by AWS, not by templates");
        self.findings.error(
            code::READ_ONLY,
            path,
            message,
            "remove it; read it with `Fn::GetAtt`",
        );
    }

    fn unknown_property(&mut self, object: &Object, name: &str, path: Path<'_>) {
        let alike = object
            .properties
            .keys()
            .find(|known| known.eq_ignore_ascii_case(name));
        let help = match alike {
            Some(known) => format!("it is written `{known}`"),
            None if object.properties.len() <= 12 => {
                let known: Vec<_> = object.properties.keys().map(String::as_str).collect();
                format!("use one of {}", known.join(", "))
            }
            None => {
                "correct the name; if AWS added it of late, run `just spec` or suppress the finding"
                    .to_owned()
            }
        };
        let message = format!("{} has no property `{name}` here", self.model.name);
        self.findings
            .error(code::UNKNOWN_PROPERTY, path, message, help);
    }

    /// A value of any shape, which may be an intrinsic.
    pub(crate) fn shape(&mut self, shape: &'static Shape, value: &Value, path: Path<'_>) {
        match Expression::from(value) {
            Expression::If(then, otherwise) => {
                let path = path.key("Fn::If");
                self.shape(shape, then, path.index(1));
                self.shape(shape, otherwise, path.index(2));
            }
            Expression::Call => {
                self.findings.deferred();
                if let Shape::String(text) = shape {
                    relationship::check(text, value, self.template, path, self.findings);
                }
            }
            Expression::NoValue | Expression::Literal(Value::Null) => {}
            Expression::Literal(value) => self.literal(shape, value, path),
        }
    }

    fn literal(&mut self, shape: &'static Shape, value: &Value, path: Path<'_>) {
        self.findings.checked();
        match (shape, value) {
            (Shape::Json, _) => self
                .findings
                .not_checked(path, "the specification says no more than \"JSON\""),
            (Shape::Policy, _) => policy::check(&self.model.name, value, path, self.findings),
            (Shape::Tag, Value::Object(tag)) => self.tag(tag, path),
            (Shape::Object { definition }, Value::Object(entries)) => {
                match self.model.definitions.get(definition) {
                    Some(object) => self.object(object, entries, path),
                    None => self
                        .findings
                        .not_checked(path, format!("the specification lacks `{definition}`")),
                }
            }
            (
                Shape::List {
                    items,
                    min_items,
                    max_items,
                    unique,
                },
                Value::Array(list),
            ) => {
                self.list(items, list, path);
                self.item_count(list, (*min_items, *max_items), path);
                if *unique {
                    self.unique(list, path);
                }
            }
            (
                Shape::Map {
                    values,
                    key_pattern,
                },
                Value::Object(entries),
            ) => {
                self.map(values, key_pattern.as_deref(), entries, path);
            }
            (Shape::Tag | Shape::Object { .. } | Shape::Map { .. }, _) => {
                self.wrong_type("an object", value, path);
            }
            (Shape::List { .. }, _) => self.wrong_type("a list", value, path),
            (
                Shape::String(_)
                | Shape::Integer { .. }
                | Shape::Number { .. }
                | Shape::Boolean
                | Shape::Enum { .. },
                _,
            ) => {
                scalar::check(self, shape, value, path);
            }
        }
    }

    pub(crate) fn wrong_type(&mut self, wanted: &str, value: &Value, path: Path<'_>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        let message = format!("must be {wanted}, not {kind}");
        self.findings
            .error(code::TYPE, path, message, format!("write {wanted}"));
    }
}
