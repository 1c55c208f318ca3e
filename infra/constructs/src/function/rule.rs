//! Rules of EventBridge whose target is a function.

use cfn::{events, lambda};

use crate::{Name, Stack};

/// Adds a rule under the function's name and this suffix, and lets that rule, and no other, call the function.
pub(super) fn add_rule(
    stack: &mut Stack,
    name: &Name,
    suffix: &str,
    rule: events::Rule,
    function: &lambda::FunctionRef,
) -> events::RuleRef {
    let rule = stack.template.add(name.logical_id(suffix), rule);
    let permission = lambda::Permission::new()
        .action("lambda:InvokeFunction")
        .function_name(function.arn())
        .principal("events.amazonaws.com")
        .source_arn(rule.arn());
    stack
        .template
        .add(name.logical_id(&format!("{suffix}Permission")), permission);
    rule
}
