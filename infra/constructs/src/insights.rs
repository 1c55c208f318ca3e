//! Saved queries over the logs of functions.

use cfn::intrinsics::sub;
use cfn::{Id, Value, logs};

use crate::{FunctionHandle, Name, Stack};

/// A query that people find in the console of Logs Insights, in the folder of the deployed stack.
#[derive(Debug)]
#[must_use = "a query is saved once it is added to a stack"]
pub struct LogsInsightsQuery {
    name: Name,
    query: &'static str,
    groups: Vec<Value<Id<logs::LogGroup>>>,
}

impl LogsInsightsQuery {
    /// A query in the language of Logs Insights.
    pub fn new(name: impl Into<Name>, query: &'static str) -> Self {
        Self {
            name: name.into(),
            query,
            groups: Vec::new(),
        }
    }

    /// Searches the logs of this function, too.
    pub fn over<E>(mut self, function: &FunctionHandle<E>) -> Self {
        self.groups.push(function.log_group());
        self
    }

    /// Adds the query.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) {
        stack.check_name(&self.name);
        let path = format!("${{AWS::StackName}}/{}", self.name.kebab());
        let query = logs::QueryDefinition::new()
            .name(sub(path))
            .log_group_names(self.groups)
            .query_string(self.query);
        stack.template.add(self.name.logical_id("LogQuery"), query);
    }
}
