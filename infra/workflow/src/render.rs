//! From expression trees to what stands in a definition.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;

use serde_json::{Map, Value};

use crate::node::{Node, NodeId, Operator, ParameterId, Root, VariableId, operator};
use crate::store::Store;

/// What some roots are called at one place of the definition.
///
/// A result is `$states.result` where it arises and a variable everywhere else, an input `$states.input` in the first state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    aliases: Vec<(Root, Alias)>,
}

/// What stands for a root.
#[derive(Clone, Debug)]
pub(crate) enum Alias {
    Code(String),
    Node(NodeId),
}

impl Site {
    pub(crate) fn with(&self, root: Root, alias: Alias) -> Self {
        let mut site = self.clone();
        site.aliases.push((root, alias));
        site
    }

    fn alias(&self, root: Root) -> Option<&Alias> {
        let found = self.aliases.iter().rev().find(|(known, _)| *known == root);
        found.map(|(_, alias)| alias)
    }
}

/// Writes the expressions of one state.
pub(crate) struct Renderer<'a> {
    pub(crate) store: &'a Store,
    pub(crate) site: &'a Site,
    /// The variables that were read.
    pub(crate) read: &'a RefCell<BTreeSet<VariableId>>,
    pub(crate) location: &'static Location<'static>,
}

impl Renderer<'_> {
    /// What stands in the definition: JSON where the value is known, code in `{% %}` where it is computed.
    pub(crate) fn json(&self, id: NodeId) -> Value {
        match self.store.node(id) {
            Node::Literal(value) if stands_as_it_is(&value) => value,
            Node::Deployed(text) => Value::String(text),
            Node::Root(root) if let Some(Alias::Node(stands_for)) = self.site.alias(root) => {
                self.json(*stands_for)
            }
            Node::Object(members) => {
                let members = members.into_iter();
                let members = members.map(|(name, member)| (name, self.json(member)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            Node::List(items) => items.into_iter().map(|item| self.json(item)).collect(),
            _ => Value::String(self.code(id)),
        }
    }

    /// The expression in `{% %}`, also where its value is known.
    pub(crate) fn code(&self, id: NodeId) -> String {
        format!("{{% {} %}}", self.defined(id, &mut Vec::new()))
    }

    /// An expression that is null where its value is missing: Step Functions takes nothing for an error.
    fn defined(&self, id: NodeId, within: &mut Vec<ParameterId>) -> String {
        let code = self.text(id, operator::LOOSE, within);
        if self.store.may_be_missing(id) {
            format!("{code} != null ? {code} : null")
        } else {
            code
        }
    }

    /// The expression, in parentheses where it holds together less than `needed`.
    fn text(&self, id: NodeId, needed: u8, within: &mut Vec<ParameterId>) -> String {
        let (code, strength) = self.written(id, within);
        if strength < needed {
            format!("({code})")
        } else {
            code
        }
    }

    fn written(&self, id: NodeId, within: &mut Vec<ParameterId>) -> (String, u8) {
        let primary = |code: String| (code, operator::PRIMARY);
        match self.store.node(id) {
            Node::Root(root) => self.root(root, within),
            Node::Field { of, name, .. } => {
                let of = self.text(of, operator::PRIMARY, within);
                primary(field(&of, &name))
            }
            Node::Item { of, index } => {
                let of = self.text(of, operator::PRIMARY, within);
                let index = self.text(index, operator::LOOSE, within);
                primary(format!("{of}[{index}]"))
            }
            Node::Assured(of) => self.written(of, within),
            Node::Literal(value) => primary(literal(&value)),
            Node::Deployed(text) => primary(Value::String(text).to_string()),
            Node::Object(members) => {
                let members = members.iter().map(|(name, member)| {
                    format!("{}: {}", quoted(name), self.defined(*member, within))
                });
                let members = members.collect::<Vec<_>>().join(", ");
                primary(format!("{{{members}}}"))
            }
            Node::List(items) => {
                let items = items.iter().map(|item| self.defined(*item, within));
                primary(format!("[{}]", items.collect::<Vec<_>>().join(", ")))
            }
            Node::Collected(of) => primary(format!("[{}]", self.text(of, operator::LOOSE, within))),
            Node::Binary {
                left,
                operator,
                right,
            } => self.binary(left, operator, right, within),
            Node::Call {
                function,
                arguments,
            } => {
                let arguments = arguments
                    .iter()
                    .map(|argument| self.text(*argument, operator::LOOSE, within));
                let arguments = arguments.collect::<Vec<_>>().join(", ");
                primary(format!("{function}({arguments})"))
            }
            Node::Function { parameter, body } => {
                within.push(parameter);
                let name = parameter_name(within.len());
                let body = self.defined(body, within);
                within.pop();
                primary(format!("function(${name}) {{ {body} }}"))
            }
            Node::Conditional {
                condition,
                then,
                otherwise,
            } => {
                let tight = operator::CONDITIONAL + 1;
                let condition = self.text(condition, tight, within);
                let then = self.text(then, tight, within);
                let otherwise = self.text(otherwise, tight, within);
                let code = format!("{condition} ? {then} : {otherwise}");
                (code, operator::CONDITIONAL)
            }
            Node::Raw { code, strength } => (code, strength),
        }
    }

    fn binary(
        &self,
        left: NodeId,
        operator: &Operator,
        right: NodeId,
        within: &mut Vec<ParameterId>,
    ) -> (String, u8) {
        let Operator {
            symbol, strength, ..
        } = operator;
        let left_needs = if operator.chains {
            *strength
        } else {
            strength + 1
        };
        let left = self.text(left, left_needs, within);
        let right = self.text(right, strength + 1, within);
        (format!("{left} {symbol} {right}"), *strength)
    }

    fn root(&self, root: Root, within: &mut Vec<ParameterId>) -> (String, u8) {
        match self.site.alias(root) {
            Some(Alias::Code(code)) => return (code.clone(), operator::PRIMARY),
            Some(Alias::Node(id)) => return self.written(*id, within),
            None => {}
        }
        let code = match root {
            Root::Input => "$states.context.Execution.Input".to_owned(),
            Root::Context(path) => format!("$states.context.{path}"),
            Root::Variable(variable) => {
                self.read.borrow_mut().insert(variable);
                format!("${}", self.store.variable_name(variable))
            }
            Root::Parameter(parameter) => {
                let depth = within.iter().position(|id| *id == parameter);
                if let Some(depth) = depth {
                    format!("${}", parameter_name(depth + 1))
                } else {
                    let message = "the item of `each` or `filter` is used outside its closure";
                    self.store.problem(self.location, message.to_owned());
                    "null".to_owned()
                }
            }
        };
        (code, operator::PRIMARY)
    }
}

/// `item`, and `item2` in a function inside a function.
fn parameter_name(depth: usize) -> String {
    if depth == 1 {
        "item".to_owned()
    } else {
        format!("item{depth}")
    }
}

/// JSONata's words, which need quotes to be names.
const WORDS: [&str; 7] = ["and", "or", "in", "true", "false", "null", "function"];

fn field(of: &str, name: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(is_word)
        && !WORDS.contains(&name);
    if is_plain {
        format!("{of}.{name}")
    } else if name.contains('`') {
        format!("$lookup({of}, {})", quoted(name))
    } else {
        format!("{of}.`{name}`")
    }
}

/// A text as JSONata writes it: JSON, with nothing that `CloudFormation` would replace.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace("${", "\\u0024{")
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items = items.iter().map(literal).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, member)| format!("{}: {}", quoted(name), literal(member)))
                .collect::<Vec<_>>();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// Whether a value means itself in a definition: no text in it is taken for code or for a substitution.
fn stands_as_it_is(value: &Value) -> bool {
    let plain = |text: &str| !text.contains("${") && !text.starts_with("{%");
    match value {
        Value::String(text) => plain(text),
        Value::Array(items) => items.iter().all(stands_as_it_is),
        Value::Object(members) => members
            .iter()
            .all(|(name, member)| plain(name) && stands_as_it_is(member)),
        // CloudFormation takes no null in a template.
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
    }
}
