//! `ListModelInvocationJobs`: filters, order, pages.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::job::Job;
use crate::bedrock::error::ServiceError;

/// The most jobs on a page, and how many when the caller does not say.
const MAX_RESULTS: usize = 1000;
const DEFAULT_RESULTS: usize = 100;

/// The query of a request.
#[derive(Debug, Default)]
pub(super) struct Listing {
    name_contains: Option<String>,
    status_equals: Option<String>,
    submitted_after: Option<OffsetDateTime>,
    submitted_before: Option<OffsetDateTime>,
    max_results: Option<usize>,
    /// The id of the last job of the page before.
    next_token: Option<String>,
    ascending: bool,
}

impl Listing {
    pub(super) fn parse(query: &str) -> Result<Self, ServiceError> {
        let mut listing = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let invalid = || {
                ServiceError::validation(format!(
                    "Value '{value}' at '{name}' failed to satisfy constraint"
                ))
            };
            let time = || OffsetDateTime::parse(&value, &Rfc3339).map_err(|_| invalid());
            match &*name {
                "nameContains" => listing.name_contains = Some(value.clone().into_owned()),
                "statusEquals" => listing.status_equals = Some(value.clone().into_owned()),
                "submitTimeAfter" => listing.submitted_after = Some(time()?),
                "submitTimeBefore" => listing.submitted_before = Some(time()?),
                "maxResults" => {
                    let number = value.parse().ok();
                    let number = number.filter(|number| (1..=MAX_RESULTS).contains(number));
                    listing.max_results = Some(number.ok_or_else(invalid)?);
                }
                "nextToken" => listing.next_token = Some(value.clone().into_owned()),
                "sortBy" if value == "CreationTime" => {}
                "sortOrder" if value == "Ascending" => listing.ascending = true,
                "sortOrder" if value == "Descending" => listing.ascending = false,
                "sortBy" | "sortOrder" => return Err(invalid()),
                // The service ignores what it does not know.
                _ => {}
            }
        }
        Ok(listing)
    }

    /// The page of these jobs, which come in the order in which they were made.
    pub(super) fn page(&self, jobs: &[Job]) -> Result<Value, ServiceError> {
        let mut matching: Vec<&Job> = jobs.iter().filter(|job| self.matches(job)).collect();
        if !self.ascending {
            matching.reverse();
        }
        let start = match &self.next_token {
            None => 0,
            Some(token) => {
                let place = matching.iter().position(|job| job.id() == token);
                place.ok_or_else(|| ServiceError::validation("The nextToken is not valid."))? + 1
            }
        };
        let rest = matching.get(start..).unwrap_or_default();
        let size = self.max_results.unwrap_or(DEFAULT_RESULTS);
        let page = &rest[..size.min(rest.len())];
        let summaries: Vec<Value> = page
            .iter()
            .map(|job| Value::Object(job.summary()))
            .collect();
        let mut answer = json!({ "invocationJobSummaries": summaries });
        if let (true, Some(last)) = (page.len() < rest.len(), page.last()) {
            answer["nextToken"] = Value::from(last.id());
        }
        Ok(answer)
    }

    fn matches(&self, job: &Job) -> bool {
        let submitted = job.time.submitted;
        self.name_contains
            .as_ref()
            .is_none_or(|part| job.request.job_name.contains(part))
            && self
                .status_equals
                .as_ref()
                .is_none_or(|status| job.status.name() == status)
            && self.submitted_after.is_none_or(|time| submitted > time)
            && self.submitted_before.is_none_or(|time| submitted < time)
    }
}
