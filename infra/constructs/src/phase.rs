//! The synth phase: every port of a contract is a grant on a resource of the stack.

use cfn::{IntoValue, Value};
use shared::{Phase, SettingError, SettingValue};

use crate::grants::{
    AnswerTasksGrant, DeleteGrant, FindJobsGrant, ListGrant, ModelGrant, ModelsGrant,
    QueryItemsGrant, ReadBucketsGrant, ReadGrant, ReadItemsGrant, ReadJobsGrant, ReadSecretGrant,
    SendGrant, StopJobsGrant, SubmitJobsGrant, WriteGrant, WriteItemsGrant,
};

/// Ports are grants. A contract in this phase is what [`Function::new`](crate::Function::new) takes:
/// `Unzip::<Synth> { landing: landing.read(), ... }`.
#[derive(Clone, Copy, Debug)]
pub struct Synth;

impl Phase for Synth {
    type ReadObjects = ReadGrant;
    type ListObjects = ListGrant;
    type WriteObjects = WriteGrant;
    type DeleteObjects = DeleteGrant;
    type InvokeModel = ModelGrant;
    type SendMessages = SendGrant;
    type ReadBuckets = ReadBucketsGrant;
    type ReadItems = ReadItemsGrant;
    type WriteItems = WriteItemsGrant;
    type QueryItems = QueryItemsGrant;
    type InvokeModels = ModelsGrant;
    type SubmitJobs = SubmitJobsGrant;
    type ReadJobs = ReadJobsGrant;
    type FindJobs = FindJobsGrant;
    type StopJobs = StopJobsGrant;
    type AnswerTasks = AnswerTasksGrant;
    type ReadSecret = ReadSecretGrant;
    type Setting<T: SettingValue> = Setting<T>;
}

/// The value of a setting: known when the template is written, or given by a template parameter.
#[derive(Clone, Debug)]
pub struct Setting<T>(Source<T>);

#[derive(Clone, Debug)]
enum Source<T> {
    Literal(T),
    Deployment(Value<String>),
}

impl<T> Setting<T> {
    /// A value that is known only at deployment, such as a template parameter. The function checks it when it starts; give
    /// the parameter allowed values or a pattern, so that CloudFormation refuses a wrong one before.
    pub fn at_deployment(value: impl IntoValue<String>) -> Self {
        Self(Source::Deployment(value.into_value()))
    }
}

impl<T: SettingValue> Setting<T> {
    /// The text of the environment variable.
    pub(crate) fn environment(&self) -> Result<Value<String>, SettingError> {
        match &self.0 {
            Source::Literal(value) => Ok(value.to_environment()?.into_value()),
            Source::Deployment(value) => Ok(value.clone()),
        }
    }
}

impl<T: SettingValue> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Self(Source::Literal(value))
    }
}

/// The setting's own default.
impl<T: SettingValue + Default> Default for Setting<T> {
    fn default() -> Self {
        T::default().into()
    }
}
