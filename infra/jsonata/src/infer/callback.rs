//! Functions that functions call.

use jsonata_core::ast::AstNode;

use super::Inferrer;
use super::closure::{Callable, Value};
use crate::Shape;
use crate::finding::Kind;
use crate::functions::Signature;

impl<'a> Inferrer<'_, 'a> {
    /// What the function makes of these arguments; it gets as many of them as it takes.
    pub(super) fn apply(
        &mut self,
        node: &'a AstNode,
        function: &Value<'a>,
        arguments: Vec<Shape>,
    ) -> Shape {
        match &function.callable {
            Some(Callable::Closure(closure)) => {
                let values = arguments.into_iter().map(Value::from).collect();
                self.enter(node, closure, values).shape
            }
            Some(Callable::Builtin(builtin)) => {
                let Some(signature) = Signature::parse(builtin.signature) else {
                    return self.gap(node, "the signature of the function is not known");
                };
                let taken = signature.fewest(false).max(1).min(arguments.len());
                let values: Vec<Value<'a>> =
                    arguments.into_iter().take(taken).map(Value::from).collect();
                for (value, parameter) in values.iter().zip(&signature.parameters) {
                    if !parameter.may_take(&value.shape) {
                        self.add(
                            Kind::WrongArgument,
                            node,
                            format!(
                                "`${}` is called with {}, and takes {}",
                                builtin.name,
                                value.shape,
                                parameter.takes.clone().defined()
                            ),
                            "give it items of the type it takes",
                        );
                    }
                }
                self.result(node, builtin, &signature, &values)
            }
            Some(Callable::Opaque(reason)) => self.gap(node, reason),
            None => self.gap(node, "which function is called is not known"),
        }
    }
}
