//! Ports from environment variables.

use crate::{PortSource, SettingError, SettingValue, environment_variable};

use super::objects::{Location, LocationError};
use super::{
    Clients, MessageSender, ModelInvoker, ObjectLister, ObjectReader, ObjectRemover, ObjectWriter,
    Run,
};

/// Makes the ports of a contract from the variables that synth wrote for them.
#[derive(Debug)]
pub struct Environment<'a, V> {
    clients: &'a Clients,
    variable: V,
}

impl<'a> Environment<'a, fn(&str) -> Option<String>> {
    /// The environment of this process.
    #[must_use]
    pub fn of_process(clients: &'a Clients) -> Self {
        Self {
            clients,
            variable: |name| std::env::var(name).ok(),
        }
    }
}

impl<'a, V: Fn(&str) -> Option<String>> Environment<'a, V> {
    /// Variables looked up by a function, for tests.
    pub fn new(clients: &'a Clients, variable: V) -> Self {
        Self { clients, variable }
    }

    fn text(&self, port: &'static str) -> Result<String, PortError> {
        let name = environment_variable(port);
        match (self.variable)(&name) {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(PortError::Missing { name, port }),
        }
    }

    fn location(&self, port: &'static str) -> Result<Location, PortError> {
        let text = self.text(port)?;
        text.parse().map_err(|source| PortError::Location {
            name: environment_variable(port),
            source,
        })
    }
}

/// Why a port could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// The variable is not set, or empty.
    #[error(
        "environment variable `{name}` is not set: port `{port}` needs it; deploy the function by its stack, which writes it"
    )]
    Missing {
        /// The variable.
        name: String,
        /// The port.
        port: &'static str,
    },
    /// The variable does not name a place in S3.
    #[error("environment variable `{name}`: {source}")]
    Location {
        /// The variable.
        name: String,
        /// What is wrong with it.
        source: LocationError,
    },
    /// The variable does not hold a valid setting.
    #[error("environment variable `{name}`: {source}")]
    Setting {
        /// The variable.
        name: String,
        /// What is wrong with it.
        source: SettingError,
    },
}

impl<V: Fn(&str) -> Option<String>> PortSource<Run> for Environment<'_, V> {
    type Error = PortError;

    fn read_objects(&mut self, name: &'static str) -> Result<ObjectReader, PortError> {
        Ok(ObjectReader::new(self.clients.s3(), self.location(name)?))
    }

    fn list_objects(&mut self, name: &'static str) -> Result<ObjectLister, PortError> {
        Ok(ObjectLister::new(self.clients.s3(), self.location(name)?))
    }

    fn write_objects(&mut self, name: &'static str) -> Result<ObjectWriter, PortError> {
        Ok(ObjectWriter::new(self.clients.s3(), self.location(name)?))
    }

    fn delete_objects(&mut self, name: &'static str) -> Result<ObjectRemover, PortError> {
        Ok(ObjectRemover::new(self.clients.s3(), self.location(name)?))
    }

    fn invoke_model(&mut self, name: &'static str) -> Result<ModelInvoker, PortError> {
        Ok(ModelInvoker::new(self.clients.bedrock(), self.text(name)?))
    }

    fn send_messages(&mut self, name: &'static str) -> Result<MessageSender, PortError> {
        Ok(MessageSender::new(self.clients.sqs(), self.text(name)?))
    }

    fn setting<T: SettingValue>(&mut self, name: &'static str) -> Result<T, PortError> {
        T::from_environment(&self.text(name)?).map_err(|source| PortError::Setting {
            name: environment_variable(name),
            source,
        })
    }
}
