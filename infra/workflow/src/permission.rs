//! What a machine's role must allow.

use cfn::intrinsics::sub;
use cfn::{Statement, Value};

/// Actions on resources that a step needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Permission {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<Target>,
    /// Operator, key and value of each; all must hold.
    pub(crate) conditions: Vec<(&'static str, &'static str, Value<String>)>,
}

/// What actions are done to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// A resource by its ARN.
    Arn(Value<String>),
    /// The machine itself, whose ARN its own role cannot refer to without a circle.
    Machine,
    /// The executions that the machine itself has started.
    OwnExecutions,
}

impl Permission {
    pub(crate) fn new<A: Into<String>>(
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = Target>,
    ) -> Self {
        Self {
            actions: actions.into_iter().map(Into::into).collect(),
            resources: resources.into_iter().collect(),
            conditions: Vec::new(),
        }
    }

    pub(crate) fn on(action: &str, arn: Value<String>) -> Self {
        Self::new([action], [Target::Arn(arn)])
    }

    pub(crate) fn with_condition(
        mut self,
        operator: &'static str,
        key: &'static str,
        value: Value<String>,
    ) -> Self {
        self.conditions.push((operator, key, value));
        self
    }

    fn statement(self, machine: &str) -> Statement {
        let own = |what: &str, rest: &str| {
            sub(format!(
                "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:{what}:{machine}{rest}"
            ))
        };
        let mut statement = Statement::allow().actions(self.actions);
        for target in self.resources {
            statement = match target {
                Target::Arn(arn) => statement.resource(arn),
                Target::Machine => statement.resource(own("stateMachine", "")),
                // An execution of the machine, and one that a map run has started: `name/label:id`.
                Target::OwnExecutions => statement
                    .resource(own("execution", ":*"))
                    .resource(own("execution", "/*")),
            };
        }
        let conditions = self.conditions.into_iter();
        conditions.fold(statement, |statement, (operator, key, value)| {
            statement.condition(operator, key, value)
        })
    }
}

/// The statements, those of the same actions in one. `machine` is the machine's name as text for `Fn::Sub`.
pub(crate) fn statements(permissions: &[Permission], machine: &str) -> Vec<Statement> {
    let mut merged: Vec<Permission> = Vec::new();
    for permission in permissions {
        let same = merged.iter_mut().find(|known| {
            known.actions == permission.actions && known.conditions == permission.conditions
        });
        match same {
            Some(known) => {
                for resource in &permission.resources {
                    if !known.resources.contains(resource) {
                        known.resources.push(resource.clone());
                    }
                }
            }
            None => merged.push(permission.clone()),
        }
    }
    let statements = merged.into_iter();
    statements
        .map(|permission| permission.statement(machine))
        .collect()
}
