//! In which order stacks can be deployed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::exports::{exported, imported};

/// A stack that is to be deployed, beside others.
#[derive(Clone, Copy, Debug)]
pub struct Successor<'a> {
    /// Its name.
    pub name: &'a str,
    /// The template that it has now; null when it has none.
    pub deployed: &'a Value,
    /// The template that it gets.
    pub next: &'a Value,
}

/// Puts stacks into groups: those of a group can be deployed at the same time, after those of earlier groups. A stack comes after
/// those whose exports it imports, and after those that stop importing what it exports no more. A group is given by the places of
/// its stacks. What nobody of them exports is taken to be there.
///
/// # Errors
/// The names of the stacks that are left when they need each other in a circle.
///
/// ```
/// use review::{Successor, deployment_order};
/// use serde_json::{Value, json};
///
/// let network = json!({"Outputs": {"Id": {"Value": "1", "Export": {"Name": "network-id"}}}});
/// let shop = json!({"Resources": {"Queue": {"Properties": {"QueueName": {"Fn::ImportValue": "network-id"}}}}});
/// let (none, empty) = (Value::Null, json!({}));
/// let stack = |name, deployed, next| Successor { name, deployed, next };
///
/// let made = [stack("shop", &none, &shop), stack("network", &none, &network)];
/// assert_eq!(deployment_order(&made), Ok(vec![vec![1], vec![0]]));
/// let parted = [stack("network", &network, &empty), stack("shop", &shop, &empty)];
/// assert_eq!(deployment_order(&parted), Ok(vec![vec![1], vec![0]]));
/// ```
pub fn deployment_order(stacks: &[Successor<'_>]) -> Result<Vec<Vec<usize>>, Vec<String>> {
    let ties: Vec<Ties> = stacks.iter().map(Ties::of).collect();
    let needs = |stack: usize, other: usize| stack != other && ties[stack].need(&ties[other]);
    let mut left: Vec<usize> = (0..stacks.len()).collect();
    let mut groups = Vec::new();
    while !left.is_empty() {
        let (group, rest): (Vec<_>, Vec<_>) =
            (left.iter()).partition(|&&stack| left.iter().all(|&other| !needs(stack, other)));
        if group.is_empty() {
            let names = left.into_iter().map(|stack| stacks[stack].name.to_owned());
            return Err(names.collect());
        }
        groups.push(group);
        left = rest;
    }
    Ok(groups)
}

/// What ties a stack to others, by the names of exports.
struct Ties {
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
    /// What it stops to import.
    let_go: BTreeSet<String>,
    /// What it stops to export.
    withdrawn: BTreeSet<String>,
}

impl Ties {
    fn of(stack: &Successor<'_>) -> Self {
        let imports = imported(stack.name, stack.next);
        let exports = exported(stack.name, stack.next);
        Self {
            let_go: &imported(stack.name, stack.deployed) - &imports,
            withdrawn: &exported(stack.name, stack.deployed) - &exports,
            imports,
            exports,
        }
    }

    fn need(&self, other: &Self) -> bool {
        !self.imports.is_disjoint(&other.exports) || !self.withdrawn.is_disjoint(&other.let_go)
    }
}
