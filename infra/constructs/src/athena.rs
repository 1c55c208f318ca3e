//! Athena: where queries run, and the queries worth keeping.

use cfn::athena::work_group::{
    EncryptionConfiguration, EncryptionOption, EngineVersion, ResultConfiguration, State,
    WorkGroupConfiguration,
};
use cfn::intrinsics::sub;
use cfn::{IntoValue as _, Value, athena, pseudo};

use crate::{BucketHandle, DatabaseHandle, Name, Stack};

/// Athena accepts no smaller bound on the bytes of a query.
const LEAST_CUTOFF_MEGABYTES: u32 = 10;

/// A workgroup, before it is added to a stack. A stack has one, named after the deployed stack.
#[derive(Debug)]
#[must_use = "a workgroup exists once it is added to a stack"]
pub struct Workgroup {
    description: String,
    results: BucketHandle,
    cutoff_megabytes: Option<u32>,
}

impl Workgroup {
    /// A workgroup that writes results into a bucket, below `results/`, encrypted with a key of S3. Clients cannot choose
    /// another place.
    pub fn new(description: &str, results: &BucketHandle) -> Self {
        Self {
            description: description.to_owned(),
            results: results.clone(),
            cutoff_megabytes: None,
        }
    }

    /// Stops a query that would read more than so many megabytes; at least 10.
    pub fn scan_at_most(mut self, megabytes: u32) -> Self {
        self.cutoff_megabytes = Some(megabytes);
        self
    }

    /// Adds the workgroup.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> WorkgroupHandle {
        let encryption = EncryptionConfiguration::new().encryption_option(EncryptionOption::SseS3);
        let results = ResultConfiguration::new()
            .encryption_configuration(encryption)
            .output_location(sub(self.results.location("results/")));
        let mut configuration = WorkGroupConfiguration::new()
            .enforce_work_group_configuration(true)
            .publish_cloud_watch_metrics_enabled(true)
            .engine_version(EngineVersion::new().selected_engine_version("Athena engine version 3"))
            .result_configuration(results);
        if let Some(megabytes) = self.cutoff_megabytes {
            if megabytes < LEAST_CUTOFF_MEGABYTES {
                stack.problem(format!("a workgroup that scans at most {megabytes} MB is not to be had: Athena's least bound is {LEAST_CUTOFF_MEGABYTES} MB"));
            }
            configuration =
                configuration.bytes_scanned_cutoff_per_query(i64::from(megabytes) * 1_000_000);
        }
        let workgroup = athena::WorkGroup::new()
            .name(pseudo::stack_name())
            .description(self.description)
            .state(State::Enabled)
            // Saved queries and the history of queries go with the stack; the results are the bucket's.
            .recursive_delete_option(true)
            .work_group_configuration(configuration);
        WorkgroupHandle(stack.template.add("Workgroup", workgroup))
    }
}

/// A workgroup of a stack.
#[derive(Clone, Debug)]
pub struct WorkgroupHandle(athena::WorkGroupRef);

impl WorkgroupHandle {
    /// The workgroup's name.
    pub fn name(&self) -> Value<String> {
        self.0.reference().into_value()
    }
}

/// A query that people find in Athena's console.
#[derive(Clone, Copy, Debug)]
#[must_use = "a query is saved once it is added to a stack"]
pub struct NamedQuery {
    /// Its construct's name.
    pub name: &'static str,
    /// What it answers.
    pub description: &'static str,
    /// The query.
    pub sql: &'static str,
}

impl NamedQuery {
    /// Adds the query.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack, workgroup: &WorkgroupHandle, database: &DatabaseHandle) {
        let name = Name::new(self.name);
        stack.check_name(&name);
        let query = athena::NamedQuery::new()
            .name(name.kebab())
            .description(self.description)
            .work_group(workgroup.0.reference())
            .database(database.reference())
            .query_string(self.sql);
        stack.template.add(name.logical_id("Query"), query);
    }
}
