//! The jobs of a run, as the table of jobs knows them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use deploy::service;
use serde::Serialize;
use shared::contracts::batch::job_row;

use super::{BatchError, BatchStack};

/// The jobs of one attempt, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Jobs {
    /// How many there are in each status.
    pub(crate) by_status: BTreeMap<String, u64>,
    /// Records sent.
    pub(crate) records: u64,
    /// Records processed, as far as is known.
    pub(crate) processed: u64,
    /// Records with an error, as far as is known.
    pub(crate) errors: u64,
    /// Why the first of those failed that say why: most often all fail for one reason.
    pub(crate) message: Option<String>,
}

impl Jobs {
    /// Adds the jobs of an attempt up.
    fn of_rows<'a>(rows: impl Iterator<Item = &'a Row>, attempt: u32) -> Self {
        let mut jobs = Self::default();
        for row in rows.filter(|row| number(row, job_row::ATTEMPT) == u64::from(attempt)) {
            let status = text(row, job_row::STATUS).unwrap_or("unknown");
            *jobs.by_status.entry(status.to_owned()).or_default() += 1;
            jobs.records += number(row, job_row::RECORDS);
            jobs.processed += number(row, job_row::PROCESSED);
            jobs.errors += number(row, job_row::ERRORS);
            if jobs.message.is_none() {
                jobs.message = text(row, job_row::MESSAGE).map(str::to_owned);
            }
        }
        jobs
    }

    /// Looks the jobs of a run up.
    pub(crate) async fn of_run(
        stack: &BatchStack,
        run: &str,
        attempt: u32,
    ) -> Result<Self, BatchError> {
        let mut pages = stack
            .dynamodb()
            .query()
            .table_name(&stack.job_table)
            .index_name(job_row::BY_RUN)
            .key_condition_expression("#run = :run")
            .expression_attribute_names("#run", job_row::RUN)
            .expression_attribute_values(":run", AttributeValue::S(run.to_owned()))
            .into_paginator()
            .items()
            .send();
        let mut rows = Vec::new();
        while let Some(row) = pages.next().await {
            rows.push(row.map_err(service(format!("look up the jobs of run `{run}`")))?);
        }
        Ok(Self::of_rows(rows.iter(), attempt))
    }

    /// How many jobs there are.
    pub(crate) fn number(&self) -> u64 {
        self.by_status.values().sum()
    }
}

type Row = HashMap<String, AttributeValue>;

fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    let value = row.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).filter(|text| !text.is_empty())
}

fn number(row: &Row, name: &str) -> u64 {
    let value = row.get(name).and_then(|value| value.as_n().ok());
    value
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(attempt: u32, status: &str, processed: Option<u64>) -> Row {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let digits = |number: u64| AttributeValue::N(number.to_string());
        let mut row = HashMap::from([
            (job_row::ATTEMPT.to_owned(), digits(attempt.into())),
            (job_row::STATUS.to_owned(), text(status)),
            (job_row::RECORDS.to_owned(), digits(100)),
        ]);
        if status == "Submitting" {
            row.insert(job_row::MESSAGE.to_owned(), text("busy"));
        }
        row.extend(processed.map(|number| (job_row::PROCESSED.to_owned(), digits(number))));
        row
    }

    #[test]
    fn jobs_of_other_attempts_are_not_counted() {
        let rows = [
            row(0, "Completed", Some(100)),
            row(1, "InProgress", Some(7)),
            row(1, "Submitting", None),
        ];
        let jobs = Jobs::of_rows(rows.iter(), 1);
        let statuses: Vec<_> = jobs.by_status.into_iter().collect();
        assert_eq!(
            statuses,
            [("InProgress".to_owned(), 1), ("Submitting".to_owned(), 1)]
        );
        assert_eq!(jobs.message.as_deref(), Some("busy"));
        assert_eq!((jobs.records, jobs.processed, jobs.errors), (200, 7, 0));
    }
}
