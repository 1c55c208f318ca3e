//! Nothing is paid for twice.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::{TestModel, World, ids};

#[test]
fn a_second_call_answers_from_the_output() {
    let world = World::of(30);
    let first = world.invoke(&TestModel::default()).unwrap();
    let written = world.bucket.written();
    let model = TestModel::default();
    let second = world.invoke(&model).unwrap();
    assert!(model.asked().is_empty());
    assert_eq!((&second.end, second.manifest), (&first.end, first.manifest));
    assert_eq!((second.calls, world.bucket.written()), (0, written));
}

#[test]
fn another_attempt_is_sent_for_itself() {
    let mut world = World::of(2);
    world.invoke(&TestModel::default()).unwrap();
    world.task.attempt = 2;
    let model = TestModel::default();
    world.invoke(&model).unwrap();
    assert_eq!(model.asked().len(), 2);
}

#[test]
fn an_invocation_that_died_is_gone_on_from_its_parts() {
    for dies_at in [1, 26, 27, 40, 60, 70] {
        let world = World::of(70);
        let model = TestModel {
            dies_at: Some(dies_at),
            ..TestModel::default()
        };
        let died = catch_unwind(AssertUnwindSafe(|| world.invoke(&model)));
        assert!(died.is_err());
        let kept = (0..).map_while(|part| world.part(part)).count();
        let model = TestModel::default();
        let sent = world.invoke(&model).unwrap();
        assert_eq!(model.asked().len(), 70 - 25 * kept, "{dies_at}");
        assert_eq!(world.ids(), ids(0..70), "{dies_at}");
        assert_eq!(sent.manifest.success_record_count, 70);
    }
}

#[test]
fn a_part_has_twenty_five_answers_and_the_whole_is_all_of_them() {
    let world = World::of(60);
    world.invoke(&TestModel::default()).unwrap();
    let parts: Vec<_> = (0..4).filter_map(|part| world.part(part)).collect();
    let lines = |part: &Vec<u8>| part.split(|byte| *byte == b'\n').count();
    assert_eq!(parts.iter().map(lines).collect::<Vec<_>>(), [25, 25, 10]);
    assert_eq!(parts.join(&b'\n'), world.output().into_bytes());
}

#[test]
fn when_only_the_whole_is_missing_nothing_is_sent() {
    let world = World::of(60);
    let first = world.invoke(&TestModel::default()).unwrap();
    let whole = world.output();
    world.bucket.remove(&world.output_key());
    let model = TestModel::default();
    let second = world.invoke(&model).unwrap();
    assert!(model.asked().is_empty());
    assert_eq!(world.output(), whole);
    assert_eq!(second.manifest, first.manifest);
}
