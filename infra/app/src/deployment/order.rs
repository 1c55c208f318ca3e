//! Stacks in the order of their exports and imports.

use review::deployment_order;

use super::preparing::Prepared;
use crate::CommandError;

/// Groups of stacks: those of one can be deployed at the same time, after those of the groups before it.
pub(crate) fn waves(stacks: Vec<Prepared>) -> Result<Vec<Vec<Prepared>>, CommandError> {
    let named: Vec<_> = (stacks.iter())
        .map(|stack| (stack.stack_name.as_str(), &stack.template))
        .collect();
    let order = deployment_order(&named).map_err(|names| CommandError::Circle(names.join(", ")))?;
    let mut stacks: Vec<Option<Prepared>> = stacks.into_iter().map(Some).collect();
    let waves = order.into_iter().map(|wave| {
        let stacks = wave.into_iter().filter_map(|place| stacks[place].take());
        stacks.collect()
    });
    Ok(waves.collect())
}
