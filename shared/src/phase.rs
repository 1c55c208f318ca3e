//! Phases: what a port is at synth and at run time.

use crate::SettingValue;

/// A phase gives every kind of port its type.
///
/// The run phase (feature `run`) makes each port a client that offers only the operations granted. The synth phase is a
/// local type of the `constructs` crate and makes each port a grant, so this crate never learns about `CloudFormation`.
pub trait Phase: Sized + 'static {
    /// Read objects of a bucket below a prefix: [`crate::capability::READ_OBJECTS`].
    type ReadObjects;
    /// List the keys of a bucket below a prefix: [`crate::capability::LIST_OBJECTS`].
    type ListObjects;
    /// Write objects of a bucket below a prefix: [`crate::capability::WRITE_OBJECTS`].
    type WriteObjects;
    /// Delete objects of a bucket below a prefix: [`crate::capability::DELETE_OBJECTS`].
    type DeleteObjects;
    /// Invoke one foundation model or inference profile: [`crate::capability::INVOKE_MODEL`].
    type InvokeModel;
    /// Send messages to one queue: [`crate::capability::SEND_MESSAGES`].
    type SendMessages;
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
/// Object ports hold `s3://bucket/prefix`, queues their URL, models their model or inference-profile id, and
/// settings the text of [`SettingValue::to_environment`].
#[must_use]
pub fn environment_variable(port: &str) -> String {
    port.to_ascii_uppercase()
}
