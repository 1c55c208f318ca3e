//! Pictures of state machines and stacks, ours and other people's.
#![expect(
    clippy::expect_used,
    reason = "a test fails by panicking, and helpers of tests are not marked as tests"
)]

mod hostile;
mod machines;
mod mermaid;
mod stacks;
mod svg;

use serde_json::Value;

/// A drawing as Mermaid, as it was reviewed.
fn assert_reviewed(name: &str, drawing: &graph::Drawing) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/graphs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, drawing.to_mermaid()));
}

/// Reads JSON or YAML.
fn read(text: &str) -> Value {
    asl::source::read(text).expect("JSON or YAML").value
}
