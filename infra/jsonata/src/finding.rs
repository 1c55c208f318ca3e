//! What an inference returns.

use std::collections::BTreeSet;

use crate::Shape;

/// What is wrong with a part of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It does not parse.
    Unparsable,
    /// An operator of JSONata 2.1; Step Functions evaluates 2.0.6.
    NewerOperator,
    /// There is no function of this name.
    UnknownFunction,
    /// `$eval`, which Step Functions refuses.
    RefusedFunction,
    /// Too few or too many arguments.
    WrongArity,
    /// An argument that the function never takes.
    WrongArgument,
    /// An operand that the operator never takes.
    WrongOperand,
    /// A field or item that cannot be there.
    MissingField,
    /// A test whether something is there that cannot be.
    AlwaysMissing,
    /// A member that `$states` or its context does not have, or not in this place.
    StatesMember,
    /// A variable that is not assigned.
    UnknownVariable,
    /// `$`, `$$` or an unqualified name where there is no document.
    NoDocument,
    /// A result that is always nothing.
    AlwaysNothing,
    /// A comparison of values that are never equal.
    NeverEqual,
}

impl Kind {
    /// Whether an evaluation that gets there fails or yields nothing; the others work and are suspicious.
    pub fn is_error(self) -> bool {
        !matches!(self, Self::AlwaysMissing | Self::NeverEqual)
    }
}

/// One thing that is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The part of the expression.
    pub expression: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// What is known of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inference {
    /// The values it may yield.
    pub shape: Shape,
    /// What is wrong, sorted, each once.
    pub findings: Vec<Finding>,
    /// Parts that were not followed, each with the reason; their result is taken for anything.
    pub not_checked: Vec<String>,
    /// The variables of the environment it reads.
    pub variables: BTreeSet<String>,
}
