//! The catalogue: databases, tables, views and crawlers of Glue, which Athena queries.

mod crawler;
mod table;
mod view;

use cfn::glue::database::DatabaseInput;
use cfn::intrinsics::{join, split};
use cfn::{Id, IntoValue as _, Value, glue, pseudo};

pub use crawler::Crawler;
pub use table::{GlueTable, TableHandle};
pub use view::{View, with_views};

use crate::Stack;

/// A database, before it is added to a stack. A stack has one, named after the deployed stack with underscores for hyphens, so
/// that no query needs quotes.
#[derive(Debug)]
#[must_use = "a database exists once it is added to a stack"]
pub struct GlueDatabase {
    description: String,
}

impl GlueDatabase {
    /// A database.
    pub fn new(description: &str) -> Self {
        Self {
            description: description.to_owned(),
        }
    }

    /// Adds the database.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> DatabaseHandle {
        let name = join("_", split("-", pseudo::stack_name()));
        let input = DatabaseInput::new()
            .name(name)
            .description(self.description);
        let database = glue::Database::new()
            .catalog_id(pseudo::account_id())
            .database_input(input);
        DatabaseHandle(stack.template.add("Database", database))
    }
}

/// A database of a stack.
#[derive(Clone, Debug)]
pub struct DatabaseHandle(glue::DatabaseRef);

impl DatabaseHandle {
    /// The database's name.
    pub fn name(&self) -> Value<String> {
        self.0.reference().into_value()
    }

    pub(crate) fn reference(&self) -> Value<Id<glue::Database>> {
        self.0.reference()
    }
}
