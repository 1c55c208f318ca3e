//! What a reviewer should see change: an output, its manifest, and how it is named.

use shared::run::ErrorKind;

use crate::support::{TestModel, World};

#[test]
fn an_output_and_its_manifest() {
    let mut world = World::of(3);
    world.task.records = 4;
    let throttled = Err((
        ErrorKind::Throttled,
        "ThrottlingException",
        "Too many requests, please wait before trying again.",
    ));
    world
        .invoke(&TestModel::with(&[("t1", throttled)]))
        .unwrap();
    let files = world.bucket.keys().into_iter().map(|key| {
        let text = String::from_utf8(world.bucket.get(&key).unwrap()).unwrap();
        format!("--- {key}\n{}\n", text.trim_end())
    });
    let text: String = files.collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("on_demand_output", text));
}
