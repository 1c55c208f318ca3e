//! SQL through the Athena API: start, wait, read every page.

use std::time::Duration;

use aws_sdk_athena::Client;
use aws_sdk_athena::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_athena::types::{QueryExecutionContext, QueryExecutionState, ResultSet};

/// Rows of text; Athena sends every value as text and null as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultTable {
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Why a query gave no rows.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// Athena refused or failed a call.
    #[error("Athena did not answer: {0}")]
    Call(String),
    /// The query ran and failed.
    #[error("the query failed: {0}")]
    Failed(String),
    /// An answer lacked a field that the API promises.
    #[error("Athena's answer has no {0}")]
    Incomplete(&'static str),
}

/// Where a query runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The workgroup, which says where results go and what a query may cost.
    pub workgroup: String,
    /// The database in which unqualified tables are looked up.
    pub database: String,
}

/// Runs one statement and returns all its rows.
///
/// # Errors
/// When a call fails or the statement does; the message is Athena's.
pub async fn run(client: &Client, scope: &Scope, sql: &str) -> Result<ResultTable, QueryError> {
    let started = client
        .start_query_execution()
        .work_group(&scope.workgroup)
        .query_execution_context(
            QueryExecutionContext::builder()
                .database(&scope.database)
                .build(),
        )
        .query_string(sql)
        .send()
        .await
        .map_err(call)?;
    let id = started
        .query_execution_id()
        .ok_or(QueryError::Incomplete("query execution id"))?;
    wait(client, id).await?;
    read(client, id).await
}

async fn wait(client: &Client, id: &str) -> Result<(), QueryError> {
    let mut pause = Duration::from_millis(50);
    loop {
        let answer = client
            .get_query_execution()
            .query_execution_id(id)
            .send()
            .await
            .map_err(call)?;
        let status = answer
            .query_execution()
            .and_then(|execution| execution.status())
            .ok_or(QueryError::Incomplete("query status"))?;
        match status.state() {
            Some(QueryExecutionState::Succeeded) => return Ok(()),
            Some(QueryExecutionState::Failed | QueryExecutionState::Cancelled) => {
                return Err(QueryError::Failed(
                    status
                        .state_change_reason()
                        .unwrap_or("Athena gives no reason")
                        .to_owned(),
                ));
            }
            _ => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

async fn read(client: &Client, id: &str) -> Result<ResultTable, QueryError> {
    let mut table = ResultTable::default();
    let mut pages = client
        .get_query_results()
        .query_execution_id(id)
        .into_paginator()
        .send();
    let mut first = true;
    while let Some(page) = pages.next().await {
        let page = page.map_err(call)?;
        let Some(set) = page.result_set() else {
            continue;
        };
        if first {
            table.columns = column_names(set);
        }
        let rows = set.rows().iter().map(|row| {
            row.data()
                .iter()
                .map(|datum| datum.var_char_value().map(str::to_owned))
                .collect::<Vec<_>>()
        });
        // Only the first page repeats the column names, as its first row, and only for statements that return rows.
        let header: Vec<Option<String>> = table.columns.iter().cloned().map(Some).collect();
        table.rows.extend(
            rows.enumerate()
                .filter(|(index, row)| !(first && *index == 0 && *row == header))
                .map(|(_, row)| row),
        );
        first = false;
    }
    Ok(table)
}

fn column_names(set: &ResultSet) -> Vec<String> {
    set.result_set_metadata()
        .map(|metadata| {
            metadata
                .column_info()
                .iter()
                .map(|column| column.name().to_owned())
                .collect()
        })
        .unwrap_or_default()
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn call<E>(error: SdkError<E>) -> QueryError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => QueryError::Call(format!("{code}: {message}")),
        _ => QueryError::Call(DisplayErrorContext(&error).to_string()),
    }
}
