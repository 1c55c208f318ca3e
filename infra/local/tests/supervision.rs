//! The local AWS comes up, answers, keeps instances apart and leaves nothing behind.

mod common;

use std::time::Duration;

use common::{create_bucket, processes_of, s3, target_dir};
use local::aws::{LocalAws, Options};

#[tokio::test]
async fn two_instances_at_once_are_apart_and_leave_nothing() {
    let options = Options::new(target_dir());
    let quiet = |_| ();
    let (one, two) = tokio::join!(
        LocalAws::start(&options, &quiet),
        LocalAws::start(&options, &quiet)
    );
    let (one, two) = (
        one.expect("the first starts"),
        two.expect("the second starts"),
    );
    assert_ne!(one.endpoint(), two.endpoint());

    let client = s3(&one);
    create_bucket(&client, "covers", one.region()).await;
    client
        .put_object()
        .bucket("covers")
        .key("a b.txt")
        .body(b"colophon".to_vec().into())
        .send()
        .await
        .expect("put");
    let object = client
        .get_object()
        .bucket("covers")
        .key("a b.txt")
        .send()
        .await
        .expect("get");
    assert_eq!(
        object
            .body
            .collect()
            .await
            .expect("body")
            .into_bytes()
            .as_ref(),
        b"colophon"
    );
    let other = s3(&two)
        .get_object()
        .bucket("covers")
        .key("a b.txt")
        .send()
        .await
        .expect_err("no such bucket there");
    assert_eq!(
        other.into_service_error().meta().code(),
        Some("NoSuchBucket")
    );

    let groups = [one.process_group(), two.process_group()];
    let log = one.log_file();
    assert!(
        groups.iter().all(|group| !processes_of(*group).is_empty()),
        "both run"
    );
    one.stop().await;
    assert_eq!(
        processes_of(groups[0]),
        Vec::<String>::new(),
        "a process of the stopped one is left"
    );
    drop(two);
    assert_eq!(
        left_of(groups[1]).await,
        Vec::<String>::new(),
        "a process of the dropped one is left"
    );
    assert!(
        !log.parent().is_some_and(std::path::Path::exists),
        "files are left"
    );
}

/// Dropping only sends the signal: dying takes a moment, longer on a loaded machine.
async fn left_of(group: u32) -> Vec<String> {
    for _ in 0..250 {
        if processes_of(group).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    processes_of(group)
}

/// Not a test: a process that starts a local AWS, tells its group and is killed by the test below.
#[tokio::test]
#[ignore = "not a test: the parent that dies in the test below"]
async fn a_parent_that_will_be_killed() {
    let aws = LocalAws::start(&Options::new(target_dir()), &|_| ())
        .await
        .expect("it starts");
    println!("\ngroup {}", aws.process_group());
    tokio::time::sleep(Duration::from_mins(2)).await;
}

#[tokio::test]
async fn it_dies_with_its_parent_however_that_dies() {
    use tokio::io::{AsyncBufReadExt, BufReader};

    let mut parent =
        tokio::process::Command::new(std::env::current_exe().expect("a test has an executable"))
            .args([
                "a_parent_that_will_be_killed",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
    let mut lines = BufReader::new(parent.stdout.take().expect("piped")).lines();
    let group = loop {
        let line = lines
            .next_line()
            .await
            .expect("readable")
            .expect("it tells its group");
        if let Some(group) = line.strip_prefix("group ") {
            break group.parse().expect("a number");
        }
    };
    assert!(!processes_of(group).is_empty(), "it runs");
    parent
        .kill()
        .await
        .expect("killed without a chance to clean up");
    assert_eq!(
        left_of(group).await,
        Vec::<String>::new(),
        "a process is left"
    );
}
