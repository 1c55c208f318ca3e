//! The ports that read, write and query the items of a table.

mod query;
mod reader;
mod scalar;
mod update;
mod writer;

pub use query::ItemQuery;
pub use reader::ItemReader;
pub use scalar::{Item, Scalar};
pub use update::{Condition, ItemUpdate};
pub use writer::ItemWriter;
