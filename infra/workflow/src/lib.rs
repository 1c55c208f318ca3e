//! State machines from the functions' own contracts: if it compiles, it is wired.
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
pub use integration::{Integration, Runnable, aws_sdk, perform, run_machine, start_machine};
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
pub use task::{Callee, Function, Provides, Task, TaskToken, invoke, invoke_and_wait};
