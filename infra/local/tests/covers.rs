//! Every cover survives the extractor's preparation: the simulator reads its barcode from the pixels it is sent.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

mod common;

use std::collections::BTreeSet;

use common::{MODEL, PROMPT, blob, client, prepared, request, said};
use local::bedrock::{Config, Simulator};
use local::covers::{self, Archive, Cover, Kind};
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn the_model_reads_every_barcode_and_invents_nothing() {
    let covers = covers::generate(40);
    let simulator = Simulator::start(Config::default())
        .await
        .expect("the simulator starts");
    let client = client(simulator.endpoint(), "test");
    let mut readings = JoinSet::new();
    for cover in covers {
        let client = client.clone();
        readings.spawn(async move {
            let pixels = cover.bytes.clone();
            let jpeg = tokio::task::spawn_blocking(move || prepared(&pixels))
                .await
                .expect("it is prepared");
            let body = blob(&request(&jpeg, PROMPT));
            let answer = client
                .invoke_model()
                .model_id(MODEL)
                .body(body)
                .send()
                .await
                .expect("an answer");
            let fields: Value = serde_json::from_str(&said(answer.body().as_ref()))
                .expect("the model answers with JSON");
            check(&cover, &fields);
        });
    }
    readings.join_all().await;
}

fn check(cover: &Cover, fields: &Value) {
    let Some(isbn) = cover.isbn else {
        let blank = json!({ "title": "", "author": "", "isbn": "", "publisher": "", "published_year": null, "description": "", "confidence": 0.1 });
        assert_eq!(*fields, blank, "{}", cover.file_name);
        return;
    };
    let confidence = fields["confidence"].as_f64().expect("a confidence");
    let (book, name) = (cover.book, &cover.file_name);
    assert!(confidence > 0.9, "{name}: {confidence}");
    let expected = json!({
        "title": book.title, "author": book.author, "isbn": isbn, "publisher": book.publisher,
        "published_year": book.published_year, "description": book.description, "confidence": confidence,
    });
    assert_eq!(*fields, expected, "{name}");
}

#[test]
fn a_set_has_every_kind_and_the_same_bytes_every_time() {
    let covers = covers::generate(10);
    assert_eq!(covers, covers::generate(10));
    let kinds: BTreeSet<String> = covers
        .iter()
        .map(|cover| format!("{:?}", cover.kind))
        .collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    for cover in &covers {
        let image = image::load_from_memory(&cover.bytes).expect("a cover is an image");
        let upright = !matches!(cover.kind, Kind::Quarter | Kind::Exif);
        assert_eq!(
            image.height() > image.width(),
            upright,
            "{}",
            cover.file_name
        );
        assert!(
            image.width().max(image.height()) > 2000,
            "the resize step has something to do"
        );
    }
    let exif = covers
        .iter()
        .find(|cover| cover.kind == Kind::Exif)
        .expect("one has EXIF");
    assert!(exif.bytes.windows(6).any(|window| window == b"Exif\0\0"));
}

#[test]
fn the_archive_holds_what_a_user_uploads() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("covers.zip");
    covers::write_zip(
        &path,
        Archive {
            covers: 3,
            poison: true,
        },
    )
    .expect("written");
    let mut archive =
        zip::ZipArchive::new(std::fs::File::open(&path).expect("there")).expect("a ZIP");
    let names: Vec<String> = (0..archive.len())
        .map(|index| {
            archive
                .by_index(index)
                .expect("an entry")
                .name()
                .expect("a name")
                .into_owned()
        })
        .collect();
    let expected = [
        "covers/",
        "covers/001-the-salt-clock.jpg",
        "covers/002-notes-toward-a-smaller-kitchen.jpg",
        "covers/003-a-field-guide-to-quiet-machines.jpg",
        "__MACOSX/covers/._001.jpg",
        "covers/poison.jpg",
    ];
    assert_eq!(names, expected);
    let first = std::fs::read(&path).expect("there");
    covers::write_zip(
        &path,
        Archive {
            covers: 3,
            poison: true,
        },
    )
    .expect("written");
    assert_eq!(
        first,
        std::fs::read(&path).expect("there"),
        "the same bytes every time"
    );
}
