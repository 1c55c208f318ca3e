//! Grants on batch inference jobs.

use cfn::intrinsics::sub;
use cfn::{IntoValue as _, Statement, Value};
use shared::capability::{self, Capability};

use super::{ANYWHERE, Grant, of};
use crate::ModelFamilies;

/// The ARNs of all jobs of the account, as text for `Fn::Sub`: what a job will be called is not known before.
pub(crate) const JOB_ARNS: &str =
    "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:model-invocation-job/*";

/// Jobs may be created that work under one role and invoke models of some families.
#[derive(Clone, Debug)]
pub struct SubmitJobsGrant {
    pub(crate) role: Value<String>,
    pub(crate) models: ModelFamilies,
}

impl Grant for SubmitJobsGrant {
    fn environment(&self) -> Value<String> {
        self.role.clone()
    }

    /// The action is authorised on the job and on the model. Source: Service Authorization Reference, Amazon Bedrock.
    fn statements(&self) -> Vec<(&'static str, Statement)> {
        let create = of(capability::SUBMIT_JOBS)
            .actions(capability::TAG_JOBS.actions.iter().copied())
            .resource(sub(JOB_ARNS));
        let of_models = of(capability::SUBMIT_JOBS).resources(self.models.arns());
        let pass = of(capability::PASS_JOB_ROLE)
            .resource(self.role.clone())
            .condition(
                "StringEquals",
                "iam:PassedToService",
                "bedrock.amazonaws.com",
            );
        vec![("", create), ("Models", of_models), ("Role", pass)]
    }

    fn problem(&self) -> Option<String> {
        self.models.problem()
    }
}

macro_rules! job_grants {
    ($($(#[$doc:meta])* $grant:ident, $function:ident: $capability:expr, $resource:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $grant(());

        $(#[$doc])*
        pub fn $function() -> $grant {
            $grant(())
        }

        impl Grant for $grant {
            fn environment(&self) -> Value<String> {
                ANYWHERE.into_value()
            }

            fn statements(&self) -> Vec<(&'static str, Statement)> {
                let capability: Capability = $capability;
                vec![("", of(capability).resource($resource))]
            }

            fn problem(&self) -> Option<String> {
                None
            }
        }
    )*};
}

job_grants! {
    /// Every job of the account and its tags may be read.
    ReadJobsGrant, read_jobs: capability::READ_JOBS, sub(JOB_ARNS);
    /// Jobs of the account may be listed. The action knows no resources.
    FindJobsGrant, find_jobs: capability::FIND_JOBS, "*";
    /// Every job of the account may be stopped.
    StopJobsGrant, stop_jobs: capability::STOP_JOBS, sub(JOB_ARNS);
}
