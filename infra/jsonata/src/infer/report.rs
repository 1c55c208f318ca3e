//! Puts findings into words.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

use super::{At, Inferrer};
use crate::finding::{Finding, Kind};
use crate::functions::FUNCTIONS;
use crate::render::{render, render_steps, symbol};
use crate::suggestion::{help, similar};
use crate::{Shape, Type};

impl<'a> Inferrer<'_, 'a> {
    pub(super) fn add(
        &mut self,
        kind: Kind,
        node: &AstNode,
        message: String,
        help: impl Into<String>,
    ) {
        self.findings.push(Finding {
            kind,
            expression: render(node),
            message,
            help: help.into(),
        });
    }

    /// Says that a part was not followed.
    pub(super) fn gap(&mut self, node: &AstNode, reason: &str) -> Shape {
        self.not_checked
            .push(format!("`{}`: {reason}", render(node)));
        Shape::any()
    }

    /// An operand has to have one of the types, if it is there.
    pub(super) fn operand(&mut self, node: &AstNode, place: &str, shape: &Shape, types: &[Type]) {
        let possible = types.iter().any(|of| shape.may_be(*of));
        if possible || !shape.may_be_defined() {
            return;
        }
        let wanted = Type::any_of(types);
        let found = shape.clone().defined();
        let help = conversion(place, types, shape);
        let place = if place.contains(' ') {
            place.to_owned()
        } else {
            format!("an operand of `{place}`")
        };
        self.add(
            Kind::WrongOperand,
            node,
            format!(
                "`{}` is {found}, and {place} has to be {wanted}",
                render(node)
            ),
            help,
        );
    }

    pub(super) fn newer_operator(&mut self, node: &AstNode, op: BinaryOp) {
        self.add(
            Kind::NewerOperator,
            node,
            format!(
                "`{}` uses `{}` of JSONata 2.1; Step Functions evaluates JSONata 2.0.6",
                render(node),
                symbol(op)
            ),
            match op {
                BinaryOp::Coalesce => "write `$exists(x) ? x : y`",
                _ => "write `x ? x : y`",
            },
        );
    }

    pub(super) fn no_document(&mut self, node: &AstNode, name: &str) -> Shape {
        let states = self.environment.variables.get("states");
        let input = states.map(|states| states.field("input"));
        let known =
            input.is_some_and(|input| !input.is_unknown() && input.field(name).may_be_defined());
        let help = match name {
            "" | "*" => "write `$states.input`".to_owned(),
            _ if self.environment.variables.contains_key(name) => {
                format!("a variable is written `${name}`")
            }
            _ if known => format!("write `$states.input.{name}`"),
            _ => format!("write `$states.input.{name}`, or `${name}` for a variable"),
        };
        self.add(
            Kind::NoDocument,
            node,
            format!(
                "`{}` reads the document that JSONata is given, and Step Functions gives it none",
                render(node)
            ),
            help,
        );
        Shape::any()
    }

    pub(super) fn unknown_variable(&mut self, node: &AstNode, name: &str, at: &At<'a>) -> Shape {
        let bound = at.scope.names();
        let known = self
            .environment
            .variables
            .keys()
            .chain(&bound)
            .map(String::as_str);
        self.add(
            Kind::UnknownVariable,
            node,
            format!("the variable `${name}` is not assigned"),
            help(name, known, "assign it in `Assign` of an earlier state"),
        );
        Shape::any()
    }

    pub(super) fn unknown_function(&mut self, node: &AstNode, name: &str, written: bool) -> Shape {
        let known = FUNCTIONS.iter().map(|function| function.name);
        let found = crate::functions::find(name);
        let help = match found {
            Some(_) => format!("functions are written with `$`: `${name}(...)`"),
            None => similar(name, known).map_or_else(
                || "https://docs.jsonata.org lists the functions".to_owned(),
                |similar| format!("did you mean `${similar}`?"),
            ),
        };
        let dollar = if written { "$" } else { "" };
        self.add(
            Kind::UnknownFunction,
            node,
            format!("there is no function `{dollar}{name}`"),
            help,
        );
        Shape::any()
    }

    pub(super) fn missing_field(
        &mut self,
        steps: &[PathStep],
        index: usize,
        name: &str,
        item: &Shape,
        at: &At<'a>,
    ) {
        let whole = render_steps(&steps[..=index]);
        let before = render_steps(&steps[..index]);
        let node = AstNode::Path {
            steps: steps[..=index].to_vec(),
        };
        if of_states(&before) {
            let (message, help) = states_member(&before, name, item);
            self.add(Kind::StatesMember, &node, message, help);
            return;
        }
        let names = item.field_names();
        let message = if names.is_empty() {
            format!(
                "`{whole}` is never there: `{before}` is {}",
                item.clone().defined()
            )
        } else {
            format!("`{whole}` is never there: `{before}` has no `{name}`")
        };
        let context = if before.is_empty() {
            "the value".to_owned()
        } else {
            format!("`{before}`")
        };
        let message = message.replace("``", &context);
        self.add(missing(at), &node, message, item.help_for(name));
    }

    pub(super) fn missing_item(
        &mut self,
        steps: &[PathStep],
        index: usize,
        before: &Shape,
        at: &At<'a>,
    ) {
        let whole = render_steps(&steps[..=index]);
        let node = AstNode::Path {
            steps: steps[..=index].to_vec(),
        };
        let most = before
            .as_array()
            .and_then(|array| array.max_items)
            .unwrap_or(1);
        self.add(
            missing(at),
            &node,
            format!("`{whole}` is never there: there are {most} items at most, counted from 0"),
            "correct the index",
        );
    }

    pub(super) fn always_nothing(&mut self, node: &AstNode) {
        self.add(
            Kind::AlwaysNothing,
            node,
            format!(
                "`{}` always yields nothing, which fails with States.QueryEvaluationError",
                render(node)
            ),
            "yield a value, or `null`",
        );
    }
}

fn missing(at: &At<'_>) -> Kind {
    if at.tested {
        Kind::AlwaysMissing
    } else {
        Kind::MissingField
    }
}

/// `$states`, its context, and the objects of the context, up to where the execution's own data begins.
fn of_states(path: &str) -> bool {
    matches!(
        path,
        "$states"
            | "$states.context"
            | "$states.context.Execution"
            | "$states.context.State"
            | "$states.context.StateMachine"
            | "$states.context.Task"
            | "$states.context.Map"
            | "$states.context.Map.Item"
    )
}

fn states_member(before: &str, name: &str, item: &Shape) -> (String, String) {
    let whole = format!("{before}.{name}");
    match (before, name) {
        ("$states", "result") => (
            format!(
                "`{whole}` is not there: this field is evaluated before there is a result, or the state has none"
            ),
            "use it in `Output` and `Assign` of a Task, Parallel or Map".to_owned(),
        ),
        ("$states", "errorOutput") => (
            format!("`{whole}` is not there: no error was caught here"),
            "use it in `Output` and `Assign` of a catcher".to_owned(),
        ),
        ("$states.context", "Map") => (
            format!("`{whole}` is not there: the state is in no Map"),
            "use it in `ItemSelector` of a Map, or inside of its item processor".to_owned(),
        ),
        ("$states.context", "Task") => (
            format!("`{whole}` is not there: only a Task with `.waitForTaskToken` has a token"),
            "let the resource end with `.waitForTaskToken`".to_owned(),
        ),
        _ => (
            format!("`{before}` has no member `{name}`"),
            help(name, item.field_names().iter().copied(), ""),
        ),
    }
}

fn conversion(place: &str, types: &[Type], found: &Shape) -> String {
    let help = match types {
        [Type::Number] if place == "+" && found.may_be(Type::Text) => {
            "join texts with `&`, or convert: `$number(...)`"
        }
        [Type::Number] if found.may_be(Type::Text) => "convert it: `$number(...)`",
        [Type::Number] if found.may_be(Type::Array) => {
            "take one item, or `$sum(...)` or `$count(...)` of them"
        }
        [Type::Text] => "convert it: `$string(...)`",
        _ => "use a value of another type",
    };
    help.to_owned()
}
