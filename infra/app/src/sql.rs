//! SQL against a deployed stack, on Athena or on the local AWS.

use constructs::{View, with_views};
use deploy::Target;

use crate::query::{self, QueryError, ResultTable, Scope};

/// Runs a statement.
///
/// The local AWS has tables but no views, so there the stack's views travel with the statement.
///
/// # Errors
/// When a call or the statement fails.
pub async fn query(
    target: &Target,
    scope: &Scope,
    views: &[View],
    sql: &str,
) -> Result<ResultTable, QueryError> {
    let client = aws_sdk_athena::Client::new(target.config());
    let on_aws = target.config().endpoint_url().is_none();
    let statement = if on_aws {
        sql.to_owned()
    } else {
        with_views(sql, views)
    };
    query::run(&client, scope, &statement).await
}
