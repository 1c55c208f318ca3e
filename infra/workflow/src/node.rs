//! Expressions as trees, before they are written as JSONata.

use serde_json::Value;
use shared::Presence;

/// A node of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) usize);

/// A variable of the machine, by its place in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VariableId(pub(crate) usize);

/// The parameter of a function inside an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParameterId(pub(crate) usize);

/// One node; its parts are nodes of the same store.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Root(Root),
    Field {
        of: NodeId,
        name: String,
        presence: Presence,
    },
    Item {
        of: NodeId,
        index: NodeId,
    },
    /// An optional value that its author knows to be there.
    Assured(NodeId),
    Literal(Value),
    /// A text in which `CloudFormation` replaces `${Name}`.
    Deployed(String),
    Object(Vec<(String, NodeId)>),
    List(Vec<NodeId>),
    /// A sequence, as a list.
    Collected(NodeId),
    Binary {
        left: NodeId,
        operator: &'static Operator,
        right: NodeId,
    },
    Call {
        function: &'static str,
        arguments: Vec<NodeId>,
    },
    Function {
        parameter: ParameterId,
        body: NodeId,
    },
    Conditional {
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    },
    Raw {
        code: String,
        strength: u8,
    },
}

/// What an expression reads that no other expression makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// The execution's input.
    Input,
    /// A member of the context object, as a path.
    Context(&'static str),
    Variable(VariableId),
    Parameter(ParameterId),
}

/// A binary operator.
#[derive(Debug, PartialEq)]
pub(crate) struct Operator {
    pub(crate) symbol: &'static str,
    pub(crate) strength: u8,
    /// Whether `a op b op c` needs no parentheses.
    pub(crate) chains: bool,
}

/// JSONata's binding strengths, after the reference implementation's parser.
pub(crate) mod operator {
    use super::Operator;

    const fn operator(symbol: &'static str, strength: u8, chains: bool) -> Operator {
        Operator {
            symbol,
            strength,
            chains,
        }
    }

    pub(crate) const PRIMARY: u8 = 80;
    pub(crate) const CONDITIONAL: u8 = 20;
    /// Nothing around it binds.
    pub(crate) const LOOSE: u8 = 0;

    pub(crate) static MULTIPLY: Operator = operator("*", 60, true);
    pub(crate) static DIVIDE: Operator = operator("/", 60, true);
    pub(crate) static ADD: Operator = operator("+", 50, true);
    pub(crate) static SUBTRACT: Operator = operator("-", 50, true);
    pub(crate) static CONCATENATE: Operator = operator("&", 50, true);
    pub(crate) static EQUAL: Operator = operator("=", 40, false);
    pub(crate) static UNEQUAL: Operator = operator("!=", 40, false);
    pub(crate) static LESS: Operator = operator("<", 40, false);
    pub(crate) static AT_MOST: Operator = operator("<=", 40, false);
    pub(crate) static GREATER: Operator = operator(">", 40, false);
    pub(crate) static AT_LEAST: Operator = operator(">=", 40, false);
    pub(crate) static IN: Operator = operator("in", 40, false);
    pub(crate) static AND: Operator = operator("and", 30, true);
    pub(crate) static OR: Operator = operator("or", 25, true);
}
