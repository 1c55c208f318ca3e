//! Where the files of a run are.

use shared::batch::layout::Layout;

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
