//! What is known of a machine while it is being described.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;

use bumpalo::Bump;
use cfn::Value;

use crate::Problem;
use crate::node::{Node, NodeId, ParameterId, Root, VariableId};
use crate::permission::Permission;

/// Everything that expressions and steps refer to by number, and everything that is collected on the way.
#[derive(Debug, Default)]
pub(crate) struct Store {
    nodes: RefCell<Vec<Node>>,
    variables: RefCell<Vec<Variable>>,
    parameters: RefCell<usize>,
    scopes: RefCell<usize>,
    problems: RefCell<Vec<Problem>>,
    substitutions: RefCell<BTreeMap<String, Value<String>>>,
    permissions: RefCell<Vec<Permission>>,
    schemas: RefCell<asl::Schemas>,
    endings: RefCell<Vec<Ending>>,
    views: Bump,
}

/// A step that ends its scope before the scope's last step does.
#[derive(Debug)]
struct Ending {
    scope: usize,
    kind: &'static str,
    location: &'static Location<'static>,
}

#[derive(Debug)]
struct Variable {
    /// Why it exists: the name of its step, or of what its step gives beside its result.
    of: String,
    name: String,
}

/// Variables that Step Functions or an expression itself uses.
const RESERVED: [&str; 2] = ["states", "item"];

/// What is left when a machine is described.
pub(crate) struct Collected {
    pub(crate) problems: Vec<Problem>,
    pub(crate) substitutions: BTreeMap<String, Value<String>>,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) schemas: asl::Schemas,
}

impl Store {
    pub(crate) fn add(&self, node: Node) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(node);
        NodeId(nodes.len() - 1)
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.nodes.borrow()[id.0].clone()
    }

    /// The variable that holds what `of` gives. Two steps of one name share it; that they do is another problem's subject.
    pub(crate) fn variable(&self, of: &str) -> VariableId {
        let mut variables = self.variables.borrow_mut();
        if let Some(known) = variables.iter().position(|variable| variable.of == of) {
            return VariableId(known);
        }
        let stem = variable_name(of);
        let is_free = |name: &String| {
            !RESERVED.contains(&name.as_str())
                && !variables.iter().any(|variable| variable.name == *name)
        };
        let numbered = (2..).map(|number| format!("{stem}{number}"));
        let name = std::iter::once(stem.clone()).chain(numbered).find(is_free);
        variables.push(Variable {
            of: of.to_owned(),
            name: name.unwrap_or(stem),
        });
        VariableId(variables.len() - 1)
    }

    pub(crate) fn variable_name(&self, id: VariableId) -> String {
        self.variables.borrow()[id.0].name.clone()
    }

    pub(crate) fn parameter(&self) -> ParameterId {
        ParameterId(next(&self.parameters))
    }

    /// A scope in which variables can be assigned: the machine, a branch, an iteration.
    pub(crate) fn scope(&self) -> usize {
        next(&self.scopes)
    }

    /// Notes that a step ends a scope with a `T`.
    pub(crate) fn ends_with<T>(&self, scope: usize, location: &'static Location<'static>) {
        let kind = std::any::type_name::<T>();
        let ending = Ending {
            scope,
            kind,
            location,
        };
        self.endings.borrow_mut().push(ending);
    }

    /// Refuses steps that end a scope with anything else than the `T` that it amounts to.
    pub(crate) fn close_scope<T>(&self, scope: usize) {
        let kind = std::any::type_name::<T>();
        let endings = self.endings.borrow();
        let others = endings
            .iter()
            .filter(|it| it.scope == scope && it.kind != kind);
        for Ending {
            kind: other,
            location,
            ..
        } in others
        {
            let message = format!(
                "the flow ends here with a `{other}`, and otherwise with a `{kind}`: end it with the same type"
            );
            self.problem(location, message);
        }
    }

    pub(crate) fn problem(&self, location: &'static Location<'static>, message: String) {
        let problem = Problem { message, location };
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// The placeholder for a value that `CloudFormation` fills in: `${name}`. Another value under the same name gets a number.
    pub(crate) fn substitute(&self, name: &str, value: Value<String>) -> String {
        let mut substitutions = self.substitutions.borrow_mut();
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let fits = |name: &String| substitutions.get(name).is_none_or(|known| *known == value);
        let name = std::iter::once(name.to_owned())
            .chain(numbered)
            .find(fits)
            .unwrap_or_default();
        let placeholder = format!("${{{name}}}");
        substitutions.insert(name, value);
        placeholder
    }

    /// The ARN of an integration: `arn:aws:states:::lambda:invoke`, in whatever partition the stack is deployed.
    pub(crate) fn integration(&self, name: &str) -> String {
        let partition = self.substitute("Partition", cfn::pseudo::partition());
        format!("arn:{partition}:states:::{name}")
    }

    pub(crate) fn permit(&self, permissions: impl IntoIterator<Item = Permission>) {
        self.permissions.borrow_mut().extend(permissions);
    }

    pub(crate) fn schemas(&self, change: impl FnOnce(&mut asl::Schemas)) {
        change(&mut self.schemas.borrow_mut());
    }

    /// Keeps the fields of an expression, which are expressions and need no dropping, for as long as the machine is described.
    pub(crate) fn keep<F>(&self, fields: F) -> &F {
        self.views.alloc(fields)
    }

    /// A node that reads a variable.
    pub(crate) fn read(&self, variable: VariableId) -> NodeId {
        self.add(Node::Root(Root::Variable(variable)))
    }

    /// Whether a node may be undefined, which Step Functions takes for an error.
    pub(crate) fn may_be_missing(&self, id: NodeId) -> bool {
        match self.node(id) {
            Node::Field { presence, .. } => presence == shared::Presence::Optional,
            Node::Item { .. } => true,
            _ => false,
        }
    }

    /// The variable that a node is, when it is nothing more.
    pub(crate) fn as_variable(&self, id: NodeId) -> Option<VariableId> {
        match self.node(id) {
            Node::Root(Root::Variable(variable)) => Some(variable),
            _ => None,
        }
    }

    pub(crate) fn collected(self) -> Collected {
        Collected {
            problems: self.problems.into_inner(),
            substitutions: self.substitutions.into_inner(),
            permissions: self.permissions.into_inner(),
            schemas: self.schemas.into_inner(),
        }
    }
}

fn next(counter: &RefCell<usize>) -> usize {
    let mut counter = counter.borrow_mut();
    *counter += 1;
    *counter
}

/// `waitForTheJob` of `Wait for the job`.
fn variable_name(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut name = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        if name.is_empty() {
            name.push_str(&first.to_ascii_lowercase());
        } else {
            name.push_str(&first.to_ascii_uppercase());
        }
        name.push_str(rest);
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert_str(0, "value");
    }
    name
}
