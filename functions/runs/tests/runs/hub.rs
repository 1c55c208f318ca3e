//! The Hub's API, served by a server of ours in the form that the Hub's has.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use runs::StoreError;
use runs::hub::{Hub, Patience, Split};
use serde_json::{Value, json};
use shared::batch::source::Source;
use shared::contracts::batch::RunFailure;
use tables::input::Limits;

use super::server::{Reply, Request, Server};
use super::support::{first_column, of_hub, parquet};

const TOKEN: &str = "hf_secret_of_the_test";

const PATIENCE: Patience = Patience {
    attempts: 3,
    pause: Duration::from_millis(1),
    longest: Duration::from_millis(5),
};

fn hub(server: &Server, token: Option<&str>) -> Hub {
    Hub::new(&server.address, token, PATIENCE).unwrap()
}

fn files(hub: &Hub, config: Option<&str>, split: &str) -> Result<usize, StoreError> {
    let split = Split {
        dataset: "owner/jokes",
        config,
        split,
    };
    hub.files(&split).map(|files| files.len())
}

/// A Hub with one listing.
fn listing(listing: Value) -> Server {
    Server::start(move |_| Reply::json(&listing))
}

/// A Hub whose dataset `owner/jokes` has two files, and the storage that it sends its clients to.
fn with_files(etag: Arc<Mutex<String>>) -> (Server, Server) {
    let contents = [parquet(&["cats", "dogs"]), parquet(&["birds"])];
    let storage = Server::start(move |request| {
        let number = usize::from(request.path.contains("/1?"));
        Reply::part(request, &contents[number], &etag.lock().unwrap())
    });
    let to = storage.address.clone();
    let address = Arc::new(Mutex::new(String::new()));
    let own = Arc::clone(&address);
    let hub = Server::start(move |request: &Request| {
        let own = own.lock().unwrap();
        let file = |number| {
            format!("{own}/api/datasets/owner/jokes/parquet/default/train/{number}.parquet")
        };
        match request.path.as_str() {
            "/api/datasets/owner/jokes/parquet" => {
                Reply::json(&json!({"default": {"train": [file(0), file(1)]}}))
            }
            path if path.ends_with("0.parquet") => Reply::status(302).with("Location", "/moved/0"),
            "/moved/0" => Reply::status(307).with("Location", format!("{to}/0?signature=s")),
            _ => Reply::status(302).with("Location", format!("{to}/1?signature=s")),
        }
    });
    address.lock().unwrap().clone_from(&hub.address);
    (hub, storage)
}

fn jokes() -> Source {
    Source::Dataset {
        id: "owner/jokes".to_owned(),
        config: None,
        split: "train".to_owned(),
    }
}

#[test]
fn a_dataset_is_read_by_ranges_and_the_token_stays_with_the_hub() {
    let (server, storage) = with_files(Arc::new(Mutex::new("one".to_owned())));
    let inputs = of_hub(hub(&server, Some(TOKEN)));
    let table = inputs.find(&jokes()).unwrap();
    assert_eq!(table.count(Limits::default(), u64::MAX).unwrap(), 3);
    let rows = table.rows(Limits::default()).unwrap();
    assert_eq!(first_column(rows), ["cats", "dogs", "birds"]);
    let bearer = format!("Bearer {TOKEN}");
    let asked = server.requests();
    assert!(
        asked
            .iter()
            .all(|request| request.authorization.as_ref() == Some(&bearer))
    );
    let fetched = storage.requests();
    assert!(
        !fetched.is_empty()
            && fetched
                .iter()
                .all(|request| request.authorization.is_none())
    );
    assert!(fetched.iter().all(|request| request.range.is_some()));
    // The Hub was asked for the list and once for each file, and one of these moved.
    assert_eq!(asked.len(), 4);
}

#[test]
fn a_file_that_is_replaced_meanwhile_is_told_as_such() {
    let etag = Arc::new(Mutex::new("one".to_owned()));
    let (server, _storage) = with_files(Arc::clone(&etag));
    let table = of_hub(hub(&server, None)).find(&jokes()).unwrap();
    assert_eq!(table.count(Limits::default(), u64::MAX).unwrap(), 3);
    "two".clone_into(&mut etag.lock().unwrap());
    let error = table.rows(Limits::default()).map(drop).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("was replaced while it was being read"),
        "{error}"
    );
}

#[test]
fn configurations_and_splits_are_those_there_are() {
    let one = listing(json!({"plain_text": {"train": ["a", "b"], "test": ["c"]}}));
    assert_eq!(files(&hub(&one, None), None, "train").unwrap(), 2);
    let split = files(&hub(&one, None), None, "validation").unwrap_err();
    assert_eq!(split.failure, RunFailure::InvalidRequest);
    assert!(
        split.message.ends_with(
            "no split `validation` in its configuration `plain_text`: use one of test, train"
        ),
        "{split}"
    );

    let several = listing(json!({"en": {"train": ["a"]}, "fr": {"train": ["b", "c"]}}));
    let config = files(&hub(&several, None), None, "train").unwrap_err();
    assert!(
        config
            .message
            .ends_with("give one as `dataset_config`, of en, fr"),
        "{config}"
    );
    assert_eq!(files(&hub(&several, None), Some("fr"), "train").unwrap(), 2);
    let unknown = files(&hub(&several, None), Some("de"), "train").unwrap_err();
    assert!(
        unknown
            .message
            .ends_with("no configuration `de`: use one of en, fr"),
        "{unknown}"
    );

    let default = listing(json!({"default": {"train": ["a"]}, "fr": {"train": ["b", "c"]}}));
    assert_eq!(files(&hub(&default, None), None, "train").unwrap(), 1);
    for empty in [json!({}), json!({"default": {"train": []}})] {
        let none = files(&hub(&listing(empty), None), None, "train").unwrap_err();
        assert!(
            none.message.starts_with("the Hub made no Parquet"),
            "{none}"
        );
    }
}

#[test]
fn the_first_part_of_a_dataset_is_not_taken_for_the_whole() {
    let partial = "https://huggingface.co/x/resolve/refs%2Fconvert%2Fparquet/default/partial-train/0000.parquet";
    let server = listing(json!({"default": {"train": [partial]}}));
    let refused = files(&hub(&server, None), None, "train").unwrap_err();
    assert!(
        refused
            .message
            .contains("give `partial-train` as the split"),
        "{refused}"
    );
    assert_eq!(
        files(&hub(&server, None), None, "partial-train").unwrap(),
        1
    );
}

#[test]
fn refusals_are_told_apart() {
    type Case = (fn() -> Reply, bool, RunFailure, &'static str);
    let gated = || Reply::status(401).with("X-Error-Code", "GatedRepo");
    let cases: [Case; 7] = [
        (
            gated,
            false,
            RunFailure::InvalidRequest,
            "is gated: accept its conditions at http://",
        ),
        (
            gated,
            true,
            RunFailure::InvalidRequest,
            "with the account whose token the deployment has",
        ),
        (
            || Reply::status(401),
            false,
            RunFailure::InvalidRequest,
            "shows no dataset `owner/jokes` to the public",
        ),
        (
            || Reply::status(401),
            true,
            RunFailure::Broken,
            "does not accept the token",
        ),
        (
            || Reply::status(403),
            true,
            RunFailure::InvalidRequest,
            "may not read the dataset",
        ),
        (
            || Reply::status(404).with("X-Error-Code", "RepoNotFound"),
            false,
            RunFailure::InvalidRequest,
            "there is no dataset `owner/jokes` on the Hub",
        ),
        (
            || Reply::status(404),
            false,
            RunFailure::InvalidRequest,
            "made no Parquet of the dataset",
        ),
    ];
    for (reply, with_token, failure, message) in cases {
        let server = Server::start(move |_| reply());
        let hub = hub(&server, with_token.then_some(TOKEN));
        let error = files(&hub, None, "train").unwrap_err();
        assert!(error.message.contains(message), "{error}");
        assert_eq!(error.failure, failure, "{error}");
        assert_eq!(server.requests().len(), 1, "there was nothing to try again");
    }
}

#[test]
fn a_busy_hub_is_asked_again_but_not_for_ever() {
    for (status, failure) in [(429, RunFailure::Throttled), (503, RunFailure::Unavailable)] {
        let busy = Server::start(move |_| Reply::status(status).with("Retry-After", "60"));
        let error = files(&hub(&busy, Some(TOKEN)), None, "train").unwrap_err();
        assert_eq!(
            (error.failure, busy.requests().len()),
            (failure, 3),
            "{error}"
        );
        assert!(
            error.message.contains(&format!("status {status}")),
            "{error}"
        );
    }
    let asked = AtomicU32::new(0);
    let recovering = Server::start(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => Reply::status(500),
        _ => Reply::json(&json!({"default": {"train": ["a"]}})),
    });
    assert_eq!(files(&hub(&recovering, None), None, "train").unwrap(), 1);
    let nobody = Hub::new("http://127.0.0.1:1", None, PATIENCE).unwrap();
    let error = files(&nobody, None, "train").unwrap_err();
    assert_eq!(error.failure, RunFailure::Unavailable, "{error}");
}

#[test]
fn a_server_that_does_not_speak_tls_is_out_of_reach() {
    let server = Server::start(|_| Reply::status(200));
    let address = server.address.replace("http://", "https://");
    let hub = Hub::new(&address, Some(TOKEN), PATIENCE).unwrap();
    let error = files(&hub, None, "train").unwrap_err();
    assert_eq!(error.failure, RunFailure::Unavailable, "{error}");
}

#[test]
fn a_storage_without_ranges_and_endless_redirects_are_refused() {
    let whole = Server::start(|request| match request.path.as_str() {
        "/file" => Reply::json(&json!("the whole file")),
        _ => Reply::json(&json!({"default": {"train": ["REPLACED"]}})),
    });
    let file = format!("{}/file", whole.address);
    let server = listing(json!({"default": {"train": [file]}}));
    let table = of_hub(hub(&server, None)).find(&jokes()).unwrap();
    let error = table.rows(Limits::default()).map(drop).unwrap_err();
    assert!(
        error.to_string().contains("does not send parts of files"),
        "{error}"
    );

    let around = Server::start(|_| Reply::status(302).with("Location", "/again"));
    let error = files(&hub(&around, None), None, "train").unwrap_err();
    assert!(error.message.contains("more than 6 redirects"), "{error}");
    let nowhere = Server::start(|_| Reply::status(302).with("Location", "ftp://elsewhere/"));
    let error = files(&hub(&nowhere, None), None, "train").unwrap_err();
    assert!(error.message.contains("redirects to nowhere"), "{error}");
}

#[test]
fn the_token_is_in_no_message() {
    for status in [401, 403, 404, 418, 429, 500] {
        let server = Server::start(move |_| Reply::status(status));
        let hub = hub(&server, Some(TOKEN));
        let error = files(&hub, None, "train").unwrap_err();
        assert!(!format!("{error:?} {error} {hub:?}").contains("hf_secret"));
    }
    let odd = Hub::new(
        "https://huggingface.co",
        Some("hf_secret\r\nX: y"),
        PATIENCE,
    )
    .unwrap_err();
    assert!(!format!("{odd:?}").contains("hf_secret"));
    for base in ["huggingface.co", "ftp://huggingface.co", "", "https://"] {
        let error = Hub::new(base, None, PATIENCE).unwrap_err();
        assert!(
            error
                .message
                .contains("is not the address of the Hugging Face Hub")
        );
    }
}
