//! Where expressions come from.

use std::panic::Location;

use cfn::IntoValue;
use jsonata_core::ast::AstNode;
use serde::Serialize;
use serde_json::Value as Json;
use shared::FieldsOf;

use crate::expr::{Built, Members};
use crate::node::{Node, Root, operator};
use crate::store::Store;
use crate::{Expr, Nothing};

/// Makes expressions that do not follow from others: constants, objects, what is known of the execution. Every flow is one.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'s> {
    pub(crate) store: &'s Store,
}

impl<'s> Scope<'s> {
    /// A value that is known when the machine is described.
    #[track_caller]
    pub fn value<T: Serialize>(self, value: T) -> Expr<'s, T> {
        let json = match serde_json::to_value(value) {
            Ok(json) => json,
            Err(error) => {
                let message = format!("the value cannot be written as JSON: {error}");
                self.store.problem(Location::caller(), message);
                Json::Null
            }
        };
        Expr::add(self.store, Node::Literal(json))
    }

    /// A text.
    pub fn text(self, text: impl Into<String>) -> Expr<'s, String> {
        Expr::add(self.store, Node::Literal(Json::String(text.into())))
    }

    /// An object of all its fields: `flow.object(CompactionRequestFields { now: request.date })`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the struct is written where it is used, and used up"
    )]
    pub fn object<F: FieldsOf<Built<'s>>>(self, fields: F) -> Expr<'s, F::Whole> {
        Expr::add(self.store, Node::Object(Members::of(&fields)))
    }

    /// An object without a type of its own, for arguments that no contract describes.
    pub fn members<K: Into<String>>(
        self,
        members: impl IntoIterator<Item = (K, Expr<'s, Json>)>,
    ) -> Expr<'s, Json> {
        let members = members.into_iter();
        let members = members.map(|(name, member)| (name.into(), member.node));
        Expr::add(self.store, Node::Object(members.collect()))
    }

    /// A list of expressions.
    pub fn list<T>(self, items: impl IntoIterator<Item = Expr<'s, T>>) -> Expr<'s, Vec<T>> {
        let items = items.into_iter().map(|item| item.node);
        Expr::add(self.store, Node::List(items.collect()))
    }

    /// No value.
    pub fn none<T>(self) -> Expr<'s, Option<T>> {
        Expr::add(self.store, Node::Literal(Json::Null))
    }

    /// The value of a branch that is run for what it does.
    pub fn nothing(self) -> Expr<'s, Nothing> {
        let none = serde_json::Map::new();
        Expr::add(self.store, Node::Literal(Json::Object(none)))
    }

    /// A text that is known when the stack is deployed, such as a bucket's name. `name` is what the definition calls it.
    pub fn deployed(self, name: &str, value: impl IntoValue<String>) -> Expr<'s, String> {
        let name = self.store.substitute(name, value.into_value());
        Expr::add(self.store, Node::Deployed(name))
    }

    /// JSONata that the caller knows to give a `T`, without `{% %}`: for what the typed operations do not offer. It is parsed
    /// here; what it reads is left to the checker.
    #[track_caller]
    pub fn raw<T>(self, code: &str) -> Expr<'s, T> {
        let strength = match jsonata_core::parser::parse(code) {
            Ok(tree) => strength(&tree),
            Err(error) => {
                let message = format!("`{code}` is no JSONata: {error}");
                self.store.problem(Location::caller(), message);
                operator::LOOSE
            }
        };
        if code.contains("${") {
            let message =
                format!("CloudFormation would replace `${{...}}` in `{code}`: use `deployed`");
            self.store.problem(Location::caller(), message);
        }
        let code = code.to_owned();
        Expr::add(self.store, Node::Raw { code, strength })
    }

    /// A new universally unique identifier, another one each time a state is run.
    pub fn uuid(self) -> Expr<'s, String> {
        self.function("$uuid")
    }

    /// The time, ISO 8601 in UTC.
    pub fn now(self) -> Expr<'s, String> {
        self.function("$now")
    }

    /// The ARN of the execution.
    pub fn execution_arn(self) -> Expr<'s, String> {
        self.context("Execution.Id")
    }

    /// The name of the execution.
    pub fn execution_name(self) -> Expr<'s, String> {
        self.context("Execution.Name")
    }

    /// When the execution began, ISO 8601 in UTC.
    pub fn execution_started(self) -> Expr<'s, String> {
        self.context("Execution.StartTime")
    }

    /// When the state was entered that reads this, ISO 8601 in UTC.
    pub fn state_entered(self) -> Expr<'s, String> {
        self.context("State.EnteredTime")
    }

    pub(crate) fn context<T>(self, path: &'static str) -> Expr<'s, T> {
        Expr::add(self.store, Node::Root(Root::Context(path)))
    }

    fn function<T>(self, function: &'static str) -> Expr<'s, T> {
        let arguments = Vec::new();
        let node = Node::Call {
            function,
            arguments,
        };
        Expr::add(self.store, node)
    }
}

/// How tightly an expression holds together on its own.
fn strength(tree: &AstNode) -> u8 {
    match tree {
        AstNode::String(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Variable(_)
        | AstNode::Path { .. }
        | AstNode::Function { .. } => operator::PRIMARY,
        _ => operator::LOOSE,
    }
}
