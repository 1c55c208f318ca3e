//! State machines from the functions' own contracts: if it compiles, it is wired.
//!
//! A machine is described by a closure, and wiring is ordinary Rust: each step is a method of the [`Flow`], gives its result
//! as a typed expression, and later steps are given what they take. A field that is not there, an event of another function,
//! a way that is missing, a value of an iteration that is used outside it: none of them compiles.
//!
//! ```
//! use std::time::Duration;
//! # use schemars::JsonSchema;
//! # use serde::{Deserialize, Serialize};
//! # use shared::{Contract, ErrorKind, Fields, NoFailure, Variants};
//! use workflow::{Function, Machine, Retry, invoke};
//!
//! # #[derive(Serialize, Deserialize, JsonSchema, Fields)]
//! # struct BatchRequest { date: String }
//! # #[derive(Serialize, Deserialize, JsonSchema, Fields)]
//! # struct Plan { jobs: Vec<Job> }
//! # #[derive(Serialize, Deserialize, JsonSchema, Fields)]
//! # struct Job { id: String }
//! # #[derive(Serialize, Deserialize, JsonSchema, Fields)]
//! # struct Submission { id: String, token: workflow::TaskToken }
//! # #[derive(Serialize, Deserialize, JsonSchema, Fields)]
//! # struct Status { state: State, rows: u64 }
//! # #[derive(Clone, Copy, Serialize, Deserialize, JsonSchema, Variants)]
//! # enum State { Completed, Expired, Failed }
//! # #[derive(Serialize, Deserialize, JsonSchema, Fields)]
//! # struct Report { date: String, rows: u64 }
//! # struct Preprocess;
//! # impl Contract for Preprocess {
//! #     const NAME: &'static str = "preprocess";
//! #     type Event = BatchRequest;
//! #     type Response = Plan;
//! #     type Failure = ErrorKind;
//! # }
//! # struct Submit;
//! # impl Contract for Submit {
//! #     const NAME: &'static str = "submit";
//! #     type Event = Submission;
//! #     type Response = ();
//! #     type Failure = NoFailure;
//! # }
//! # let preprocess = Function::<Preprocess>::by_arn("PreprocessFunction", "arn");
//! # let submit = Function::<Submit>::by_arn("SubmitFunction", "arn");
//! let machine = Machine::<BatchRequest, Report>::new("Batch", |flow, request| {
//!     let task = invoke(&preprocess, request)
//!         .timeout(Duration::from_mins(5))
//!         .retry(Retry::on([ErrorKind::Throttled]).interval(Duration::from_mins(1)));
//!     let plan = flow.run("Preprocess", task);
//!     let rows = flow.map("Jobs", plan.jobs).max_concurrency(20).each(|flow, job| {
//!         let status: workflow::Expr<'_, Status> =
//!             flow.call_with_token("Submit", &submit, Duration::from_hours(26), |scope, token| {
//!                 scope.object(SubmissionFields { id: job.id, token })
//!             });
//!         flow.choose_by("Finished?", status.state, |flow, state| match state {
//!             State::Completed => status.rows,
//!             State::Expired => flow.value(0),
//!             State::Failed => flow.fail("Job failed", "JobFailed", job.id),
//!         })
//!     });
//!     flow.object(ReportFields { date: request.date, rows: rows.sum() })
//! });
//! assert!(machine.problems().is_empty(), "{:?}", machine.problems());
//! let definition = machine.definition();
//! assert_eq!(definition["States"]["Jobs"]["Items"], "{% $preprocess.jobs %}");
//! assert_eq!(definition["States"]["Jobs"]["Output"]["rows"], "{% $sum($states.result) %}");
//! ```
//!
//! The definition is JSONata. A result becomes a variable, named after its step, where a later step reads it; a state's
//! comment, its retries and the machine's role follow from the steps. What types cannot rule out (a name that is used twice,
//! say) is told by [`Machine::problems`] with the line that made it, and so is what the checker of `asl` finds in the
//! definition.
#![warn(missing_docs)]

mod attempt;
mod choose;
mod emit;
mod error_name;
mod expr;
mod flow;
pub mod integration;
mod ir;
mod machine;
mod map;
mod node;
mod parallel;
mod permission;
mod problem;
mod reader;
mod render;
mod repeat;
mod schema;
mod scope;
mod store;
mod task;

pub use attempt::Attempt;
pub use choose::{Choose, Ways};
pub use error_name::{ErrorOf, ErrorOutput, ErrorOutputFields, Retry, StatesError};
pub use expr::{Built, Expr, Number, Operand};
pub use flow::{AnyJson, Flow, Nothing, Variable};
pub use integration::{
    Connection, HttpRequest, Integration, Method, Runnable, aws_sdk, http, perform,
    perform_and_wait, run_machine, start_machine, start_machine_and_wait,
};
pub use machine::Machine;
pub use map::{
    Batch, BatchFields, DistributedMap, Item, Map, MapRun, MapRunFields, WrittenTo, WrittenToFields,
};
pub use parallel::Parallel;
pub use problem::Problem;
pub use reader::{
    InventoryRow, InventoryRowFields, ItemReader, ListedObject, ListedObjectFields, Objects,
};
pub use repeat::{Repeat, Repeated};
pub use scope::Scope;
pub use shared::TaskToken;
pub use task::{Callee, Function, Provides, Task, invoke, invoke_and_wait};
