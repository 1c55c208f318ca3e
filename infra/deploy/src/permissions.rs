//! What this crate calls, as actions of IAM: the list for the role of a pipeline.
//!
//! A test holds it against the calls in the source. Left out are the emptying of buckets and what guards a stack, its stack policy
//! and its termination protection: who may take a guard away should not be whom it is against. What looks after a stack between
//! deployments is a person's, and left out, too.
//!
//! `cloudformation:DeleteStack` is not left out: it clears what a failed creation and plans that are given up leave behind, and IAM
//! cannot tell that from the deletion of a stack in use. Termination protection can.

use crate::ASSET_STACK;

/// Actions that a deployment, and a look at what it would change, calls on the same resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// What the actions are about.
    pub on: Subject,
    /// Such as `cloudformation:CreateChangeSet`.
    pub actions: &'static [&'static str],
}

/// What an action of a deployment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// No resource in particular.
    Anything,
    /// The stack that is deployed.
    Stack,
    /// The stack of that name, which holds the asset bucket.
    AssetStack(&'static str),
    /// The asset bucket.
    AssetBucket,
    /// What a stack is deployed from, in the asset bucket.
    Assets,
}

/// The permissions of a deployment into an account whose asset bucket is there already.
///
/// CloudFormation reads the template from the bucket as the one who calls it. Whether an object is there is told only to who may
/// list the bucket.
pub const PERMISSIONS: &[Permission] = &[
    Permission {
        on: Subject::Anything,
        actions: &["sts:GetCallerIdentity"],
    },
    Permission {
        on: Subject::Stack,
        actions: &[
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeEvents",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:GetTemplate",
            "cloudformation:ListChangeSets",
            "cloudformation:ListStackResources",
            "cloudformation:RollbackStack",
        ],
    },
    Permission {
        on: Subject::AssetStack(ASSET_STACK),
        actions: &["cloudformation:DescribeStacks"],
    },
    Permission {
        on: Subject::AssetBucket,
        actions: &["s3:ListBucket", "s3:ListBucketMultipartUploads"],
    },
    Permission {
        on: Subject::Assets,
        actions: &[
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
        ],
    },
];

/// The name of the asset bucket, as a text for `Fn::Sub`.
pub const ASSET_BUCKET: &str = "colophon-assets-${AWS::AccountId}-${AWS::Region}";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{ASSET_BUCKET, PERMISSIONS};

    /// Operations of S3 whose actions have other names ("Required permissions for Amazon S3 API operations", its user guide).
    const OTHER_NAMES: [(&str, &str); 7] = [
        ("CompleteMultipartUpload", "PutObject"),
        ("CreateMultipartUpload", "PutObject"),
        ("HeadBucket", "ListBucket"),
        ("HeadObject", "GetObject"),
        ("ListMultipartUploads", "ListBucketMultipartUploads"),
        ("ListParts", "ListMultipartUploadParts"),
        ("UploadPart", "PutObject"),
    ];

    /// What empties buckets before a destruction, and what guards a stack.
    const LEFT_OUT: [&str; 5] = [
        "DeleteObjects",
        "ListImports",
        "ListObjectVersions",
        "SetStackPolicy",
        "UpdateTerminationProtection",
    ];

    /// Modules of what people do between deployments: drift, garbage, imports, new code at once.
    const NOT_FOR_PIPELINES: [&str; 4] = ["drift.rs", "garbage", "import", "sync.rs"];

    #[test]
    fn every_call_is_listed_and_nothing_else() {
        let source = source(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
        let is_listed = |name: &String| !LEFT_OUT.contains(&name.as_str());
        let cloudformation = operations(&source, "cloudformation().").filter(is_listed);
        let cloudformation = cloudformation.map(|name| format!("cloudformation:{name}"));
        let identity = operations(&source, "sts::Client::new(&self.config).");
        let identity = identity.map(|name| format!("sts:{name}"));
        let storage = operations(&source, "s3().").chain(operations(&source, "client."));
        let storage = storage.filter(|name| name != "Clone" && is_listed(name));
        let storage = storage.map(|name| {
            let other = OTHER_NAMES.iter().find(|(operation, _)| *operation == name);
            format!("s3:{}", other.map_or(name.as_str(), |(_, action)| action))
        });
        let called: BTreeSet<String> = cloudformation.chain(identity).chain(storage).collect();
        let listed = PERMISSIONS.iter().flat_map(|permission| permission.actions);
        assert_eq!(called, listed.map(|action| (*action).to_owned()).collect());
    }

    /// The source of what deploys, without this file, and without white space.
    fn source(folder: &Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| !NOT_FOR_PIPELINES.iter().any(|name| path.ends_with(name)));
        paths.sort();
        let texts = paths.iter().map(|path| match path.extension() {
            None => source(path),
            Some(_) if path.ends_with("permissions.rs") => String::new(),
            Some(_) => std::fs::read_to_string(path).unwrap(),
        });
        texts.collect::<String>().split_whitespace().collect()
    }

    /// The operations called on a client, in the spelling of AWS.
    fn operations<'a>(source: &'a str, client: &'a str) -> impl Iterator<Item = String> + use<'a> {
        let calls = source.split(client).skip(1);
        calls.filter_map(|call| {
            let (method, _) = call.split_once("()")?;
            let is_method = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
            method
                .chars()
                .all(is_method)
                .then(|| method.split('_').map(capital).collect())
        })
    }

    #[test]
    fn the_bucket_is_that_of_the_template() {
        let template = include_str!("asset_bucket.json");
        assert!(template.contains(&format!(
            "\"BucketName\": {{ \"Fn::Sub\": \"{ASSET_BUCKET}\" }}"
        )));
    }
}
