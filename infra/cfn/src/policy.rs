//! IAM policy documents.

use crate::node::{Node, Object};
use crate::template::Condition;
use crate::value::{IntoValue, List, Literal, Value};

/// A policy document: who may do what with which resources.
///
/// ```
/// use cfn::{PolicyDocument, Principal, Statement};
///
/// let trust = PolicyDocument::new().statement(
///     Statement::allow()
///         .principal(Principal::service("lambda.amazonaws.com"))
///         .action("sts:AssumeRole"),
/// );
/// # let _ = trust;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct PolicyDocument {
    statements: Vec<Statement>,
}

/// One statement of a policy document.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Statement {
    effect: Effect,
    sid: Option<String>,
    principals: Vec<Principal>,
    actions: Vec<String>,
    not_actions: Vec<String>,
    resources: Vec<Node>,
    computed_resources: Option<Node>,
    not_resources: Vec<Node>,
    conditions: Vec<(String, String, Node)>,
    only_if: Option<String>,
}

/// Whether a statement allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The actions are allowed.
    Allow,
    /// The actions are denied, whatever else allows them.
    Deny,
}

/// Whom a statement of a resource's or a role's policy is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Principal {
    kind: &'static str,
    identity: Node,
}

impl PolicyDocument {
    /// A document without statements. AWS wants at least one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement.
    pub fn statement(mut self, statement: Statement) -> Self {
        self.statements.push(statement);
        self
    }

    /// Adds statements.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.statements.extend(statements);
        self
    }

    /// Whether there is no statement yet.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

impl Literal for PolicyDocument {
    fn into_node(self) -> Node {
        let statements: Vec<Node> = self
            .statements
            .into_iter()
            .map(Literal::into_node)
            .collect();
        Node::Object(Object::from([
            ("Version", Node::from("2012-10-17")),
            ("Statement", statements.into()),
        ]))
    }
}

/// A property of free JSON takes a document.
impl IntoValue<Node> for PolicyDocument {
    fn into_value(self) -> Value<Node> {
        self.into_node().into_value()
    }
}

/// A property of free JSON takes a statement.
impl IntoValue<Node> for Statement {
    fn into_value(self) -> Value<Node> {
        self.into_node().into_value()
    }
}

impl Statement {
    /// A statement that allows.
    pub fn allow() -> Self {
        Self::with_effect(Effect::Allow)
    }

    /// A statement that denies.
    pub fn deny() -> Self {
        Self::with_effect(Effect::Deny)
    }

    /// A statement without anything but its effect.
    pub fn with_effect(effect: Effect) -> Self {
        Self {
            effect,
            sid: None,
            principals: Vec::new(),
            actions: Vec::new(),
            not_actions: Vec::new(),
            resources: Vec::new(),
            computed_resources: None,
            not_resources: Vec::new(),
            conditions: Vec::new(),
            only_if: None,
        }
    }

    /// The statement's name: letters and digits.
    pub fn sid(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Adds a principal.
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principals.push(principal);
        self
    }

    /// Adds an action, such as `s3:GetObject`.
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.actions.push(action.into());
        self
    }

    /// Adds actions.
    pub fn actions<A: Into<String>>(mut self, actions: impl IntoIterator<Item = A>) -> Self {
        self.actions.extend(actions.into_iter().map(Into::into));
        self
    }

    /// Adds actions to `NotAction`: the statement is about all others.
    pub fn not_actions<A: Into<String>>(mut self, actions: impl IntoIterator<Item = A>) -> Self {
        self.not_actions.extend(actions.into_iter().map(Into::into));
        self
    }

    /// Adds a resource: an ARN or a pattern of ARNs.
    pub fn resource(mut self, resource: impl IntoValue<String>) -> Self {
        self.resources.push(resource.into_value().into_node());
        self
    }

    /// Adds resources.
    pub fn resources<V: IntoValue<String>>(
        mut self,
        resources: impl IntoIterator<Item = V>,
    ) -> Self {
        let resources = resources
            .into_iter()
            .map(|resource| resource.into_value().into_node());
        self.resources.extend(resources);
        self
    }

    /// Makes the resources what an intrinsic function yields, such as `Fn::Split`, instead of those that were added.
    pub fn computed_resources(mut self, resources: impl IntoValue<List<String>>) -> Self {
        self.computed_resources = Some(resources.into_value().into_node());
        self
    }

    /// Keeps the statement out of the policy unless a condition of the template holds. AWS wants at least one statement in a
    /// policy: another one has to be there in any case.
    ///
    /// ```
    /// use cfn::{Literal as _, Parameter, Statement, Template, Test};
    ///
    /// let mut template = Template::new("reads a secret, if there is one");
    /// let arn = template.parameter("SecretArn", Parameter::<String>::new().default_value(""));
    /// let given = template.condition("HasSecret", Test::equals(&arn, "").negate());
    /// let statement = Statement::allow()
    ///     .action("secretsmanager:GetSecretValue")
    ///     .resource(&arn)
    ///     .only_if(&given);
    /// let node = statement.into_node();
    /// assert_eq!(node.as_intrinsic().map(|(name, _)| name), Some("Fn::If"));
    /// ```
    pub fn only_if(mut self, condition: &Condition) -> Self {
        self.only_if = Some(condition.name().to_owned());
        self
    }

    /// Adds resources to `NotResource`: the statement is about all others.
    pub fn not_resources<V: IntoValue<String>>(
        mut self,
        resources: impl IntoIterator<Item = V>,
    ) -> Self {
        let resources = resources
            .into_iter()
            .map(|resource| resource.into_value().into_node());
        self.not_resources.extend(resources);
        self
    }

    /// Adds a condition: `.condition("StringEquals", "aws:SourceAccount", pseudo::account_id())`.
    pub fn condition(
        mut self,
        operator: impl Into<String>,
        key: impl Into<String>,
        value: impl IntoValue<String>,
    ) -> Self {
        let value = value.into_value().into_node();
        self.conditions.push((operator.into(), key.into(), value));
        self
    }

    /// Adds a condition that any of several values satisfies.
    pub fn condition_any(
        mut self,
        operator: impl Into<String>,
        key: impl Into<String>,
        values: impl IntoValue<List<String>>,
    ) -> Self {
        let values = values.into_value().into_node();
        self.conditions.push((operator.into(), key.into(), values));
        self
    }
}

impl Literal for Statement {
    fn into_node(self) -> Node {
        let mut object = Object::new();
        if let Some(sid) = self.sid {
            object.set("Sid", sid);
        }
        object.set("Effect", self.effect.as_str());
        if !self.principals.is_empty() {
            object.set("Principal", principals(self.principals));
        }
        let texts = |texts: Vec<String>| texts.into_iter().map(Node::from).collect();
        let list = |items: Vec<Node>| (!items.is_empty()).then_some(Node::List(items));
        let lists = [
            ("Action", list(texts(self.actions))),
            ("NotAction", list(texts(self.not_actions))),
            ("Resource", self.computed_resources.or(list(self.resources))),
            ("NotResource", list(self.not_resources)),
        ];
        for (key, items) in lists {
            if let Some(items) = items {
                object.set(key, items);
            }
        }
        if !self.conditions.is_empty() {
            object.set("Condition", conditions(self.conditions));
        }
        let statement = Node::Object(object);
        match self.only_if {
            None => statement,
            Some(condition) => either(condition, statement, Node::single("Ref", "AWS::NoValue")),
        }
    }
}

impl Effect {
    /// The effect as policies write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl Principal {
    /// An AWS service by its domain, such as `lambda.amazonaws.com`.
    pub fn service(domain: impl IntoValue<String>) -> Self {
        Self::of("Service", domain)
    }

    /// An account, role or user: an ARN, or an account's twelve digits.
    pub fn aws(identity: impl IntoValue<String>) -> Self {
        Self::of("AWS", identity)
    }

    /// An identity provider of web identities.
    pub fn federated(provider: impl IntoValue<String>) -> Self {
        Self::of("Federated", provider)
    }

    /// Everyone, also without signing in. Meant for statements that deny, or that conditions narrow.
    pub fn anyone() -> Self {
        Self {
            kind: ANYONE,
            identity: Node::from(ANYONE),
        }
    }

    fn of(kind: &'static str, identity: impl IntoValue<String>) -> Self {
        let identity: Value<String> = identity.into_value();
        Self {
            kind,
            identity: identity.into_node(),
        }
    }
}

const ANYONE: &str = "*";

fn either(condition: String, then: Node, otherwise: Node) -> Node {
    Node::single("Fn::If", vec![Node::from(condition), then, otherwise])
}

fn principals(principals: Vec<Principal>) -> Node {
    if principals.iter().any(|principal| principal.kind == ANYONE) {
        return Node::from(ANYONE);
    }
    let mut by_kind = Object::new();
    for Principal { kind, identity } in principals {
        match by_kind.get_mut(kind) {
            Some(Node::List(identities)) => identities.push(identity),
            _ => by_kind.set(kind, Node::List(vec![identity])),
        }
    }
    Node::Object(by_kind)
}

fn conditions(conditions: Vec<(String, String, Node)>) -> Node {
    let mut by_operator = Object::new();
    for (operator, key, value) in conditions {
        match by_operator.get_mut(&operator) {
            Some(Node::Object(keys)) => keys.set(key, value),
            _ => by_operator.set(operator, Object::from([(key, value)])),
        }
    }
    Node::Object(by_operator)
}
