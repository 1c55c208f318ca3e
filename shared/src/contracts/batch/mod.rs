//! The functions of the batch system, one file per function, and the data that travels between them.

mod files;
mod invoke_records;
mod postprocess;
mod preprocess;
mod reconcile_jobs;
mod report_run;
mod run;
mod stages;
mod stop_jobs;
mod submit_job;
mod track_job;
mod validate_run;

pub use files::{AttemptRecord, ChunkRecord, RunManifest, job_row};
pub use invoke_records::{InvocationPolicy, InvokeRecords};
pub use postprocess::{
    ChunkSummary, ChunkSummaryFields, Postprocess, PostprocessRequest, PostprocessRequestFields,
};
pub use preprocess::{Preprocess, RunPolicy};
pub use reconcile_jobs::{
    ReconcileJobs, ReconcileReport, ReconcileReportFields, ReconcileRequest, ReconcileRequestFields,
};
pub use report_run::{ReportRun, RunReport, RunReportFields, RunVerdict};
pub use run::{
    ChunkTask, ChunkTaskFields, Ending, JobEnd, JobEndFields, JobMode, RunFailure, RunOrder,
    RunOrderFields, RunPlan, RunPlanFields, RunReference, RunReferenceFields,
};
pub use stages::{StagesReport, StagesReportFields, StagesRequest, StagesRequestFields};
pub use stop_jobs::{StopJobs, StopReport, StopReportFields, StopRequest, StopRequestFields};
pub use submit_job::{
    SubmissionPolicy, SubmitFailure, SubmitJob, SubmitJobRequest, SubmitJobRequestFields,
};
pub use track_job::{TrackJob, Tracked, TrackedFields};
pub use validate_run::{ValidateRun, ValidateRunRequest, ValidateRunRequestFields};
