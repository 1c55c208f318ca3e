//! What a reviewer should see change: the record of a chunk.

use serde_json::json;
use shared::contracts::batch::{Ending, JobMode};

use crate::support::{CLAUDE, World, answer, end, error};

#[test]
fn a_chunk_record() {
    let mut world = World::of(CLAUDE, &["v", "w", "", "y", "z"]);
    world.csv = true;
    world.put_output(
        0,
        &[
            answer("e", "five"),
            error("b", &json!(429)),
            answer("a", "one"),
        ],
    );
    world.join(0, Ending::PartiallyCompleted);
    let layout = world.layout();
    let key = layout.output_of_attempt(0, 1, &shared::batch::layout::on_demand_id(1));
    world.bucket.put(&key, answer("b", "two"));
    let mut request = world.request(1, JobMode::OnDemand, end(Ending::OnDemand, None));
    request.end.message = Some("time ran out, 1 record was not sent".to_owned());
    world.run(&request).unwrap();
    let record = world.bucket.get(&layout.chunk_record(0)).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("chunk_record", String::from_utf8(record).unwrap()));
}
