//! The operations of the control plane, and the jobs they work on.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::account::locked;
use super::job::{Counts, Job, JobTime, id};
use super::listing::Listing;
use super::request::{CreateRequest, MAX_TAGS, Tag, refuse, wrong_tags};
use super::run::Run;
use super::scenario::JobRules;
use super::{Account, AccountError, BatchScenario, Clock, JobFault, Quotas, Status};
use crate::aws::ACCOUNT_ID;
use crate::bedrock::ErrorCode;
use crate::bedrock::error::ServiceError;
use crate::bedrock::model_id::ModelId;
use crate::bedrock::server::Service;
use crate::hash::sha256;

/// All jobs of a simulator.
#[derive(Debug)]
pub(in crate::bedrock) struct Batch {
    clock: Clock,
    quotas: Quotas,
    rules: Mutex<JobRules>,
    /// In the order in which they were made.
    jobs: Mutex<Vec<Job>>,
    runs: Mutex<JoinSet<()>>,
    account: Mutex<Option<Arc<dyn Account>>>,
    undelivered: Mutex<Vec<String>>,
}

/// A request that passed every check and every rule.
pub(super) struct Order {
    pub(super) request: CreateRequest,
    pub(super) model: ModelId,
    pub(super) region: String,
}

impl Batch {
    pub(in crate::bedrock) fn new(scenario: &BatchScenario) -> Self {
        Self {
            clock: scenario.clock,
            quotas: scenario.quotas,
            rules: Mutex::new(JobRules::new(&scenario.rules)),
            jobs: Mutex::default(),
            runs: Mutex::default(),
            account: Mutex::default(),
            undelivered: Mutex::default(),
        }
    }

    pub(in crate::bedrock) fn use_account(&self, account: Arc<dyn Account>) {
        *locked(&self.account) = Some(account);
    }

    /// Ends every run where it is.
    pub(in crate::bedrock) fn abort(&self) {
        locked(&self.runs).abort_all();
    }

    pub(in crate::bedrock) fn undelivered(&self) -> Vec<String> {
        locked(&self.undelivered).clone()
    }

    pub(super) fn note_undelivered(&self, error: &AccountError) {
        locked(&self.undelivered).push(error.to_string());
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    pub(in crate::bedrock) fn account(&self) -> Option<Arc<dyn Account>> {
        locked(&self.account).clone()
    }

    /// A job by its ARN or its id.
    pub(super) fn job(&self, identifier: &str) -> Option<Job> {
        let jobs = locked(&self.jobs);
        jobs.iter().find(|job| job.id() == id(identifier)).cloned()
    }

    pub(super) fn update(&self, arn: &str, change: impl FnOnce(&mut Job)) {
        let mut jobs = locked(&self.jobs);
        if let Some(job) = jobs.iter_mut().find(|job| job.arn == arn) {
            change(job);
        }
    }

    /// Makes the job, or finds the one that the same token made; only the first is new.
    fn register(&self, order: Order) -> Result<(Job, bool), ServiceError> {
        let Order {
            request,
            model,
            region,
        } = order;
        let mut jobs = locked(&self.jobs);
        let token = request.client_request_token.as_ref();
        if let Some(known) = jobs
            .iter()
            .find(|job| token.is_some() && job.request.client_request_token.as_ref() == token)
        {
            return Ok((known.clone(), false));
        }
        let faults = locked(&self.rules)
            .decide(&request.job_name, &request.model_id)
            .map_err(refusal)?;
        if let Some(known) = jobs
            .iter()
            .find(|job| job.request.job_name == request.job_name)
        {
            return Err(ServiceError::new(
                ErrorCode::ConflictException,
                format!(
                    "The job name {} is used by {}: choose another, or repeat its clientRequestToken.",
                    request.job_name, known.arn
                ),
            ));
        }
        let open = jobs
            .iter()
            .filter(|job| !job.status.is_terminal() && job.model.foundation == model.foundation)
            .count();
        if open >= self.quotas.open_jobs {
            return Err(ServiceError::new(
                ErrorCode::ServiceQuotaExceededException,
                format!(
                    "The sum of in-progress and submitted batch inference jobs using {} has reached its quota of {}: wait until one ends.",
                    model.foundation, self.quotas.open_jobs
                ),
            ));
        }
        let hash = sha256(format!("{}:{}", request.job_name, jobs.len()).as_bytes());
        let time = JobTime::start(self.clock.speed.get());
        let job = Job {
            arn: format!(
                "arn:aws:bedrock:{region}:{ACCOUNT_ID}:model-invocation-job/{}",
                &hash[..12]
            ),
            tags: request.tags.clone(),
            request,
            model,
            region,
            faults,
            time,
            status: Status::Submitted,
            modified: time.submitted,
            message: String::new(),
            counts: Counts::default(),
            stop: Arc::new(Notify::new()),
        };
        jobs.push(job.clone());
        Ok((job, true))
    }

    pub(super) fn list(&self, listing: &Listing) -> Result<Value, ServiceError> {
        listing.page(&locked(&self.jobs))
    }

    pub(super) fn get(&self, identifier: &str) -> Result<Value, ServiceError> {
        let job = self.job(identifier).ok_or_else(|| missing(identifier))?;
        Ok(job.details())
    }

    pub(super) fn stop(&self, identifier: &str) -> Result<Value, ServiceError> {
        let mut jobs = locked(&self.jobs);
        let job = find(&mut jobs, identifier)?;
        if job.status.is_terminal() || job.status == Status::Stopping {
            return Err(ServiceError::new(
                ErrorCode::ConflictException,
                format!(
                    "The job {} is {} and cannot be stopped.",
                    job.arn,
                    job.status.name()
                ),
            ));
        }
        job.status = Status::Stopping;
        job.modified = job.time.now();
        job.stop.notify_one();
        Ok(json!({}))
    }

    pub(super) fn tag(&self, arn: &str, tags: Vec<Tag>) -> Result<Value, ServiceError> {
        refuse(&wrong_tags(&tags))?;
        let mut jobs = locked(&self.jobs);
        let job = find(&mut jobs, arn)?;
        let mut all = job.tags.clone();
        all.retain(|old| tags.iter().all(|new| new.key != old.key));
        all.extend(tags);
        check_number(&all)?;
        job.tags = all;
        Ok(json!({}))
    }

    pub(super) fn untag(&self, arn: &str, keys: &[String]) -> Result<Value, ServiceError> {
        let mut jobs = locked(&self.jobs);
        find(&mut jobs, arn)?
            .tags
            .retain(|tag| !keys.contains(&tag.key));
        Ok(json!({}))
    }

    pub(super) fn tags(&self, arn: &str) -> Result<Value, ServiceError> {
        let job = self.job(arn).ok_or_else(|| missing(arn))?;
        Ok(json!({ "tags": job.tags }))
    }
}

/// Makes a job and starts its run.
pub(super) async fn create(service: &Arc<Service>, order: Order) -> Result<Value, ServiceError> {
    check_number(&order.request.tags)?;
    let batch = &service.batch;
    let account = service.account(&order.region).ok_or_else(|| {
        ServiceError::new(
            ErrorCode::InternalServerException,
            "the simulator has no account to read from: connect it with a local AWS",
        )
    })?;
    let places = order.request.input().zip(order.request.output());
    let (input, output) =
        places.ok_or_else(|| ServiceError::validation("The S3 URIs are not valid."))?;
    let (job, new) = batch.register(order)?;
    let arn = job.arn.clone();
    let lost = job.faults.contains(&JobFault::LostResponse);
    if !new {
        return Ok(json!({ "jobArn": arn }));
    }
    let run = Run::new(Arc::clone(service), account, job, input, &output);
    run.begin().await;
    locked(&batch.runs).spawn(run.live());
    if lost {
        return Err(ServiceError::of(ErrorCode::InternalServerException, None));
    }
    Ok(json!({ "jobArn": arn }))
}

fn refusal(fault: JobFault) -> ServiceError {
    match fault {
        JobFault::Refuse { code, message } => ServiceError::of(code, message),
        _ => ServiceError::of(ErrorCode::InternalServerException, None),
    }
}

fn find<'a>(jobs: &'a mut [Job], identifier: &str) -> Result<&'a mut Job, ServiceError> {
    jobs.iter_mut()
        .find(|job| job.id() == id(identifier))
        .ok_or_else(|| missing(identifier))
}

fn missing(identifier: &str) -> ServiceError {
    ServiceError::new(
        ErrorCode::ResourceNotFoundException,
        format!("The model invocation job {identifier} does not exist."),
    )
}

fn check_number(tags: &[Tag]) -> Result<(), ServiceError> {
    if tags.len() <= MAX_TAGS {
        return Ok(());
    }
    Err(ServiceError::new(
        ErrorCode::TooManyTagsException,
        format!("A resource can have {MAX_TAGS} tags, not {}.", tags.len()),
    ))
}
