//! Static analysis of JSONata expressions, as Step Functions evaluates them.
//!
//! A [`Shape`] is what is known of a value; [`infer`] walks an expression and says which shape its result has, what in it cannot
//! work, and what could not be followed.
//!
//! ```
//! use jsonata::{Environment, Kind, Shape, infer};
//!
//! let order = Shape::object([("id", Shape::text()), ("total", Shape::number())]);
//! let environment = Environment::new().states(Shape::object([("input", order)]));
//!
//! let sum = infer("$states.input.total * 2", &environment);
//! assert_eq!(sum.shape, Shape::number());
//!
//! let misspelt = infer("$states.input.totl * 2", &environment);
//! assert_eq!(misspelt.findings[0].kind, Kind::MissingField);
//! assert_eq!(misspelt.findings[0].help, "did you mean `total`?");
//! ```
#![warn(missing_docs)]

mod environment;
mod finding;
mod functions;
mod infer;
mod render;
mod shape;
pub mod suggestion;

pub use environment::Environment;
pub use finding::{Finding, Inference, Kind};
pub use infer::infer;
pub use shape::{Array, Object, SchemaError, SchemaProblem, Shape, Text, Type};
