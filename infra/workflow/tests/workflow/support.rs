//! What the tests share.

use cfn::Literal as _;
use serde_json::{Map, Value, json};
use workflow::Machine;

/// Types that travel between steps.
macro_rules! data {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$on_field:meta])* $field:ident: $kind:ty,)* })*) => {$(
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema, shared::Fields)]
        $(#[$attribute])*
        pub(crate) struct $name {
            $($(#[$on_field])* pub(crate) $field: $kind,)*
        }
    )*};
}
pub(crate) use data;

/// The machine as reviewers read it: definition, substitutions and the role's statements.
pub(crate) fn reviewed<I, O>(machine: &Machine<I, O>) -> Value {
    let substitutions = machine.substitutions().iter();
    let substitutions = substitutions.map(|(name, value)| {
        let node = serde_json::to_value(value.node()).expect("a node is JSON");
        (name.clone(), node)
    });
    let statements = machine.statements("${AWS::StackName}-machine").into_iter();
    let statements = statements
        .map(|statement| serde_json::to_value(statement.into_node()).expect("a node is JSON"));
    json!({
        "definition": machine.definition(),
        "substitutions": substitutions.collect::<Map<_, _>>(),
        "statements": statements.collect::<Value>(),
    })
}

/// Compares with the reviewed snapshot of that name; a machine with problems fails.
pub(crate) fn assert_reviewed<I, O>(name: &str, machine: &Machine<I, O>) {
    let problems: Vec<_> = machine.problems().iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let text = serde_json::to_string_pretty(&reviewed(machine)).expect("JSON is text");
    assert_snapshot(name, &text);
}

/// Compares a text with the reviewed snapshot of that name.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/workflow");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
