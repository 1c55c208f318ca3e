//! A part of an expression as text, for messages: the syntax tree knows no positions.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage, UnaryOp};

/// Longer texts are cut.
const LONGEST: usize = 80;

/// The expression as one would write it, cut when it is long.
pub(crate) fn render(node: &AstNode) -> String {
    let text = write(node);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// The first steps of a path.
pub(crate) fn render_steps(steps: &[PathStep]) -> String {
    steps.iter().map(step).collect::<Vec<_>>().join(".")
}

fn step(step: &PathStep) -> String {
    let stage = |stage: &Stage| match stage {
        Stage::Filter(predicate) => format!("[{}]", write(predicate)),
        Stage::KeepArray => "[]".to_owned(),
        Stage::Index(name) => format!("#${name}"),
    };
    let focus = step.focus.iter().map(|name| format!("@${name}"));
    let index = step.index_var.iter().map(|name| format!("#${name}"));
    let parts = step.stages.iter().map(stage).chain(focus).chain(index);
    std::iter::once(write(&step.node)).chain(parts).collect()
}

fn write(node: &AstNode) -> String {
    match node {
        AstNode::String(text) => serde_json::Value::from(text.as_str()).to_string(),
        AstNode::Name(name) => field_name(name),
        AstNode::Number(number) => number.to_string(),
        AstNode::Boolean(value) => value.to_string(),
        AstNode::Null => "null".to_owned(),
        AstNode::Undefined => "()".to_owned(),
        AstNode::Placeholder => "?".to_owned(),
        AstNode::Regex { pattern, flags } => format!("/{pattern}/{flags}"),
        AstNode::Variable(name) => format!("${name}"),
        AstNode::ParentVariable(name) => format!("$${name}"),
        AstNode::Path { steps } => render_steps(steps),
        AstNode::Binary { op, lhs, rhs } => binary(*op, lhs, rhs),
        AstNode::Unary { op, operand } => match op {
            UnaryOp::Negate => format!("-{}", write(operand)),
            UnaryOp::Not => format!("!{}", write(operand)),
        },
        AstNode::Function {
            name,
            args,
            is_builtin,
        } => format!(
            "{}{name}({})",
            if *is_builtin { "$" } else { "" },
            list(args)
        ),
        AstNode::Call { procedure, args } => format!("{}({})", write(procedure), list(args)),
        AstNode::Lambda { params, body, .. } => {
            let params: Vec<String> = params.iter().map(|name| format!("${name}")).collect();
            format!("function({}) {{ {} }}", params.join(", "), write(body))
        }
        AstNode::Array(items) | AstNode::ArrayGroup(items) => format!("[{}]", list(items)),
        AstNode::Object(fields) => object(fields),
        AstNode::ObjectTransform { input, pattern } => {
            format!("{}{}", write(input), object(pattern))
        }
        AstNode::Block(expressions) => {
            let all: Vec<String> = expressions.iter().map(write).collect();
            format!("({})", all.join("; "))
        }
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => {
            let otherwise = else_branch
                .as_ref()
                .map(|branch| format!(" : {}", write(branch)));
            format!(
                "{} ? {}{}",
                write(condition),
                write(then_branch),
                otherwise.unwrap_or_default()
            )
        }
        AstNode::Wildcard => "*".to_owned(),
        AstNode::Descendant => "**".to_owned(),
        AstNode::Parent(_) => "%".to_owned(),
        AstNode::FunctionApplication(inner) => write(inner),
        AstNode::Sort { input, terms } => {
            let term = |(term, ascending): &(AstNode, bool)| {
                format!("{}{}", if *ascending { "" } else { ">" }, write(term))
            };
            let terms: Vec<String> = terms.iter().map(term).collect();
            format!("{}^({})", write(input), terms.join(", "))
        }
        AstNode::Transform {
            location,
            update,
            delete,
        } => {
            let delete = delete.as_ref().map(|delete| format!(", {}", write(delete)));
            format!(
                "|{}|{}{}|",
                write(location),
                write(update),
                delete.unwrap_or_default()
            )
        }
    }
}

fn list(nodes: &[AstNode]) -> String {
    nodes.iter().map(write).collect::<Vec<_>>().join(", ")
}

fn object(fields: &[(AstNode, AstNode)]) -> String {
    let field = |(name, value): &(AstNode, AstNode)| format!("{}: {}", write(name), write(value));
    format!(
        "{{{}}}",
        fields.iter().map(field).collect::<Vec<_>>().join(", ")
    )
}

fn binary(op: BinaryOp, lhs: &AstNode, rhs: &AstNode) -> String {
    let tight = matches!(
        op,
        BinaryOp::Range | BinaryOp::FocusBind | BinaryOp::IndexBind
    );
    let space = if tight { "" } else { " " };
    format!("{}{space}{}{space}{}", write(lhs), symbol(op), write(rhs))
}

/// An operator as it is written.
pub(crate) fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "!=",
        BinaryOp::LessThan => "<",
        BinaryOp::LessThanOrEqual => "<=",
        BinaryOp::GreaterThan => ">",
        BinaryOp::GreaterThanOrEqual => ">=",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        BinaryOp::Concatenate => "&",
        BinaryOp::Range => "..",
        BinaryOp::In => "in",
        BinaryOp::ColonEqual => ":=",
        BinaryOp::FocusBind => "@",
        BinaryOp::IndexBind => "#",
        BinaryOp::Coalesce => "??",
        BinaryOp::Default => "?:",
        BinaryOp::ChainPipe => "~>",
    }
}

fn field_name(name: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || character == '_';
    if !name.is_empty() && name.chars().all(plain) {
        return name.to_owned();
    }
    format!("`{name}`")
}
