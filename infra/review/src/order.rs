//! In which order stacks can be deployed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::exports::{exported, imported};

/// Puts stacks, by name and template, into groups: those of a group import nothing from each other, and from others only what
/// earlier groups export. A group is given by the places of its stacks. What nobody of them exports is taken to be there.
///
/// # Errors
/// The names of the stacks that are left when they import from each other in a circle.
///
/// ```
/// use serde_json::json;
///
/// let network = json!({"Outputs": {"Id": {"Value": "1", "Export": {"Name": "network-id"}}}});
/// let shop = json!({"Resources": {"Queue": {"Properties": {"QueueName": {"Fn::ImportValue": "network-id"}}}}});
/// assert_eq!(review::deployment_order(&[("shop", &shop), ("network", &network)]), Ok(vec![vec![1], vec![0]]));
/// ```
pub fn deployment_order(stacks: &[(&str, &Value)]) -> Result<Vec<Vec<usize>>, Vec<String>> {
    let names = |of: fn(&str, &Value) -> BTreeSet<String>| -> Vec<BTreeSet<String>> {
        let stacks = stacks.iter();
        stacks.map(|(name, template)| of(name, template)).collect()
    };
    let (exports, imports) = (names(exported), names(imported));
    let needs =
        |stack: usize, other: usize| stack != other && !imports[stack].is_disjoint(&exports[other]);
    let mut left: Vec<usize> = (0..stacks.len()).collect();
    let mut groups = Vec::new();
    while !left.is_empty() {
        let (group, rest): (Vec<_>, Vec<_>) =
            (left.iter()).partition(|&&stack| left.iter().all(|&other| !needs(stack, other)));
        if group.is_empty() {
            let names = left.into_iter().map(|stack| stacks[stack].0.to_owned());
            return Err(names.collect());
        }
        groups.push(group);
        left = rest;
    }
    Ok(groups)
}
