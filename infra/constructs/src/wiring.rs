//! From the ports of a contract to environment variables and IAM statements.

use std::collections::BTreeMap;

use cfn::{Statement, Value};
use shared::{PortVisitor, Ports, SettingValue, environment_variable};

use crate::Name;
use crate::grants::{DeleteGrant, Grant, ListGrant, ModelGrant, ReadGrant, SendGrant, WriteGrant};
use crate::phase::{Setting, Synth};

/// What the ports of a function ask of the template.
#[derive(Debug, Default)]
pub(crate) struct Wiring {
    pub(crate) environment: BTreeMap<String, Value<String>>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) problems: Vec<String>,
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

    fn setting<T: SettingValue>(&mut self, name: &'static str, port: &Setting<T>) {
        match port.environment() {
            Ok(value) => {
                self.environment.insert(environment_variable(name), value);
            }
            Err(error) => self.problems.push(format!("setting `{name}`: {error}")),
        }
    }
}
