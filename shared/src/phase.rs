//! Phases: what a port is at synth and at run time.

use crate::SettingValue;

/// A phase gives every kind of port its type.
///
/// The run phase (feature `run`) makes each port a client that offers only the operations granted. The synth phase is a
/// local type of the `constructs` crate and makes each port a grant, so this crate never learns about `CloudFormation`.
pub trait Phase: Sized + 'static {
    /// Read objects of a bucket below one or more prefixes: [`crate::capability::READ_OBJECTS`].
    type ReadObjects;
    /// List the keys of a bucket below one or more prefixes: [`crate::capability::LIST_OBJECTS`].
    type ListObjects;
    /// Write objects of a bucket below one or more prefixes: [`crate::capability::WRITE_OBJECTS`].
    type WriteObjects;
    /// Delete objects of a bucket below one or more prefixes: [`crate::capability::DELETE_OBJECTS`].
    type DeleteObjects;
    /// Invoke one foundation model or inference profile: [`crate::capability::INVOKE_MODEL`].
    type InvokeModel;
    /// Send messages to one queue: [`crate::capability::SEND_MESSAGES`].
    type SendMessages;
    /// Read and list objects of several buckets: [`crate::capability::READ_BUCKET_OBJECTS`], [`crate::capability::LIST_BUCKETS`].
    type ReadBuckets;
    /// Read items of one table by their key: [`crate::capability::READ_ITEMS`].
    type ReadItems;
    /// Write items of one table: [`crate::capability::WRITE_ITEMS`].
    type WriteItems;
    /// Query one index of a table: [`crate::capability::QUERY_ITEMS`].
    type QueryItems;
    /// Invoke any of several families of models: [`crate::capability::INVOKE_MODEL`].
    type InvokeModels;
    /// Create batch inference jobs: [`crate::capability::SUBMIT_JOBS`].
    type SubmitJobs;
    /// Read batch inference jobs and their tags: [`crate::capability::READ_JOBS`].
    type ReadJobs;
    /// Find batch inference jobs by name: [`crate::capability::FIND_JOBS`].
    type FindJobs;
    /// Stop batch inference jobs: [`crate::capability::STOP_JOBS`].
    type StopJobs;
    /// Answer waiting steps of one state machine: [`crate::capability::ANSWER_TASKS`].
    type AnswerTasks;
    /// Read one secret, which the operator may leave out: [`crate::capability::READ_SECRET`].
    type ReadSecret;
    /// A plain value, fixed at deployment.
    type Setting<T: SettingValue>;
}

/// A set of ports that can be walked and built by name; derived, see the [crate documentation](crate).
pub trait Ports<P: Phase>: Sized {
    /// Shows every port with its name, in declaration order.
    fn visit<V: PortVisitor<P>>(&self, visitor: &mut V);

    /// Builds every port by its name, in declaration order.
    ///
    /// # Errors
    /// The first error of the source.
    fn build<S: PortSource<P>>(source: &mut S) -> Result<Self, S::Error>;
}

/// Sees the ports of a contract; synth derives environment variables and IAM statements this way.
pub trait PortVisitor<P: Phase> {
    /// A port that reads objects.
    fn read_objects(&mut self, name: &'static str, port: &P::ReadObjects);
    /// A port that lists keys.
    fn list_objects(&mut self, name: &'static str, port: &P::ListObjects);
    /// A port that writes objects.
    fn write_objects(&mut self, name: &'static str, port: &P::WriteObjects);
    /// A port that deletes objects.
    fn delete_objects(&mut self, name: &'static str, port: &P::DeleteObjects);
    /// A port that invokes a model.
    fn invoke_model(&mut self, name: &'static str, port: &P::InvokeModel);
    /// A port that sends messages.
    fn send_messages(&mut self, name: &'static str, port: &P::SendMessages);
    /// A port that reads several buckets.
    fn read_buckets(&mut self, name: &'static str, port: &P::ReadBuckets);
    /// A port that reads items.
    fn read_items(&mut self, name: &'static str, port: &P::ReadItems);
    /// A port that writes items.
    fn write_items(&mut self, name: &'static str, port: &P::WriteItems);
    /// A port that queries an index.
    fn query_items(&mut self, name: &'static str, port: &P::QueryItems);
    /// A port that invokes models.
    fn invoke_models(&mut self, name: &'static str, port: &P::InvokeModels);
    /// A port that creates batch jobs.
    fn submit_jobs(&mut self, name: &'static str, port: &P::SubmitJobs);
    /// A port that reads batch jobs.
    fn read_jobs(&mut self, name: &'static str, port: &P::ReadJobs);
    /// A port that finds batch jobs.
    fn find_jobs(&mut self, name: &'static str, port: &P::FindJobs);
    /// A port that stops batch jobs.
    fn stop_jobs(&mut self, name: &'static str, port: &P::StopJobs);
    /// A port that answers waiting steps.
    fn answer_tasks(&mut self, name: &'static str, port: &P::AnswerTasks);
    /// A port that reads a secret.
    fn read_secret(&mut self, name: &'static str, port: &P::ReadSecret);
    /// A setting.
    fn setting<T: SettingValue>(&mut self, name: &'static str, port: &P::Setting<T>);
}

/// Makes the ports of a contract; the run phase reads them from the environment.
pub trait PortSource<P: Phase> {
    /// Why a port could not be made.
    type Error;
    /// A port that reads objects.
    ///
    /// # Errors
    /// When the port is not configured.
    fn read_objects(&mut self, name: &'static str) -> Result<P::ReadObjects, Self::Error>;
    /// A port that lists keys.
    ///
    /// # Errors
    /// When the port is not configured.
    fn list_objects(&mut self, name: &'static str) -> Result<P::ListObjects, Self::Error>;
    /// A port that writes objects.
    ///
    /// # Errors
    /// When the port is not configured.
    fn write_objects(&mut self, name: &'static str) -> Result<P::WriteObjects, Self::Error>;
    /// A port that deletes objects.
    ///
    /// # Errors
    /// When the port is not configured.
    fn delete_objects(&mut self, name: &'static str) -> Result<P::DeleteObjects, Self::Error>;
    /// A port that invokes a model.
    ///
    /// # Errors
    /// When the port is not configured.
    fn invoke_model(&mut self, name: &'static str) -> Result<P::InvokeModel, Self::Error>;
    /// A port that sends messages.
    ///
    /// # Errors
    /// When the port is not configured.
    fn send_messages(&mut self, name: &'static str) -> Result<P::SendMessages, Self::Error>;
    /// A port that reads several buckets.
    ///
    /// # Errors
    /// When the port is not configured.
    fn read_buckets(&mut self, name: &'static str) -> Result<P::ReadBuckets, Self::Error>;
    /// A port that reads items.
    ///
    /// # Errors
    /// When the port is not configured.
    fn read_items(&mut self, name: &'static str) -> Result<P::ReadItems, Self::Error>;
    /// A port that writes items.
    ///
    /// # Errors
    /// When the port is not configured.
    fn write_items(&mut self, name: &'static str) -> Result<P::WriteItems, Self::Error>;
    /// A port that queries an index.
    ///
    /// # Errors
    /// When the port is not configured.
    fn query_items(&mut self, name: &'static str) -> Result<P::QueryItems, Self::Error>;
    /// A port that invokes models.
    ///
    /// # Errors
    /// When the port is not configured.
    fn invoke_models(&mut self, name: &'static str) -> Result<P::InvokeModels, Self::Error>;
    /// A port that creates batch jobs.
    ///
    /// # Errors
    /// When the port is not configured.
    fn submit_jobs(&mut self, name: &'static str) -> Result<P::SubmitJobs, Self::Error>;
    /// A port that reads batch jobs.
    ///
    /// # Errors
    /// When the port is not configured.
    fn read_jobs(&mut self, name: &'static str) -> Result<P::ReadJobs, Self::Error>;
    /// A port that finds batch jobs.
    ///
    /// # Errors
    /// When the port is not configured.
    fn find_jobs(&mut self, name: &'static str) -> Result<P::FindJobs, Self::Error>;
    /// A port that stops batch jobs.
    ///
    /// # Errors
    /// When the port is not configured.
    fn stop_jobs(&mut self, name: &'static str) -> Result<P::StopJobs, Self::Error>;
    /// A port that answers waiting steps.
    ///
    /// # Errors
    /// When the port is not configured.
    fn answer_tasks(&mut self, name: &'static str) -> Result<P::AnswerTasks, Self::Error>;
    /// A port that reads a secret.
    ///
    /// # Errors
    /// When the port is not configured.
    fn read_secret(&mut self, name: &'static str) -> Result<P::ReadSecret, Self::Error>;
    /// A setting.
    ///
    /// # Errors
    /// When the setting is missing or invalid.
    fn setting<T: SettingValue>(
        &mut self,
        name: &'static str,
    ) -> Result<P::Setting<T>, Self::Error>;
}

/// The environment variable that carries a port: its name in capitals.
///
/// Object ports hold `s3://bucket/prefix`, those of several prefixes `s3://bucket/one/,another/`: the run phase refuses a key
/// outside them before a call, as IAM would. Several buckets are their names with commas between them, queues their URL,
/// models their model or inference-profile id, tables their name, indexes `table/index`, the port that creates batch jobs the
/// ARN of their role, the port that answers steps the ARN of the machine, secrets their ARN or `none`, and settings the text
/// of [`SettingValue::to_environment`]. Ports that need no place hold `any`.
#[must_use]
pub fn environment_variable(port: &str) -> String {
    port.to_ascii_uppercase()
}
