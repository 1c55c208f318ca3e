//! From the ports of a contract to environment variables and IAM statements.

use std::collections::BTreeMap;

use cfn::{Statement, Value};
use shared::{PortVisitor, Ports, SettingValue, environment_variable};

use crate::Name;
use crate::grants::{
    AnswerTasksGrant, DeleteGrant, FindJobsGrant, Grant, ListGrant, ModelGrant, ModelsGrant,
    QueryItemsGrant, ReadBucketsGrant, ReadGrant, ReadItemsGrant, ReadJobsGrant, ReadSecretGrant,
    SendGrant, StopJobsGrant, SubmitJobsGrant, WriteGrant, WriteItemsGrant,
};
use crate::phase::{Setting, Synth};

/// What the ports of a function ask of the template.
#[derive(Debug, Default)]
pub(crate) struct Wiring {
    pub(crate) environment: BTreeMap<String, Value<String>>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) problems: Vec<String>,
    /// State machines that have to be in the stack.
    pub(crate) machines: Vec<Name>,
}

impl Wiring {
    pub(crate) fn of(ports: &impl Ports<Synth>) -> Self {
        let mut wiring = Self::default();
        ports.visit(&mut wiring);
        wiring
    }

    fn grant(&mut self, port: &'static str, grant: &impl Grant) {
        if let Some(problem) = grant.problem() {
            self.problems.push(format!("port `{port}`: {problem}"));
        }
        self.machines.extend(grant.machine().cloned());
        self.environment
            .insert(environment_variable(port), grant.environment());
        self.statements
            .extend(grant.statements_of(&Name::from_kebab(port)));
    }
}

impl PortVisitor<Synth> for Wiring {
    fn read_objects(&mut self, name: &'static str, port: &ReadGrant) {
        self.grant(name, port);
    }

    fn list_objects(&mut self, name: &'static str, port: &ListGrant) {
        self.grant(name, port);
    }

    fn write_objects(&mut self, name: &'static str, port: &WriteGrant) {
        self.grant(name, port);
    }

    fn delete_objects(&mut self, name: &'static str, port: &DeleteGrant) {
        self.grant(name, port);
    }

    fn invoke_model(&mut self, name: &'static str, port: &ModelGrant) {
        self.grant(name, port);
    }

    fn send_messages(&mut self, name: &'static str, port: &SendGrant) {
        self.grant(name, port);
    }

    fn read_buckets(&mut self, name: &'static str, port: &ReadBucketsGrant) {
        self.grant(name, port);
    }

    fn read_items(&mut self, name: &'static str, port: &ReadItemsGrant) {
        self.grant(name, port);
    }

    fn write_items(&mut self, name: &'static str, port: &WriteItemsGrant) {
        self.grant(name, port);
    }

    fn query_items(&mut self, name: &'static str, port: &QueryItemsGrant) {
        self.grant(name, port);
    }

    fn invoke_models(&mut self, name: &'static str, port: &ModelsGrant) {
        self.grant(name, port);
    }

    fn submit_jobs(&mut self, name: &'static str, port: &SubmitJobsGrant) {
        self.grant(name, port);
    }

    fn read_jobs(&mut self, name: &'static str, port: &ReadJobsGrant) {
        self.grant(name, port);
    }

    fn find_jobs(&mut self, name: &'static str, port: &FindJobsGrant) {
        self.grant(name, port);
    }

    fn stop_jobs(&mut self, name: &'static str, port: &StopJobsGrant) {
        self.grant(name, port);
    }

    fn answer_tasks(&mut self, name: &'static str, port: &AnswerTasksGrant) {
        self.grant(name, port);
    }

    fn read_secret(&mut self, name: &'static str, port: &ReadSecretGrant) {
        self.grant(name, port);
    }

    fn setting<T: SettingValue>(&mut self, name: &'static str, port: &Setting<T>) {
        match port.environment() {
            Ok(value) => {
                self.environment.insert(environment_variable(name), value);
            }
            Err(error) => self.problems.push(format!("setting `{name}`: {error}")),
        }
    }
}
