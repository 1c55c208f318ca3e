//! Ports from environment variables.

use crate::{PortSource, SettingError, SettingValue, environment_variable};

use super::objects::{Location, LocationError};
use super::{
    BucketsReader, Clients, ItemQuery, ItemReader, ItemWriter, JobFinder, JobReader, JobStopper,
    JobSubmitter, MessageSender, ModelInvoker, ModelsInvoker, ObjectLister, ObjectReader,
    ObjectRemover, ObjectWriter, Run, SecretReader, TaskAnswerer,
};

/// What stands for the secret that the operator did not name.
const NO_SECRET: &str = "none";

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

    fn buckets(&self, port: &'static str) -> Result<Vec<String>, PortError> {
        let text = self.text(port)?;
        let buckets: Vec<_> = text.split(',').map(str::to_owned).collect();
        if buckets.iter().any(String::is_empty) {
            return Err(malformed(port, "bucket names with commas between them"));
        }
        Ok(buckets)
    }

    /// A table and an index of it.
    fn index(&self, port: &'static str) -> Result<(String, String), PortError> {
        let text = self.text(port)?;
        match text.split_once('/') {
            Some((table, index)) if !table.is_empty() && !index.is_empty() => {
                Ok((table.to_owned(), index.to_owned()))
            }
            _ => Err(malformed(port, "`table/index`")),
        }
    }

    fn arn(&self, port: &'static str) -> Result<String, PortError> {
        let text = self.text(port)?;
        if text.starts_with("arn:") {
            return Ok(text);
        }
        Err(malformed(port, "an ARN"))
    }

    fn secret(&self, port: &'static str) -> Result<Option<String>, PortError> {
        if self.text(port)? == NO_SECRET {
            return Ok(None);
        }
        self.arn(port).map(Some)
    }
}

fn malformed(port: &'static str, expected: &'static str) -> PortError {
    PortError::Malformed {
        name: environment_variable(port),
        expected,
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
    /// The variable does not hold what the port needs. The message leaves out what it holds, which may be a secret.
    #[error(
        "environment variable `{name}` does not hold {expected}: deploy the function by its stack, which writes it"
    )]
    Malformed {
        /// The variable.
        name: String,
        /// What it should hold.
        expected: &'static str,
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

    fn read_buckets(&mut self, name: &'static str) -> Result<BucketsReader, PortError> {
        Ok(BucketsReader::new(self.clients.s3(), self.buckets(name)?))
    }

    fn read_items(&mut self, name: &'static str) -> Result<ItemReader, PortError> {
        Ok(ItemReader::new(self.clients.dynamodb(), self.text(name)?))
    }

    fn write_items(&mut self, name: &'static str) -> Result<ItemWriter, PortError> {
        Ok(ItemWriter::new(self.clients.dynamodb(), self.text(name)?))
    }

    fn query_items(&mut self, name: &'static str) -> Result<ItemQuery, PortError> {
        let (table, index) = self.index(name)?;
        Ok(ItemQuery::new(self.clients.dynamodb(), table, index))
    }

    fn invoke_models(&mut self, name: &'static str) -> Result<ModelsInvoker, PortError> {
        self.text(name)?;
        Ok(ModelsInvoker::new(self.clients.bedrock()))
    }

    fn submit_jobs(&mut self, name: &'static str) -> Result<JobSubmitter, PortError> {
        Ok(JobSubmitter::new(
            self.clients.bedrock_jobs(),
            self.arn(name)?,
        ))
    }

    fn read_jobs(&mut self, name: &'static str) -> Result<JobReader, PortError> {
        self.text(name)?;
        Ok(JobReader::new(self.clients.bedrock_jobs()))
    }

    fn find_jobs(&mut self, name: &'static str) -> Result<JobFinder, PortError> {
        self.text(name)?;
        Ok(JobFinder::new(self.clients.bedrock_jobs()))
    }

    fn stop_jobs(&mut self, name: &'static str) -> Result<JobStopper, PortError> {
        self.text(name)?;
        Ok(JobStopper::new(self.clients.bedrock_jobs()))
    }

    fn answer_tasks(&mut self, name: &'static str) -> Result<TaskAnswerer, PortError> {
        Ok(TaskAnswerer::new(
            self.clients.step_functions(),
            self.arn(name)?,
        ))
    }

    fn read_secret(&mut self, name: &'static str) -> Result<SecretReader, PortError> {
        Ok(SecretReader::new(
            self.clients.secrets(),
            self.secret(name)?,
        ))
    }

    fn setting<T: SettingValue>(&mut self, name: &'static str) -> Result<T, PortError> {
        T::from_environment(&self.text(name)?).map_err(|source| PortError::Setting {
            name: environment_variable(name),
            source,
        })
    }
}
