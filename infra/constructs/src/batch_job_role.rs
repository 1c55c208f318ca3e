//! The role under which Amazon Bedrock works on batch inference jobs.

use cfn::iam::role::Policy;
use cfn::intrinsics::sub;
use cfn::{IntoValue as _, PolicyDocument, Principal, Statement, Value, iam, pseudo};

use crate::grants::{JOB_ARNS, Objects, SubmitJobsGrant};
use crate::{BucketHandle, ModelFamilies, Name, Stack};

const BEDROCK: &str = "bedrock.amazonaws.com";

/// The role of batch jobs, before it is added to a stack: Bedrock may read inputs and write outputs in one bucket, and invoke
/// models of some families, for jobs of this account.
///
/// ```
/// use constructs::{BatchJobRole, Bucket, ModelFamilies, Stack};
///
/// let mut stack = Stack::new("example", "Jobs read and write one bucket");
/// let batch = Bucket::new("Batch").add_to(&mut stack);
/// let role = BatchJobRole::new("Jobs", &batch, &ModelFamilies::of_batch())
///     .read_below("batch_inputs_json/")
///     .write_below("batch_outputs_json/")
///     .add_to(&mut stack);
/// let jobs = role.submit();
/// ```
#[derive(Debug)]
#[must_use = "a role exists once it is added to a stack"]
pub struct BatchJobRole {
    name: Name,
    bucket: BucketHandle,
    models: ModelFamilies,
    inputs: Vec<String>,
    outputs: Vec<String>,
}

impl BatchJobRole {
    /// A role that may invoke models and, so far, neither read nor write.
    pub fn new(name: impl Into<Name>, bucket: &BucketHandle, models: &ModelFamilies) -> Self {
        Self {
            name: name.into(),
            bucket: bucket.clone(),
            models: models.clone(),
            inputs: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// Inputs are below this prefix.
    pub fn read_below(mut self, prefix: &str) -> Self {
        self.inputs.push(prefix.to_owned());
        self
    }

    /// Outputs are below this prefix.
    pub fn write_below(mut self, prefix: &str) -> Self {
        self.outputs.push(prefix.to_owned());
        self
    }

    /// Adds the role.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> BatchJobRoleHandle {
        stack.check_name(&self.name);
        self.check(stack);
        let policy = Policy::new()
            .policy_name(self.name.kebab())
            .policy_document(PolicyDocument::new().statements(self.statements()));
        let role = iam::Role::new()
            .description(format!("Batch jobs of {}", stack.name()))
            .assume_role_policy_document(PolicyDocument::new().statement(trust()))
            .policies([policy]);
        let role = stack.template.add(self.name.logical_id("Role"), role);
        BatchJobRoleHandle {
            role,
            models: self.models,
        }
    }

    #[track_caller]
    fn check(&self, stack: &mut Stack) {
        let missing = [(&self.inputs, "read_below"), (&self.outputs, "write_below")];
        for (_, method) in missing.iter().filter(|(prefixes, _)| prefixes.is_empty()) {
            stack.problem(format!(
                "role `{}` of batch jobs has no place to {}: name one by `{method}`",
                self.name,
                method.trim_end_matches("_below")
            ));
        }
        let named = missing.iter().filter(|(prefixes, _)| !prefixes.is_empty());
        let problems = named
            .filter_map(|(prefixes, _)| self.objects(*prefixes).problem())
            .chain(self.models.problem());
        for problem in problems.collect::<Vec<_>>() {
            stack.problem(format!("role `{}` of batch jobs: {problem}", self.name));
        }
    }

    fn objects<'a>(&self, prefixes: impl IntoIterator<Item = &'a String>) -> Objects {
        let prefixes = prefixes.into_iter().map(String::as_str);
        self.bucket.granted(prefixes)
    }

    /// Source: Amazon Bedrock User Guide, "Create a custom service role for batch inference". A profile is looked up before it
    /// is invoked.
    fn statements(&self) -> Vec<Statement> {
        let read = Statement::allow()
            .sid("Inputs")
            .action("s3:GetObject")
            .resources(self.objects(&self.inputs).object_arns());
        let write = Statement::allow()
            .sid("Outputs")
            .action("s3:PutObject")
            .resources(self.objects(&self.outputs).object_arns());
        let all = self.objects(self.inputs.iter().chain(&self.outputs));
        let list = Statement::allow().sid("Folders").action("s3:ListBucket");
        let list = all.listed(list);
        let in_this_account = |statement: Statement| {
            statement.condition("StringEquals", "aws:ResourceAccount", pseudo::account_id())
        };
        let invoke = Statement::allow()
            .sid("Models")
            .action("bedrock:InvokeModel")
            .resources(self.models.arns());
        let profiles = Statement::allow()
            .sid("Profiles")
            .action("bedrock:GetInferenceProfile")
            .resources(self.models.profile_arns());
        let key = all.key_statement(&["kms:Decrypt", "kms:GenerateDataKey"]);
        [read, write, list]
            .map(in_this_account)
            .into_iter()
            .chain([invoke, profiles])
            .chain(key.map(|statement| statement.sid("Key")))
            .collect()
    }
}

/// Only Bedrock, and only for jobs of this account.
fn trust() -> Statement {
    Statement::allow()
        .principal(Principal::service(BEDROCK))
        .action("sts:AssumeRole")
        .condition("StringEquals", "aws:SourceAccount", pseudo::account_id())
        .condition("ArnLike", "aws:SourceArn", sub(JOB_ARNS))
}

/// The role of batch jobs of a stack.
#[derive(Clone, Debug)]
pub struct BatchJobRoleHandle {
    role: iam::RoleRef,
    models: ModelFamilies,
}

impl BatchJobRoleHandle {
    /// The role's ARN.
    pub fn arn(&self) -> Value<String> {
        self.role.arn().into_value()
    }

    /// Jobs may be created that work under the role.
    pub fn submit(&self) -> SubmitJobsGrant {
        SubmitJobsGrant {
            role: self.arn(),
            models: self.models.clone(),
        }
    }
}
