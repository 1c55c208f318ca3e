//! Where the files of a run are.

use proptest::prelude::*;
use shared::batch::layout::{Layout, OutputKey, on_demand_id};

#[test]
fn keys_are_the_documents_with_the_run_in_them() {
    let prefix = "jokes".parse().unwrap();
    let layout = Layout {
        prefix: &prefix,
        run: "5f1c",
    };
    assert_eq!(
        [
            layout.input(0),
            layout.rows(12),
            layout.outputs(12),
            layout.output(12, "abcdefghwxyz"),
            layout.manifest(12, "abcdefghwxyz"),
            layout.result(12_345),
        ],
        [
            "batch_inputs_json/jokes/5f1c/0000.jsonl",
            "batch_inputs_parquet/jokes/5f1c/0012.snappy.parquet",
            "batch_outputs_json/jokes/5f1c/0012/",
            "batch_outputs_json/jokes/5f1c/0012/abcdefghwxyz/0012.jsonl.out",
            "batch_outputs_json/jokes/5f1c/0012/abcdefghwxyz/manifest.json.out",
            "batch_output_parquet/jokes/5f1c/12345.snappy.parquet",
        ]
    );
}

#[test]
fn runs_share_no_key() {
    let prefix = "jokes".parse().unwrap();
    let of = |run| Layout {
        prefix: &prefix,
        run,
    };
    assert_ne!(of("a").input(0), of("b").input(0));
    assert_ne!(of("a").result(0), of("b").result(0));
}

proptest! {
    #[test]
    fn the_key_of_an_output_tells_what_it_is(
        chunk in 0u64..20_000,
        attempt in 0u32..20,
        job in "[a-z0-9]{12}",
        part in 0u64..20_000,
    ) {
        let prefix = "jokes".parse().unwrap();
        let layout = Layout { prefix: &prefix, run: "5f1c" };
        let on_demand = on_demand_id(attempt);
        for (key, job_id, part) in [
            (layout.output_of_attempt(chunk, attempt, &job), &job, None),
            (layout.output_of_attempt(chunk, attempt, &on_demand), &on_demand, None),
            (layout.output_part(chunk, attempt, part), &on_demand, Some(part)),
        ] {
            let parsed = layout.parse_output(chunk, &key);
            prop_assert_eq!(parsed, Some(OutputKey { attempt, job_id, part }));
            prop_assert_eq!(parsed.is_some_and(|output| output.is_on_demand()), job_id != &job);
            prop_assert_eq!(layout.parse_output(chunk + 1, &key), None);
        }
    }
}

#[test]
fn other_keys_are_no_outputs() {
    let prefix = "jokes".parse().unwrap();
    let layout = Layout {
        prefix: &prefix,
        run: "5f1c",
    };
    for name in [
        "",
        "0003.jsonl.out",
        "abcdefghwxyz/manifest.json.out",
        "abcdefghwxyz/0003.jsonl",
        "abcdefghwxyz/0003-r0.jsonl.out",
        "abcdefghwxyz/0003-r01.jsonl.out",
        "abcdefghwxyz/0004.jsonl.out",
        "abcdefghwxyz/below/0003.jsonl.out",
        "abcdefghwxyz/0003.jsonl.out.part-0000",
        "on-demand/0003.jsonl.out.part-0",
        "on-demand/0003.jsonl.out.part-",
    ] {
        let key = format!("{}{name}", layout.outputs(3));
        assert_eq!(layout.parse_output(3, &key), None, "{key}");
    }
}
