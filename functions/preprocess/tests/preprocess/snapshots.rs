//! What a run's files look like.

use serde_json::json;

use super::support::World;

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch/preprocess");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_files_of_a_run_are_reviewed() {
    let world = World::of_topics(3);
    world.run(&json!({"csv": true, "max_tokens": 100})).unwrap();
    snapshot("run", &world.text("runs/jokes/run-1/run.json"));
    snapshot("tasks", &world.text("runs/jokes/run-1/tasks-0.jsonl"));
    snapshot(
        "input",
        &world.text("batch_inputs_json/jokes/run-1/0000.jsonl"),
    );
}
