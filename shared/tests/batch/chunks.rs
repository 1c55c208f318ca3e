//! The division of records into jobs.

use proptest::prelude::*;
use shared::SettingValue;
use shared::batch::chunk::{Bounds, ChunkError, Plan};
use shared::batch::limits::Limits;

use super::support::{CLAUDE, NOVA, model};

const SEED: Bounds = Bounds {
    max_records_per_job: 1000,
    max_num_jobs: None,
    max_records_total: None,
};

fn sizes(bounds: Bounds, available: u64) -> Vec<u64> {
    match bounds.plan(available, &Limits::default()).unwrap() {
        Plan::Jobs(chunks) => chunks
            .ranges()
            .map(|range| range.end - range.start)
            .collect(),
        Plan::OnDemand { records, .. } => panic!("{records} records are too few"),
    }
}

#[test]
fn a_remainder_does_not_become_a_job_that_is_refused() {
    assert_eq!(sizes(SEED, 1050), [525, 525]);
    assert_eq!(sizes(SEED, 1000), [1000]);
    assert_eq!(sizes(SEED, 2500), [834, 833, 833]);
    assert_eq!(sizes(SEED, 100), [100]);
}

#[test]
fn the_size_gives_way_to_the_minimum() {
    let hundreds = Bounds {
        max_records_per_job: 100,
        ..SEED
    };
    assert_eq!(sizes(hundreds, 150), [150]);
    assert_eq!(sizes(hundreds, 250), [125, 125]);
    assert_eq!(sizes(hundreds, 1000).len(), 10);
}

#[test]
fn caps_leave_records_out() {
    let one = Bounds {
        max_num_jobs: Some(1),
        ..SEED
    };
    assert_eq!(sizes(one, 5000), [1000]);
    let smoke = Bounds {
        max_num_jobs: Some(1),
        max_records_total: Some(100),
        ..SEED
    };
    assert_eq!(sizes(smoke, 5000), [100]);
    let truncated = Bounds {
        max_records_total: Some(1500),
        ..SEED
    };
    assert_eq!(sizes(truncated, 5000), [750, 750]);
}

#[test]
fn too_few_records_go_on_demand() {
    assert_eq!(
        SEED.plan(99, &Limits::default()),
        Ok(Plan::OnDemand {
            records: 99,
            minimum: 100
        })
    );
}

#[test]
fn bounds_that_no_job_can_keep_are_refused() {
    let limits = Limits::default();
    let of = |max_records_per_job| Bounds {
        max_records_per_job,
        ..SEED
    };
    assert_eq!(SEED.plan(0, &limits), Err(ChunkError::Empty));
    let small = of(50).plan(1000, &limits).unwrap_err();
    assert_eq!(
        small.to_string(),
        "max_records_per_job is 50, but a job of this model needs 100 records: raise it to 100 or more"
    );
    let large = of(50_001).plan(1000, &limits).unwrap_err();
    assert_eq!(
        large.to_string(),
        "max_records_per_job is 50001, but a job of this model takes 50000 records: lower it to 50000 or less"
    );
}

#[test]
fn there_is_nothing_beyond_the_last_job() {
    let Ok(Plan::Jobs(chunks)) = SEED.plan(1050, &Limits::default()) else {
        panic!("1,050 records are enough");
    };
    assert_eq!((chunks.jobs(), chunks.records()), (2, 1050));
    assert_eq!(chunks.range(1), Some(525..1050));
    assert_eq!(chunks.range(2), None);
}

proptest! {
    #[test]
    fn every_record_is_in_one_job_of_a_size_that_is_accepted(
        available in 1u64..200_000_000,
        minimum in 1u64..2_000,
        spare in 0u64..100_000,
        size in 0u64..100_000,
        max_num_jobs in proptest::option::of(1u64..5_000),
        max_records_total in proptest::option::of(1u64..200_000_000),
    ) {
        let limits = Limits { minimum_records: minimum, maximum_records: 2 * minimum + spare, ..Limits::default() };
        limits.validate().unwrap();
        let max_records_per_job = minimum + size.min(minimum + spare);
        let bounds = Bounds { max_records_per_job, max_num_jobs, max_records_total };
        let wanted = available
            .min(max_records_total.unwrap_or(u64::MAX))
            .min(max_num_jobs.map_or(u64::MAX, |jobs| jobs * max_records_per_job));
        match bounds.plan(available, &limits).unwrap() {
            Plan::OnDemand { records, minimum: needed } => {
                prop_assert_eq!((records, needed), (wanted, minimum));
                prop_assert!(wanted < minimum);
            }
            Plan::Jobs(chunks) => {
                prop_assert_eq!(chunks.records(), wanted);
                prop_assert!(max_num_jobs.is_none_or(|jobs| chunks.jobs() <= jobs));
                let (first, last) = (chunks.range(0).unwrap(), chunks.range(chunks.jobs() - 1).unwrap());
                prop_assert_eq!((first.start, last.end), (0, wanted));
                let (largest, smallest) = (first.end - first.start, last.end - last.start);
                prop_assert!(smallest >= minimum && largest <= limits.maximum_records && largest - smallest <= 1);
                prop_assert!(largest <= max_records_per_job.max(2 * minimum - 1));
                // Neighbours meet; looking at some suffices, as the sizes are one formula.
                for job in 1..chunks.jobs().min(50) {
                    let (before, after) = (chunks.range(job - 1).unwrap(), chunks.range(job).unwrap());
                    prop_assert_eq!(before.end, after.start);
                }
            }
        }
    }
}

#[test]
fn limits_differ_by_model_and_can_be_overridden() {
    assert_eq!(Limits::of(&model(CLAUDE)), Limits::default());
    assert_eq!(
        Limits::of(&model(NOVA)).maximum_job_bytes,
        20 * Limits::default().maximum_job_bytes
    );
    let raised = Limits::from_environment(r#"{"maximum_records": 100000}"#).unwrap();
    assert_eq!(
        (raised.maximum_records, raised.minimum_records),
        (100_000, 100)
    );
    for (text, rule) in [
        (r#"{"maximum_records": 199}"#, "twice minimum_records"),
        (r#"{"minimum_records": 0}"#, "must be 1 or more"),
        (r#"{"maximum_job_bytes": 1}"#, "maximum_file_bytes or more"),
        (r#"{"maximum": 1}"#, "unknown field"),
    ] {
        let message = Limits::from_environment(text).unwrap_err().to_string();
        assert!(message.contains(rule), "{message}");
    }
}
