//! What the tests share.

use cfn::Document;
use serde_json::Value;

/// Compares with the reviewed snapshot of that name.
pub(crate) fn assert_reviewed(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/constructs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

/// The template as plain JSON.
pub(crate) fn json(template: &Document) -> Value {
    serde_json::from_str(&template.to_json()).expect("a template is JSON")
}
