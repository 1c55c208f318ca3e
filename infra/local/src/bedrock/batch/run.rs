//! The life of one job, from `Submitted` to its end.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::input::{self, InputFile};
use super::job::{Counts, Job};
use super::{Account, Clock, JobFault, Objects, S3Uri, Status, event, record};
use crate::aws::ACCOUNT_ID;
use crate::bedrock::authorize::{self, Caller};
use crate::bedrock::server::Service;

/// The share of the time in `InProgress` after which a job shows how far it is, and hears that it shall stop.
const STEPS: u32 = 20;
/// What the service calls the file of counts beside the outputs.
const MANIFEST: &str = "manifest.json.out";
const SECONDS_PER_HOUR: u64 = 3600;

/// How a job ends, with the failure message.
type End = (Status, String);

/// A running job.
pub(super) struct Run {
    service: Arc<Service>,
    account: Arc<dyn Account>,
    /// As it was made: for what does not change.
    job: Job,
    input: S3Uri,
    /// The job's own folder.
    output: S3Uri,
}

impl Run {
    pub(super) fn new(
        service: Arc<Service>,
        account: Arc<dyn Account>,
        job: Job,
        input: S3Uri,
        output: &S3Uri,
    ) -> Self {
        let output = output.child(&format!("{}/", job.id()));
        Self {
            service,
            account,
            job,
            input,
            output,
        }
    }

    /// Tells of the job before its caller has its ARN, where the scenario wants that.
    pub(super) async fn begin(&self) {
        if self.is_early(Status::Submitted) {
            self.publish(Status::Submitted).await;
        }
    }

    /// Lives until the end.
    pub(super) async fn live(self) {
        if !self.is_early(Status::Submitted) {
            self.publish(Status::Submitted).await;
        }
        let (status, message) = match self.proceed().await {
            Ok(end) | Err(end) => end,
        };
        self.enter(status, message).await;
    }

    /// An error is an end before there is any output.
    async fn proceed(&self) -> Result<End, End> {
        let clock = *self.clock();
        self.pause(clock.submitted.into()).await?;
        self.enter(Status::Validating, String::new()).await;
        self.pause(clock.validating.into()).await?;
        let (objects, files) = self
            .validate()
            .await
            .map_err(|message| (Status::Failed, message))?;
        let total = files.iter().map(|file| file.records.len()).sum();
        self.count(Counts {
            total_record_count: total,
            ..Counts::default()
        });

        self.enter(Status::Scheduled, String::new()).await;
        let timeout = u64::from(self.job.request.timeout_duration_in_hours) * SECONDS_PER_HOUR;
        let expires = self.job.faults.contains(&JobFault::Expire);
        if expires || u64::from(clock.scheduled) >= timeout {
            self.pause(timeout).await?;
            return Err((Status::Expired, String::new()));
        }
        self.pause(clock.scheduled.into()).await?;

        self.enter(Status::InProgress, String::new()).await;
        let processable = self.processable(total, timeout);
        Ok(self.process(objects.as_ref(), &files, processable).await)
    }

    /// What the service checks before it schedules a job: the role, the files, and what the role may do.
    async fn validate(&self) -> Result<(Arc<dyn Objects>, Vec<InputFile>), String> {
        let failure = self.job.faults.iter().find_map(|fault| match fault {
            JobFault::Fail { message } => Some(message.clone()),
            _ => None,
        });
        if let Some(message) = failure {
            return Err(message);
        }
        let assumed = self
            .account
            .assume(&self.job.request.role_arn, &self.job.arn);
        let objects = assumed.await.map_err(|error| error.to_string())?;
        let quotas = self.service.batch.quotas();
        let files = input::read(objects.as_ref(), &self.input, quotas).await?;
        self.check_role(objects.as_ref()).await?;
        Ok((objects, files))
    }

    /// Whether the role may invoke the model and write the output.
    async fn check_role(&self, objects: &dyn Objects) -> Result<(), String> {
        let Some(access_key_id) = objects.access_key_id() else {
            return Ok(());
        };
        let Job { model, region, .. } = &self.job;
        let caller = Caller {
            access_key_id,
            region,
        };
        let models = model.resources(region, ACCOUNT_ID);
        let through = authorize::context(model, &models);
        let manifest = self.output.child(MANIFEST);
        let output = format!("arn:aws:s3:::{}/{}", manifest.bucket, manifest.key);
        for (action, resources, context) in [
            ("bedrock:InvokeModel", models, through),
            ("s3:PutObject", vec![output], json!({})),
        ] {
            self.service
                .authorize(&caller, action, &resources, context)
                .await
                .map_err(|error| error.message)?;
        }
        Ok(())
    }

    /// How many of the records the time and the scenario allow.
    fn processable(&self, total: usize, timeout: u64) -> usize {
        let duration = u64::from(self.clock().in_progress);
        let in_time = if duration <= timeout {
            total
        } else {
            let share = total as u64 * timeout / duration;
            usize::try_from(share).unwrap_or(total)
        };
        let unprocessed: usize = self
            .job
            .faults
            .iter()
            .map(|fault| match fault {
                JobFault::Partial { unprocessed } => *unprocessed,
                _ => 0,
            })
            .sum();
        in_time.min(total.saturating_sub(unprocessed))
    }

    /// Answers the records, file by file, and writes what there is when that is over.
    async fn process(&self, objects: &dyn Objects, files: &[InputFile], processable: usize) -> End {
        let total: usize = files.iter().map(|file| file.records.len()).sum();
        let mut counts = Counts {
            total_record_count: total,
            ..Counts::default()
        };
        let step = total.div_ceil(STEPS as usize).max(1);
        let seconds = u64::from(self.clock().in_progress).div_ceil(STEPS.into());
        let mut outputs = vec![String::new(); files.len()];
        let mut end = if processable < total {
            Status::PartiallyCompleted
        } else {
            Status::Completed
        };
        'records: for (file, output) in files.iter().zip(&mut outputs) {
            for record in &file.records {
                if counts.processed_record_count == processable {
                    break 'records;
                }
                let kind = self.job.request.model_invocation_type;
                let line =
                    record::process(&self.service, &self.job.model, kind, record, &mut counts)
                        .await;
                output.push_str(&line.to_string());
                output.push('\n');
                if counts.processed_record_count.is_multiple_of(step) {
                    self.count(counts);
                    if let Err((status, _)) = self.pause(seconds).await {
                        end = status;
                        break 'records;
                    }
                }
            }
        }
        self.count(counts);
        match self.write(objects, files, outputs, counts).await {
            Ok(()) => (end, String::new()),
            Err(message) => (Status::Failed, message),
        }
    }

    /// One `.out` for each input file, and the manifest last: who sees it sees all.
    async fn write(
        &self,
        objects: &dyn Objects,
        files: &[InputFile],
        outputs: Vec<String>,
        counts: Counts,
    ) -> Result<(), String> {
        let manifest = serde_json::to_string(&counts).map_err(|error| error.to_string())?;
        let named = files
            .iter()
            .map(|file| format!("{}.out", file.name))
            .zip(outputs)
            .chain([(MANIFEST.to_owned(), manifest)]);
        for (name, content) in named {
            let object = self.output.child(&name);
            objects
                .put(&object, content.into_bytes())
                .await
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Waits in the job's time, unless a caller stops the job.
    async fn pause(&self, seconds: u64) -> Result<(), End> {
        let speed = f64::from(self.clock().speed.get());
        let duration = Duration::from_secs(seconds).div_f64(speed);
        let stopped = tokio::select! {
            () = tokio::time::sleep(duration) => false,
            () = self.job.stop.notified() => true,
        };
        if !stopped {
            return Ok(());
        }
        self.publish(Status::Stopping).await;
        Err((Status::Stopped, String::new()))
    }

    /// Changes the status and tells of it, in the order that the scenario wants.
    async fn enter(&self, status: Status, message: String) {
        let early = self.is_early(status);
        if early {
            self.publish(status).await;
            let seconds = u64::from(self.clock().submitted);
            let lead = Duration::from_secs(seconds).div_f64(self.clock().speed.get().into());
            tokio::time::sleep(lead).await;
        }
        self.service.batch.update(&self.job.arn, |job| {
            job.status = status;
            job.message = message;
            job.modified = job.time.now();
        });
        if !early {
            self.publish(status).await;
        }
    }

    fn count(&self, counts: Counts) {
        self.service
            .batch
            .update(&self.job.arn, |job| job.counts = counts);
    }

    /// Sends the event of a status, none or twice where the scenario says so. The service does its best, too: a bus that
    /// fails is noted, and the job goes on.
    async fn publish(&self, status: Status) {
        let faults = &self.job.faults;
        if faults.contains(&JobFault::LostEvent { status }) {
            return;
        }
        let copies = if faults.contains(&JobFault::DuplicateEvent { status }) {
            2
        } else {
            1
        };
        let Some(job) = self.service.batch.job(&self.job.arn) else {
            return;
        };
        let event = event::state_change(&job, status);
        for _ in 0..copies {
            if let Err(error) = self.account.publish(&event).await {
                self.service.batch.note_undelivered(&error);
            }
        }
    }

    fn is_early(&self, status: Status) -> bool {
        self.job.faults.contains(&JobFault::EarlyEvent { status })
    }

    fn clock(&self) -> &Clock {
        self.service.batch.clock()
    }
}
