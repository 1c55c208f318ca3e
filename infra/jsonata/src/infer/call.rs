//! Calls: which function it is, and whether it takes these arguments.

use std::rc::Rc;

use jsonata_core::ast::AstNode;

use super::closure::{Callable, Closure, Value};
use super::{At, Inferrer};
use crate::finding::Kind;
use crate::functions::{Function, Parameter, Signature, find};
use crate::render::render;
use crate::{Array, Shape, Type};

const PARTLY_APPLIED: &str = "a partly applied function is not followed";

/// An argument: what it is, and the expression that gave it.
pub(super) struct Argument<'a> {
    pub(super) value: Value<'a>,
    pub(super) node: Option<&'a AstNode>,
}

impl<'a> Inferrer<'_, 'a> {
    /// `$name(...)`, perhaps with a value chained in front of the arguments.
    pub(super) fn named_call(
        &mut self,
        node: &'a AstNode,
        name: &str,
        written: bool,
        arguments: &'a [AstNode],
        chained: Option<Argument<'a>>,
        at: &At<'a>,
    ) -> Value<'a> {
        let tests = matches!(name, "exists" | "boolean" | "not" | "type");
        let given = self.arguments(arguments, chained, &at.tested(tests));
        if name == "eval" && written && at.scope.get(name).is_none() {
            self.add(
                Kind::RefusedFunction,
                node,
                "Step Functions does not evaluate `$eval`".to_owned(),
                "parse JSON with `$parse(...)`, or write the expression out",
            );
            return Shape::any().into();
        }
        if arguments.contains(&AstNode::Placeholder) {
            if find(name).is_none() && at.scope.get(name).is_none() {
                self.unknown_function(node, name, written);
            }
            return Value::function(Callable::Opaque(PARTLY_APPLIED));
        }
        if !written {
            return self.unknown_function(node, name, false).into();
        }
        if let Some(value) = at.scope.get(name) {
            return self.call_value(node, &value, &given, at);
        }
        match find(name) {
            Some(function) => self.call_builtin(node, function, &given, at).into(),
            None => match self.environment.variables.get(name) {
                Some(shape) => {
                    let value = shape.clone().into();
                    self.call_value(node, &value, &given, at)
                }
                None => self.unknown_function(node, name, true).into(),
            },
        }
    }

    fn arguments(
        &mut self,
        nodes: &'a [AstNode],
        chained: Option<Argument<'a>>,
        at: &At<'a>,
    ) -> Vec<Argument<'a>> {
        let mut given: Vec<Argument<'a>> = chained.into_iter().collect();
        for node in nodes {
            let value = self.infer(node, at);
            given.push(Argument {
                value,
                node: Some(node),
            });
        }
        given
    }

    /// `(function($x) {...})(...)`.
    pub(super) fn call(
        &mut self,
        node: &'a AstNode,
        procedure: &'a AstNode,
        arguments: &'a [AstNode],
        at: &At<'a>,
    ) -> Value<'a> {
        let at = at.tested(false);
        let value = self.infer(procedure, &at);
        let given = self.arguments(arguments, None, &at);
        if arguments.contains(&AstNode::Placeholder) {
            return Value::function(Callable::Opaque(PARTLY_APPLIED));
        }
        self.call_value(node, &value, &given, &at)
    }

    /// `value ~> function`.
    pub(super) fn chain(
        &mut self,
        node: &'a AstNode,
        lhs: &'a AstNode,
        rhs: &'a AstNode,
        at: &At<'a>,
    ) -> Value<'a> {
        let at = at.tested(false);
        let value = self.infer(lhs, &at);
        let chained = Argument {
            value: value.clone(),
            node: Some(lhs),
        };
        if let AstNode::Function {
            name,
            args,
            is_builtin,
        } = rhs
            && !args.contains(&AstNode::Placeholder)
        {
            return self.named_call(rhs, name, *is_builtin, args, Some(chained), &at);
        }
        let function = self.infer(rhs, &at);
        if value.shape.may_be(Type::Function) {
            return Value::function(Callable::Opaque("a composed function is not followed"));
        }
        self.call_value(node, &function, &[chained], &at)
    }

    fn call_value(
        &mut self,
        node: &'a AstNode,
        function: &Value<'a>,
        given: &[Argument<'a>],
        at: &At<'a>,
    ) -> Value<'a> {
        match &function.callable {
            Some(Callable::Builtin(function)) => {
                self.call_builtin(node, function, given, at).into()
            }
            Some(Callable::Closure(closure)) => {
                let arguments = given
                    .iter()
                    .map(|argument| argument.value.clone())
                    .collect();
                self.enter(node, closure, arguments)
            }
            Some(Callable::Opaque(reason)) => self.gap(node, reason).into(),
            None if function.shape.is_unknown() => self
                .gap(node, "which function is called is not known")
                .into(),
            None => {
                self.add(
                    Kind::WrongOperand,
                    node,
                    format!("`{}` calls {}", render(node), function.shape),
                    "call a function",
                );
                Shape::any().into()
            }
        }
    }

    pub(super) fn lambda(
        &mut self,
        parameters: &'a [String],
        body: &'a AstNode,
        at: &At<'a>,
    ) -> Value<'a> {
        let closure = Rc::new(Closure {
            parameters,
            body,
            at: at.tested(false),
        });
        self.uncalled.push(Rc::clone(&closure));
        Value::function(Callable::Closure(closure))
    }

    /// The result of a function that the expression defines.
    pub(super) fn enter(
        &mut self,
        node: &AstNode,
        closure: &Rc<Closure<'a>>,
        arguments: Vec<Value<'a>>,
    ) -> Value<'a> {
        self.uncalled
            .retain(|uncalled| !Rc::ptr_eq(uncalled, closure));
        let body: *const AstNode = closure.body;
        if self.active.contains(&body) {
            return self.gap(node, "a function calls itself").into();
        }
        let inside = closure.at.block();
        let given = arguments
            .into_iter()
            .chain(std::iter::repeat(Shape::undefined().into()));
        for (name, value) in closure.parameters.iter().zip(given) {
            inside.scope.set(name, value);
        }
        self.active.push(body);
        let result = self.infer(closure.body, &inside);
        self.active.pop();
        result
    }

    /// Follows the functions that nobody called, for whatever they may be given.
    pub(super) fn infer_uncalled(&mut self) {
        while let Some(closure) = self.uncalled.pop() {
            let arguments = closure
                .parameters
                .iter()
                .map(|_| Shape::any().into())
                .collect();
            self.enter(closure.body, &closure, arguments);
        }
    }

    fn call_builtin(
        &mut self,
        node: &'a AstNode,
        function: &'static Function,
        given: &[Argument<'a>],
        at: &At<'a>,
    ) -> Shape {
        let Some(signature) = Signature::parse(function.signature) else {
            return self.gap(node, "the signature of the function is not known");
        };
        if let Err(count) = fits_count(&signature, given.len(), at.context.is_some()) {
            self.add(
                Kind::WrongArity,
                node,
                format!(
                    "`${}` takes {count}, and `{}` gives it {}",
                    function.name,
                    render(node),
                    given.len()
                ),
                format!("give it {count}; https://docs.jsonata.org describes the functions"),
            );
            return Shape::any();
        }
        let context = at
            .context
            .as_ref()
            .filter(|_| takes_context(&signature, given));
        let offset = usize::from(context.is_some());
        for (index, argument) in given.iter().enumerate() {
            let place = (index + offset).min(signature.parameters.len().saturating_sub(1));
            if let Some(parameter) = signature.parameters.get(place) {
                self.check_argument(node, function, parameter, index, argument);
            }
        }
        let mut values: Vec<Value<'a>> = given
            .iter()
            .map(|argument| argument.value.clone())
            .collect();
        if let Some(context) = context {
            values.insert(0, context.clone().into());
        }
        self.result(node, function, &signature, &values)
    }

    fn check_argument(
        &mut self,
        node: &AstNode,
        function: &Function,
        parameter: &Parameter,
        index: usize,
        argument: &Argument<'a>,
    ) {
        let shape = &argument.value.shape;
        if parameter.may_take(shape) {
            return;
        }
        let shown = argument.node.map_or_else(|| render(node), render);
        let wanted = parameter.takes.clone().defined();
        let help = match wanted.as_array().map(Array::item) {
            Some(item) if item.is_only(&[Type::Number]) => {
                "convert the items: `$map(..., $number)`"
            }
            Some(item) if item.is_only(&[Type::Text]) => "convert the items: `$map(..., $string)`",
            None if wanted.is_only(&[Type::Number]) && shape.may_be(Type::Text) => {
                "convert it: `$number(...)`"
            }
            None if wanted.is_only(&[Type::Text]) => "convert it: `$string(...)`",
            _ => "give it a value of the type it takes",
        };
        self.add(
            Kind::WrongArgument,
            argument.node.unwrap_or(node),
            format!(
                "argument {} of `${}` has to be {wanted}, and `{shown}` is {}",
                index + 1,
                function.name,
                shape.clone().defined()
            ),
            help,
        );
    }
}

/// Whether so many arguments fit; else how many do, in words.
fn fits_count(signature: &Signature, given: usize, context: bool) -> Result<(), String> {
    let (fewest, most) = (signature.fewest(context), signature.most());
    if given >= fewest && most.is_none_or(|most| given <= most) {
        return Ok(());
    }
    let fewest = signature.fewest(false);
    Err(match most {
        None => format!("{fewest} or more arguments"),
        Some(1) if fewest == 1 => "1 argument".to_owned(),
        Some(most) if most == fewest => format!("{fewest} arguments"),
        Some(most) => format!("{fewest} to {most} arguments"),
    })
}

/// Whether the context stands in for the first parameter: an argument is missing, or the first does not fit there.
fn takes_context(signature: &Signature, given: &[Argument<'_>]) -> bool {
    let Some(first) = signature
        .parameters
        .first()
        .filter(|parameter| parameter.context)
    else {
        return false;
    };
    if given.len() < signature.fewest(false) {
        return true;
    }
    let room = signature.most().is_none_or(|most| given.len() < most);
    room && given
        .first()
        .is_some_and(|argument| !first.may_take(&argument.value.shape))
}
