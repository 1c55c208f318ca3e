//! The vision pipeline from an archive to SQL, on real functions.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::path::Path;

use end_to_end::{Vision, strangers_python};
use infra::stacks::vision::QUERIES;
use infra::workspace;
use local::bedrock::{Config, Scenario};
use local::catalogue;
use local::covers::{Archive, Kind, cover};
use serde_json::json;
use shared::contracts::Failure;

/// Enough for every kind of cover: turned, PNG, without a barcode, CMYK, with an EXIF orientation.
const COVERS: usize = 9;
const ARCHIVE: Archive = Archive {
    covers: COVERS,
    poison: true,
};

/// The model's answer to the first cover is no JSON, that to the second is wrapped in prose, and the third is throttled for
/// longer than a client retries, so that only the queue can bring it back.
fn scenario() -> Scenario {
    let isbn = |index| cover(index).isbn.expect("the first covers have barcodes");
    let rules = json!({ "rules": [
        { "when": { "isbn": isbn(MALFORMED) }, "then": { "fault": "malformed" } },
        { "when": { "isbn": isbn(MARKDOWN) }, "then": { "fault": "markdown" } },
        { "when": { "isbn": isbn(THROTTLED) }, "times": 4, "then": { "fault": "error", "code": "ThrottlingException" } },
    ] });
    serde_json::from_value(rules).expect("the scenario is one")
}
const MALFORMED: usize = 0;
const MARKDOWN: usize = 1;
const THROTTLED: usize = 2;

#[tokio::test]
async fn an_archive_becomes_rows_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let vision = Vision::deploy(
        Config {
            scenario: scenario(),
            upstream: None,
        },
        |_| (),
    )
    .await;

    vision.upload_covers(folder.path(), ARCHIVE).await;
    let progress = vision
        .pipeline
        .settle(vision.target(), |_| ())
        .await
        .expect("every image is accounted for");
    let counts = (progress.images, progress.records, progress.failures);
    if counts != (COVERS + 1, COVERS, 1) {
        let failures = vision.messages(&vision.pipeline.failures).await;
        panic!("images, records and failures are {counts:?}: {failures:#?}");
    }

    rows_are_what_the_covers_show(&vision).await;
    the_poison_image_is_a_failure_with_its_reason(&vision).await;
    the_doubtful_record_is_up_for_review(&vision).await;
    strangers_read_the_files(&vision, folder.path()).await;
    for query in QUERIES {
        let table = vision.query(query.sql).await;
        assert!(!table.columns.is_empty(), "{}", query.name);
    }
    uploading_again_adds_no_rows(&vision, folder.path()).await;
    compaction_shows_each_row_once(&vision).await;
    vision.stop().await;
}

async fn rows_are_what_the_covers_show(vision: &Vision) {
    let table = vision.query("SELECT isbn, title, author, publisher, published_year, confidence FROM books WHERE isbn <> ''").await;
    let mut expected = 0;
    for index in (0..COVERS).filter(|index| *index != MALFORMED) {
        let Some(isbn) = cover(index).isbn else {
            continue;
        };
        let book = catalogue::find(isbn).expect("covers show books of the catalogue");
        let cells = [
            &book.isbn,
            &book.title,
            &book.author,
            &book.publisher,
            &book.published_year.to_string(),
        ]
        .map(|cell| Some(cell.clone()));
        let found = table.rows.iter().any(|row| {
            row[..5] == cells
                && row[5]
                    .as_deref()
                    .is_some_and(|confidence| confidence > "0.7")
        });
        assert!(found, "no row for {cells:?} in {:?}", table.rows);
        expected += 1;
    }
    assert_eq!(table.rows.len(), expected);
    let blank = vision.query("SELECT published_year, confidence, parse_stage FROM books WHERE isbn = '' ORDER BY parse_stage").await;
    let [unread, malformed] = blank.rows.as_slice() else {
        panic!("two rows are blank: {blank:?}")
    };
    assert_eq!(
        *unread,
        [None, Some("0.1".to_owned()), Some("direct".to_owned())],
        "a cover without a barcode"
    );
    assert_eq!(
        *malformed,
        [None, None, Some("empty".to_owned())],
        "an answer that is no JSON"
    );
    assert_eq!(
        vision
            .query_number("SELECT count(*) AS number FROM books WHERE parse_stage = 'extracted'")
            .await,
        1,
        "an answer in prose"
    );
}

/// `PyArrow` and `DuckDB` find the declared types, in files whose year and confidence are null too.
async fn strangers_read_the_files(vision: &Vision, folder: &Path) {
    let mut command = tokio::process::Command::new(strangers_python().await);
    command.arg(workspace::root().join("tests/peers/check_parquet.py"));
    for (index, key) in vision
        .keys(&vision.pipeline.processed, "processed/")
        .await
        .iter()
        .enumerate()
    {
        let path = folder.join(format!("{index}.parquet"));
        std::fs::write(&path, vision.object(&vision.pipeline.processed, key).await)
            .expect("the file is written");
        command.arg(path);
    }
    let output = command.output().await.expect("Python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).lines().count(),
        COVERS
    );
}

async fn the_poison_image_is_a_failure_with_its_reason(vision: &Vision) {
    let messages = vision.messages(&vision.pipeline.failures).await;
    let [message] = messages.as_slice() else {
        panic!("one failure: {messages:#?}")
    };
    let failure: Failure =
        serde_json::from_value(message.clone()).expect("the message is a failure");
    assert_eq!(
        (failure.function.as_str(), failure.reason.as_str()),
        ("extract", "unsupported_format")
    );
    assert!(
        failure.key.ends_with("covers/poison.jpg"),
        "{}",
        failure.key
    );
    assert_eq!(failure.bucket, vision.pipeline.raw);
    assert!(
        failure.event.is_object(),
        "the event is there to be sent again: {}",
        failure.event
    );
}

async fn the_doubtful_record_is_up_for_review(vision: &Vision) {
    let messages = vision.messages(&vision.pipeline.review).await;
    let doubtful = (0..COVERS)
        .map(cover)
        .find(|cover| cover.kind == Kind::NoBarcode)
        .expect("one cover has no barcode");
    let found = messages
        .iter()
        .any(|message| message.to_string().contains(&doubtful.file_name));
    assert!(found, "{} is not among {messages:#?}", doubtful.file_name);
}

/// The same bytes under the same key: every image is delivered again, and the poison one fails again.
async fn uploading_again_adds_no_rows(vision: &Vision, folder: &Path) {
    let before = vision
        .query("SELECT id, processed_at FROM books ORDER BY id")
        .await;
    vision.upload_covers(folder, ARCHIVE).await;
    let (failures, images) = (&vision.pipeline.failures, &vision.images_queue);
    vision
        .until("the poison image has failed again", async || {
            vision.depth(failures).await.0 == 1
        })
        .await;
    vision
        .until("the images are worked off", async || {
            vision.depth(images).await == (0, 0)
        })
        .await;
    let after = vision
        .query("SELECT id, processed_at FROM books ORDER BY id")
        .await;
    assert_eq!(after.rows.len(), COVERS);
    assert_eq!(
        after.rows.iter().map(|row| &row[0]).collect::<Vec<_>>(),
        before.rows.iter().map(|row| &row[0]).collect::<Vec<_>>(),
        "the same images are the same records"
    );
    assert_eq!(
        vision
            .keys(&vision.pipeline.processed, "processed/")
            .await
            .len(),
        COVERS,
        "and the same files"
    );
}

async fn compaction_shows_each_row_once(vision: &Vision) {
    let everything = "SELECT * FROM books ORDER BY id";
    let before = vision.query(everything).await;

    let report = vision
        .invoke("CompactFunction", &json!({ "now": "2099-01-01T02:00:00Z" }))
        .await;
    assert_eq!(report["rows"], COVERS, "{report}");
    assert!(
        !vision
            .keys(&vision.pipeline.processed, "compacted/")
            .await
            .is_empty()
    );
    assert_eq!(
        vision.query(everything).await,
        before,
        "live and compacted together"
    );

    let report = vision
        .invoke("CompactFunction", &json!({ "now": "2099-01-02T02:00:00Z" }))
        .await;
    assert_eq!(report["removed"], COVERS, "{report}");
    assert!(
        vision
            .keys(&vision.pipeline.processed, "processed/")
            .await
            .is_empty()
    );
    assert_eq!(vision.query(everything).await, before, "compacted alone");
    assert_eq!(
        vision
            .query_number("SELECT count(*) AS number FROM books")
            .await,
        COVERS as u64
    );
}
