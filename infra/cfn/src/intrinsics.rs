//! CloudFormation's intrinsic functions.
//!
//! A function whose result type is known returns a [`Value`] of it; one whose result depends on what is looked up
//! (`Fn::ImportValue`, `Fn::FindInMap`, `Fn::Select`) returns an [`Expression`], which fits any property.

use std::borrow::Cow;

use crate::node::{Node, Object};
use crate::template::{Condition, LogicalId};
use crate::value::{Expression, IntoValue, List, Value};

/// `Fn::Sub` without variables of its own: `${AWS::Region}`, `${LogicalId}` and `${LogicalId.Attribute}` are replaced.
pub fn sub(text: impl Into<Cow<'static, str>>) -> Value<String> {
    call("Fn::Sub", text.into())
}

/// `Fn::Sub` with variables.
///
/// ```
/// use cfn::intrinsics::sub_with;
/// use cfn::{Template, s3};
///
/// let mut template = Template::new("objects of a bucket");
/// let bucket = template.add("Landing", s3::Bucket::new());
/// let objects = sub_with("${Bucket}/incoming/*", [("Bucket", bucket.arn())]);
/// ```
pub fn sub_with<K, V>(
    text: impl Into<Cow<'static, str>>,
    variables: impl IntoIterator<Item = (K, V)>,
) -> Value<String>
where
    K: Into<Cow<'static, str>>,
    V: IntoValue<String>,
{
    let variables = variables.into_iter();
    let variables: Object = variables
        .map(|(name, value)| (name, value.into_value()))
        .collect();
    call("Fn::Sub", vec![Node::Text(text.into()), variables.into()])
}

/// `Fn::Join`.
pub fn join(delimiter: &str, parts: impl IntoValue<List<String>>) -> Value<String> {
    call(
        "Fn::Join",
        vec![Node::from(delimiter), parts.into_value().into_node()],
    )
}

/// `Fn::Split`.
pub fn split(delimiter: &str, text: impl IntoValue<String>) -> Value<List<String>> {
    call(
        "Fn::Split",
        vec![Node::from(delimiter), text.into_value().into_node()],
    )
}

/// `Fn::Select`: the item at `index`, counted from 0.
pub fn select<T>(index: u32, list: impl IntoValue<List<T>>) -> Value<T> {
    call(
        "Fn::Select",
        vec![Node::from(index), list.into_value().into_node()],
    )
}

/// `Fn::Base64`.
pub fn base64(text: impl IntoValue<String>) -> Value<String> {
    call("Fn::Base64", text.into_value().into_node())
}

/// `Fn::GetAZs`: the availability zones of a region; an empty text means the stack's own.
pub fn get_azs(region: impl IntoValue<String>) -> Value<List<String>> {
    call("Fn::GetAZs", region.into_value().into_node())
}

/// `Fn::Cidr`: `count` blocks of `host_bits` bits each, cut out of `block`.
pub fn cidr(block: impl IntoValue<String>, count: u32, host_bits: u32) -> Value<List<String>> {
    let arguments = vec![
        block.into_value().into_node(),
        count.into(),
        host_bits.into(),
    ];
    call("Fn::Cidr", arguments)
}

/// `Fn::ImportValue`: what another stack exports under `name`.
pub fn import_value(name: impl IntoValue<String>) -> Expression {
    expression("Fn::ImportValue", name.into_value().into_node())
}

/// `Fn::FindInMap` with a mapping by name; [`crate::Mapping`]s that are added to a template have a method of the same name.
pub fn find_in_map(
    mapping: &str,
    key: impl IntoValue<String>,
    second_key: impl IntoValue<String>,
) -> Expression {
    let keys = [key.into_value(), second_key.into_value()];
    let mut arguments = vec![Node::from(mapping)];
    arguments.extend(keys.map(Node::from));
    expression("Fn::FindInMap", arguments)
}

/// `Fn::If`: the first value when the condition holds, else the second.
pub fn if_<T>(
    condition: &Condition,
    then: impl IntoValue<T>,
    otherwise: impl IntoValue<T>,
) -> Value<T> {
    let branches = [then.into_value(), otherwise.into_value()];
    let mut arguments = vec![Node::from(condition.name())];
    arguments.extend(branches.map(Node::from));
    call("Fn::If", arguments)
}

/// `Ref` by name, for what no handle exists for.
pub fn reference(name: &str) -> Expression {
    expression("Ref", name)
}

/// `Fn::GetAtt` by name, for what no handle exists for.
pub fn get_attribute(logical_id: &str, attribute: &str) -> Expression {
    expression("Fn::GetAtt", [logical_id, attribute])
}

/// JSON as it is, for what the builders cannot say. Nothing checks it here.
pub fn raw(node: impl Into<Node>) -> Expression {
    Expression(node.into())
}

/// `Ref` to a resource or parameter of the template.
pub(crate) fn typed_reference<T>(logical_id: &LogicalId) -> Value<T> {
    call("Ref", logical_id.as_str())
}

/// `Fn::GetAtt` on a resource of the template.
pub(crate) fn typed_attribute<T>(logical_id: &LogicalId, attribute: &str) -> Value<T> {
    call("Fn::GetAtt", [logical_id.as_str(), attribute])
}

fn call<T>(name: &'static str, argument: impl Into<Node>) -> Value<T> {
    Value::from_node(Node::single(name, argument))
}

fn expression(name: &'static str, argument: impl Into<Node>) -> Expression {
    Expression(Node::single(name, argument))
}

impl<T> Value<T> {
    /// The value's text with `suffix` behind it: `bucket.arn().with_suffix("/*")`.
    ///
    /// A `Ref` or an attribute becomes `Fn::Sub`, a literal stays one.
    pub fn with_suffix(self, suffix: &str) -> Value<String> {
        let escaped = || suffix.replace("${", "${!");
        let node = self.into_node();
        if let Some(text) = node.as_text() {
            return Value::from_node(format!("{text}{suffix}").into());
        }
        if let Some(placeholder) = placeholder(&node) {
            return sub(format!("${{{placeholder}}}{}", escaped()));
        }
        sub_with(
            format!("${{Value}}{}", escaped()),
            [("Value", Expression(node))],
        )
    }
}

/// How `Fn::Sub` writes a `Ref` or an attribute.
fn placeholder(node: &Node) -> Option<String> {
    match node.as_intrinsic()? {
        ("Ref", name) => name.as_text().map(str::to_owned),
        ("Fn::GetAtt", path) => {
            let parts: Option<Vec<&str>> = path.as_list()?.iter().map(Node::as_text).collect();
            Some(parts?.join("."))
        }
        _ => None,
    }
}
