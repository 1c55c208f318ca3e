//! Jobs, rows and a machine that waits.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use jobs::{JobRow, RowStatus};
use shared::batch::status::JobStatus;
use shared::contracts::batch::{JobEnd, SubmissionPolicy, job_row};
use shared::run::{Condition, Error, ErrorKind, Item, ItemUpdate, NewJob, Scalar};
use shared::telemetry::log::timestamp;

use super::{Faults, failure};

/// A job of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) client_request_token: String,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) status: JobStatus,
    pub(crate) message: Option<String>,
    pub(crate) processed: Option<u64>,
    pub(crate) errors: Option<u64>,
}

/// Everything.
pub(crate) struct World {
    pub(crate) policy: SubmissionPolicy,
    pub(crate) faults: Faults,
    pub(crate) now: Cell<SystemTime>,
    pub(crate) rows: RefCell<BTreeMap<String, Item>>,
    pub(crate) jobs: RefCell<Vec<Job>>,
    pub(crate) created: RefCell<Vec<NewJob>>,
    /// Tokens under which somebody waits.
    pub(crate) waiting: RefCell<BTreeSet<String>>,
    /// Who was told what.
    pub(crate) told: RefCell<Vec<(String, JobEnd)>>,
    pub(crate) stops: RefCell<Vec<String>>,
    pub(crate) calls: RefCell<Vec<&'static str>>,
    /// Whether a new job is listed already.
    pub(crate) listed: Cell<bool>,
    /// Whether other tags make another request of one with the same token.
    pub(crate) compares_tags: Cell<bool>,
    /// How the service calls a name that is taken.
    pub(crate) name_taken: Cell<(ErrorKind, &'static str)>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            policy: SubmissionPolicy::default(),
            faults: Faults::default(),
            now: Cell::new(SystemTime::UNIX_EPOCH + Duration::from_hours(500_000)),
            rows: RefCell::default(),
            jobs: RefCell::default(),
            created: RefCell::default(),
            waiting: RefCell::default(),
            told: RefCell::default(),
            stops: RefCell::default(),
            calls: RefCell::default(),
            listed: Cell::new(true),
            compares_tags: Cell::new(false),
            name_taken: Cell::new((ErrorKind::Changed, "ConflictException")),
        }
    }

    pub(crate) fn later(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
    }

    pub(crate) fn now_text(&self) -> String {
        timestamp(self.now.get())
    }

    /// Somebody waits under this token.
    pub(crate) fn wait(&self, token: &str) {
        self.waiting.borrow_mut().insert(token.to_owned());
    }

    pub(crate) fn row(&self, name: &str) -> JobRow {
        JobRow::from_item(&self.rows.borrow()[name]).unwrap()
    }

    pub(crate) fn job(&self, name: &str) -> Job {
        let jobs = self.jobs.borrow();
        let mut named = jobs.iter().filter(|job| job.name == name);
        let job = named.next().unwrap().clone();
        assert_eq!(named.next(), None, "two jobs have the name {name}");
        job
    }

    pub(crate) fn set_status(&self, name: &str, status: JobStatus) {
        let mut jobs = self.jobs.borrow_mut();
        let job = jobs.iter_mut().find(|job| job.name == name).unwrap();
        assert!(!job.status.is_terminal() || job.status == status);
        job.status = status;
        if status == JobStatus::Failed {
            job.message = Some("the input has 50 records, at least 100 are needed".to_owned());
        } else if status.is_terminal() {
            (job.processed, job.errors) = (Some(500), Some(3));
        }
    }

    /// A job that another team made.
    pub(crate) fn add_foreign(&self, name: &str, tags: &[(&str, &str)]) -> String {
        let tags = tags
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()));
        self.add(name, "somebody-elses", tags.collect())
    }

    fn add(&self, name: &str, client_request_token: &str, tags: Vec<(String, String)>) -> String {
        let mut jobs = self.jobs.borrow_mut();
        let arn = format!(
            "arn:aws:bedrock:eu-central-1:111122223333:model-invocation-job/{:012}",
            jobs.len()
        );
        jobs.push(Job {
            arn: arn.clone(),
            name: name.to_owned(),
            client_request_token: client_request_token.to_owned(),
            tags,
            status: JobStatus::Submitted,
            message: None,
            processed: None,
            errors: None,
        });
        arn
    }

    pub(super) fn create_now(&self, new: &NewJob) -> Result<String, Error> {
        let same = |job: &&Job| job.client_request_token == new.client_request_token;
        let known = self.jobs.borrow().iter().find(same).cloned();
        if let Some(known) = known
            && (!self.compares_tags.get() || known.tags == new.tags)
        {
            return Ok(known.arn);
        }
        if self.jobs.borrow().iter().any(|job| job.name == new.name) {
            let (kind, code) = self.name_taken.get();
            return Err(failure("CreateModelInvocationJob", kind, code));
        }
        self.created.borrow_mut().push(new.clone());
        Ok(self.add(&new.name, &new.client_request_token, new.tags.clone()))
    }

    pub(super) fn change_now(&self, update: &ItemUpdate) -> bool {
        let mut rows = self.rows.borrow_mut();
        let old = rows.get(update.key()).cloned().unwrap_or_default();
        if !update
            .conditions()
            .iter()
            .all(|condition| holds(condition, &old))
        {
            return false;
        }
        let mut new = old.clone();
        new.insert(update.key_attribute().to_owned(), update.key().into());
        new.extend(update.sets().iter().cloned());
        for name in update.removes() {
            new.remove(name);
        }
        check_change(&old, &new);
        rows.insert(update.key().to_owned(), new);
        true
    }
}

fn holds(condition: &Condition, item: &Item) -> bool {
    match condition {
        Condition::Exists(name) => item.contains_key(name),
        Condition::Missing(name) => !item.contains_key(name),
        Condition::Equals(name, value) => item.get(name) == Some(value),
        Condition::NoneOf(name, values) => {
            item.get(name).is_none_or(|value| !values.contains(value))
        }
    }
}

/// What holds of every change of a row.
fn check_change(old: &Item, new: &Item) {
    let row = JobRow::from_item(new).expect("every row can be read");
    assert_eq!(
        row.open,
        row.token.is_some(),
        "open rows have a token, others none"
    );
    let (Some(old), RowStatus::Job(now)) = (status(old), row.status) else {
        assert!(
            !matches!(status(old), Some(RowStatus::Job(_))),
            "a job is not forgotten"
        );
        return;
    };
    if let RowStatus::Job(before) = old {
        assert!(before <= now, "from {before} back to {now}");
        assert!(!before.is_terminal() || before == now, "{before} was final");
    }
}

fn status(item: &Item) -> Option<RowStatus> {
    let status = item.get(job_row::STATUS).and_then(Scalar::text)?;
    Some(status.parse().unwrap())
}
