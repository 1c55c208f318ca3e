//! What becomes of archives as people, tools and attackers make them. `fixtures/make_fixtures.py` tells how each was made.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::memory::{BUCKET, Memory, fixture, record, run};
use insta::assert_snapshot;
use shared::contracts::ArchiveLimits;

/// Everything that came of an archive, as text.
fn outcome(archive: Vec<u8>, limits: ArchiveLimits) -> String {
    let mut store = Memory::with("in.zip", archive);
    store.limits = limits;
    let store = Arc::new(store);
    let processed = run(&store, vec![record(BUCKET, "in.zip")]).unwrap();
    let processed = &processed[0];
    let report = &processed.report;
    let images = store.images.lock().unwrap();
    assert_eq!(images.len(), report.images as usize);
    assert_eq!(processed.failures, *store.failures.lock().unwrap());
    let mut text = String::new();
    for (key, (content_type, bytes)) in images.iter() {
        let (folder, path) = key.split_once('/').unwrap();
        assert_eq!(folder, report.folder);
        writeln!(text, "{path}  {content_type}  {} bytes", bytes.len()).unwrap();
    }
    writeln!(
        text,
        "ignored {}, skipped {:?}",
        report.ignored, report.skipped
    )
    .unwrap();
    for failure in &processed.failures {
        writeln!(text, "{}: {}", failure.reason, failure.message).unwrap();
    }
    text
}

fn default_outcome(name: &str) -> String {
    outcome(fixture(name), ArchiveLimits::default())
}

macro_rules! hazards {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                let mut settings = insta::Settings::clone_current();
                settings.set_snapshot_path("../../../../snapshots/unzip");
                settings.set_prepend_module_to_snapshot(false);
                settings.set_omit_expression(true);
                settings.bind(|| assert_snapshot!(stringify!($name), default_outcome(stringify!($name))));
            }
        )*
    };
}

hazards!(
    aes,
    backslashes,
    bad_checksum,
    bomb,
    code_page_437,
    data_descriptors,
    declares_less,
    declares_more,
    duplicate_names,
    empty_file,
    formats,
    info_zip,
    junk_before,
    methods,
    nested,
    no_entries,
    no_images,
    not_an_archive,
    overlapping,
    same_base_names,
    stored,
    symlink,
    traversal,
    truncated,
    utf8_names,
    zip64,
    zip_crypto,
);
