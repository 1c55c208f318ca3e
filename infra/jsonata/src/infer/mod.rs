//! Infers the shape of an expression's result.

mod call;
mod callback;
mod closure;
mod construct;
mod operator;
mod path;
mod report;
mod results;
mod sequence;

use std::collections::BTreeSet;
use std::rc::Rc;

use jsonata_core::ast::{AstNode, BinaryOp, UnaryOp};
use jsonata_core::parser;

use crate::finding::{Finding, Inference, Kind};
use crate::render::render;
use crate::{Environment, Shape, Type};
use closure::{Callable, Closure, Scope, Value};

/// Deeper expressions are not followed.
const DEEPEST: usize = 150;
/// More steps than these are not taken: functions that call functions could take forever.
const MOST_STEPS: usize = 50_000;

/// Infers the shape of an expression's result, and reports what cannot work.
///
/// The text is what stands between `{%` and `%}`. Only what is certainly wrong is reported as an error: a value that may have
/// several types passes where one of them fits.
pub fn infer(expression: &str, environment: &Environment) -> Inference {
    let tree = match parser::parse(expression) {
        Ok(tree) => tree,
        Err(error) => return unparsable(expression, &error.to_string()),
    };
    let mut inferrer = Inferrer::new(environment);
    let at = At {
        context: environment.document.clone(),
        scope: Scope::outermost(),
        tested: false,
    };
    let shape = inferrer.data(&tree, &at);
    inferrer.infer_uncalled();
    inferrer.finish(shape, &tree)
}

fn unparsable(expression: &str, error: &str) -> Inference {
    Inference {
        shape: Shape::any(),
        findings: vec![Finding {
            kind: Kind::Unparsable,
            expression: expression.trim().to_owned(),
            message: format!("`{}` is no JSONata expression: {error}", expression.trim()),
            help: "correct its syntax; https://docs.jsonata.org describes it".to_owned(),
        }],
        not_checked: Vec::new(),
        variables: BTreeSet::new(),
    }
}

/// Where an expression is evaluated.
#[derive(Clone)]
struct At<'a> {
    /// What `$` and names stand for; none where there is no document.
    context: Option<Shape>,
    /// The variables that the expression itself has bound.
    scope: Rc<Scope<'a>>,
    /// Whether the value is only tested for being there.
    tested: bool,
}

impl At<'_> {
    fn within(&self, context: Shape) -> Self {
        Self {
            context: Some(context),
            scope: Rc::clone(&self.scope),
            tested: false,
        }
    }

    fn tested(&self, tested: bool) -> Self {
        Self {
            tested,
            ..self.clone()
        }
    }

    fn block(&self) -> Self {
        Self {
            scope: Scope::inside(&self.scope),
            ..self.clone()
        }
    }
}

struct Inferrer<'e, 'a> {
    environment: &'e Environment,
    findings: Vec<Finding>,
    not_checked: Vec<String>,
    variables: BTreeSet<String>,
    /// Functions that were defined and not called yet.
    uncalled: Vec<Rc<Closure<'a>>>,
    /// Functions whose body is being followed.
    active: Vec<*const AstNode>,
    depth: usize,
    steps: usize,
}

impl<'e, 'a> Inferrer<'e, 'a> {
    fn new(environment: &'e Environment) -> Self {
        Self {
            environment,
            findings: Vec::new(),
            not_checked: Vec::new(),
            variables: BTreeSet::new(),
            uncalled: Vec::new(),
            active: Vec::new(),
            depth: 0,
            steps: 0,
        }
    }

    fn finish(mut self, shape: Shape, tree: &AstNode) -> Inference {
        let failed = self.findings.iter().any(|finding| finding.kind.is_error());
        if shape.is_undefined() && !failed {
            self.always_nothing(tree);
        }
        self.findings.sort();
        self.findings.dedup();
        self.not_checked.sort();
        self.not_checked.dedup();
        Inference {
            shape,
            findings: self.findings,
            not_checked: self.not_checked,
            variables: self.variables,
        }
    }

    fn infer(&mut self, node: &'a AstNode, at: &At<'a>) -> Value<'a> {
        self.steps += 1;
        if self.depth == DEEPEST || self.steps > MOST_STEPS {
            return self.gap(node, "it is nested too deeply").into();
        }
        self.depth += 1;
        let value = self.infer_node(node, at);
        self.depth -= 1;
        value
    }

    fn shape(&mut self, node: &'a AstNode, at: &At<'a>) -> Shape {
        self.infer(node, at).shape
    }

    /// The same of a value that is data: a built-in function there was meant to be a variable of its name.
    fn data(&mut self, node: &'a AstNode, at: &At<'a>) -> Shape {
        let value = self.infer(node, at);
        match (node, &value.callable) {
            (AstNode::Variable(name), Some(Callable::Builtin(_))) => {
                self.unknown_variable(node, name, at)
            }
            _ => value.shape,
        }
    }

    fn infer_node(&mut self, node: &'a AstNode, at: &At<'a>) -> Value<'a> {
        match node {
            AstNode::String(text) => Shape::one_of([text.clone()]).into(),
            AstNode::Number(_) => Shape::number().into(),
            AstNode::Boolean(_) => Shape::boolean().into(),
            AstNode::Null => Shape::null().into(),
            AstNode::Undefined | AstNode::Placeholder => Shape::undefined().into(),
            AstNode::Regex { .. } => Value::function(Callable::Opaque("a pattern is called")),
            AstNode::Variable(name) => self.variable(node, name, at),
            AstNode::ParentVariable(_) => self.document(node).into(),
            AstNode::Name(name) => match &at.context {
                Some(context) => path::lookup(context, name).into(),
                None => self.no_document(node, name).into(),
            },
            AstNode::Path { steps } => self.path(steps, at).into(),
            AstNode::Binary { op, lhs, rhs } => self.binary(node, *op, lhs, rhs, at),
            AstNode::Unary { op, operand } => self.unary(*op, operand, at).into(),
            AstNode::Function {
                name,
                args,
                is_builtin,
            } => self.named_call(node, name, *is_builtin, args, None, at),
            AstNode::Call { procedure, args } => self.call(node, procedure, args, at),
            AstNode::Lambda { params, body, .. } => self.lambda(params, body, at),
            AstNode::Array(items) | AstNode::ArrayGroup(items) => self.array(items, at).into(),
            AstNode::Object(fields) => self.object(fields, at).into(),
            AstNode::ObjectTransform { input, pattern } => self.group(input, pattern, at).into(),
            AstNode::Block(expressions) => self.block(expressions, at),
            AstNode::Conditional {
                condition,
                then_branch,
                else_branch,
            } => self.conditional(condition, then_branch, else_branch.as_deref(), at),
            AstNode::FunctionApplication(inner) => self.infer(inner, &at.tested(false)),
            AstNode::Sort { input, terms } => self.sorted(input, terms, at).into(),
            AstNode::Wildcard => match &at.context {
                Some(context) => sequence::wildcard(context).into(),
                None => self.no_document(node, "*").into(),
            },
            AstNode::Descendant | AstNode::Parent(_) => self
                .gap(node, "its result depends on the whole document")
                .into(),
            AstNode::Transform { .. } => {
                Value::function(Callable::Opaque("a transform is not followed"))
            }
        }
    }

    fn variable(&mut self, node: &AstNode, name: &str, at: &At<'a>) -> Value<'a> {
        if name.is_empty() {
            return match &at.context {
                Some(context) => context.clone().into(),
                None => self.document(node).into(),
            };
        }
        if let Some(value) = at.scope.get(name) {
            return value;
        }
        if let Some(shape) = self.environment.variables.get(name) {
            self.variables.insert(name.to_owned());
            return shape.clone().into();
        }
        match crate::functions::find(name) {
            Some(function) => Value::function(Callable::Builtin(function)),
            None => self.unknown_variable(node, name, at).into(),
        }
    }

    /// `$$`, or `$` at the top.
    fn document(&mut self, node: &AstNode) -> Shape {
        match &self.environment.document {
            Some(document) => document.clone(),
            None => self.no_document(node, ""),
        }
    }

    fn block(&mut self, expressions: &'a [AstNode], at: &At<'a>) -> Value<'a> {
        let inside = at.block();
        let Some((last, before)) = expressions.split_last() else {
            return Shape::undefined().into();
        };
        for expression in before {
            self.infer(expression, &inside.tested(false));
        }
        self.infer(last, &inside)
    }

    fn conditional(
        &mut self,
        condition: &'a AstNode,
        then_branch: &'a AstNode,
        else_branch: Option<&'a AstNode>,
        at: &At<'a>,
    ) -> Value<'a> {
        self.infer(condition, &at.tested(true));
        let first = self.infer(then_branch, at);
        let second = match else_branch {
            Some(branch) => self.infer(branch, at),
            None => Shape::undefined().into(),
        };
        let mut either = first.join(second);
        either.shape = either.shape.meaning_it();
        either
    }

    fn unary(&mut self, op: UnaryOp, operand: &'a AstNode, at: &At<'a>) -> Shape {
        match op {
            UnaryOp::Not => {
                self.infer(operand, &at.tested(true));
                Shape::boolean()
            }
            UnaryOp::Negate => {
                let shape = self.shape(operand, &at.tested(false));
                self.operand(operand, "-", &shape, &[Type::Number]);
                undefined_if(&shape, Shape::number())
            }
        }
    }

    fn binary(
        &mut self,
        node: &'a AstNode,
        op: BinaryOp,
        lhs: &'a AstNode,
        rhs: &'a AstNode,
        at: &At<'a>,
    ) -> Value<'a> {
        match op {
            BinaryOp::ColonEqual => self.bind(lhs, rhs, at),
            BinaryOp::ChainPipe => self.chain(node, lhs, rhs, at),
            BinaryOp::Coalesce | BinaryOp::Default => {
                self.newer_operator(node, op);
                let first = self.shape(lhs, &at.tested(true));
                let second = self.shape(rhs, at);
                let kept = if first.may_be_undefined() || op == BinaryOp::Default {
                    first.defined().join(&second)
                } else {
                    first
                };
                kept.into()
            }
            BinaryOp::FocusBind | BinaryOp::IndexBind => self
                .gap(node, "`@` and `#` bind what later steps see")
                .into(),
            _ => self.operation(node, op, lhs, rhs, &at.tested(false)).into(),
        }
    }

    fn bind(&mut self, lhs: &'a AstNode, rhs: &'a AstNode, at: &At<'a>) -> Value<'a> {
        let value = self.infer(rhs, &at.tested(false));
        match lhs {
            AstNode::Variable(name) => at.scope.set(name, value.clone()),
            other => self.add(
                Kind::Unparsable,
                other,
                format!("`{}` cannot be assigned to", render(other)),
                "assign to a variable: `$name := ...`",
            ),
        }
        value
    }
}

/// The result, or nothing where the operand may be nothing.
fn undefined_if(operand: &Shape, result: Shape) -> Shape {
    if operand.is_undefined() {
        return Shape::undefined();
    }
    if operand.may_be_undefined() {
        result.or_undefined()
    } else {
        result
    }
}
