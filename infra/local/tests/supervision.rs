//! The local AWS comes up, answers, keeps instances apart and leaves nothing behind.

mod common;

use std::path::Path;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use common::target_dir;
use local::aws::{LocalAws, Options};

fn s3(aws: &LocalAws) -> aws_sdk_s3::Client {
    let root = aws.credentials();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new(
            root.access_key_id,
            root.secret_access_key,
            None,
            None,
            "test",
        ))
        .region(Region::new(aws.region().to_owned()))
        .endpoint_url(aws.endpoint())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

/// Live processes of a group, zombies included.
fn members(group: u32) -> Vec<String> {
    let belongs = |stat: &str| {
        // pid (comm) state ppid pgrp ...: the command may contain spaces and brackets.
        stat.rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(2)?.parse().ok())
            == Some(group)
    };
    std::fs::read_dir("/proc")
        .expect("/proc is readable")
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok())
        .filter(|stat| belongs(stat))
        .collect()
}

fn is_empty(directory: &Path) -> bool {
    !directory.exists()
}

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
    let place = aws_sdk_s3::types::CreateBucketConfiguration::builder()
        .location_constraint(one.region().into())
        .build();
    client
        .create_bucket()
        .bucket("covers")
        .create_bucket_configuration(place)
        .send()
        .await
        .expect("a bucket is made");
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
        .expect_err("the other has no such bucket");
    assert_eq!(
        other.into_service_error().meta().code(),
        Some("NoSuchBucket")
    );

    let groups = [one.process_group(), two.process_group()];
    let log = one.log_file();
    assert!(
        groups.iter().all(|group| !members(*group).is_empty()),
        "both run"
    );
    one.stop().await;
    drop(two);
    for group in groups {
        for _ in 0..100 {
            if members(group).is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(
            members(group),
            Vec::<String>::new(),
            "a process of group {group} is left"
        );
    }
    assert!(
        is_empty(
            log.parent()
                .expect("the log is in the instance's directory")
        ),
        "files are left"
    );
}
