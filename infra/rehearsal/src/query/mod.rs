//! What expressions see, and how they are evaluated: JSONata, and `JSONPath` with its intrinsic functions.

mod context;
mod functions;
mod host;
mod intrinsic;
mod jsonata;
mod path;
mod place;
mod scope;

use std::rc::Rc;

use serde_json::Value;

pub(crate) use context::{Context, ExecutionFacts, Item};
pub(crate) use intrinsic::Call;
pub(crate) use jsonata::Expression;
pub(crate) use path::Path;
pub(crate) use place::Place;
pub(crate) use scope::Scope;

use crate::moment::Moment;
use crate::random::Random;

/// What the expressions of a state see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'v> {
    /// `$states.input`; what `$` stands for in `JSONPath`.
    pub(crate) input: &'v Value,
    /// `$states.result`.
    pub(crate) result: Option<&'v Value>,
    /// `$states.errorOutput`.
    pub(crate) error: Option<&'v Value>,
    /// `$states.context`, `$$`.
    pub(crate) context: &'v Context<'v>,
    /// The variables.
    pub(crate) scope: &'v Scope,
    /// Time and chance.
    pub(crate) services: &'v Services,
}

/// What functions need beside their arguments.
#[derive(Clone, Debug)]
pub(crate) struct Services {
    pub(crate) now: Moment,
    pub(crate) random: Rc<Random>,
}
