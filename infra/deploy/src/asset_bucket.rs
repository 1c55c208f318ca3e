use sha2::{Digest, Sha256};

use crate::{
    Error, Listener, StackRequest, Target, deploy_stack,
    error::service,
    stack::state::{self, Stack},
};

/// The name of the stack that holds the asset bucket.
pub const ASSET_STACK: &str = "colophon-assets";

/// Without retention: S3 refuses to delete a bucket with objects anyway, and a retained bucket would keep its name from
/// the next one.
const TEMPLATE: &str = include_str!("asset_bucket.json");
/// Stack tag with the template's hash; while it matches, the stack is as it should be.
const REVISION_TAG: &str = "colophon:revision";

/// The bucket that packages and large templates are deployed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetBucket {
    /// `colophon-assets-<account>-<region>`.
    pub name: String,
    /// The account it belongs to. Every request names it, so that a bucket of somebody else by that name is refused.
    pub owner: String,
}

/// Finds the account's asset bucket in this region, created or brought up to date by its own stack where needed.
pub async fn ensure_asset_bucket(
    target: &Target,
    listener: &mut Listener<'_>,
) -> Result<AssetBucket, Error> {
    let bucket = named(target).await?;
    if !(state::describe(target, ASSET_STACK).await?).is_some_and(|stack| is_current(&stack)) {
        let request = StackRequest::new(ASSET_STACK, TEMPLATE).tag(REVISION_TAG, revision());
        deploy_stack(target, &request, listener).await?;
    }
    let AssetBucket { name, owner } = &bucket;
    target
        .s3()
        .head_bucket()
        .bucket(name)
        .expected_bucket_owner(owner)
        .send()
        .await
        .map_err(service(format!(
            "reach the asset bucket {name} of account {owner}"
        )))?;
    Ok(bucket)
}

/// The bucket by the name that its template gives it.
async fn named(target: &Target) -> Result<AssetBucket, Error> {
    let owner = target.account().await?;
    Ok(AssetBucket {
        name: format!("{ASSET_STACK}-{owner}-{}", target.region()),
        owner,
    })
}

/// The account's asset bucket in this region, as it is: nothing is created or brought up to date. None when there is none.
pub async fn find_asset_bucket(target: &Target) -> Result<Option<AssetBucket>, Error> {
    match state::describe(target, ASSET_STACK).await? {
        Some(stack) if has_bucket(&stack) => named(target).await.map(Some),
        _ => Ok(None),
    }
}

/// Whether the stack was made, whatever is done to it now.
fn has_bucket(stack: &Stack) -> bool {
    let status = stack.status.as_str();
    status == "CREATE_COMPLETE" || status.starts_with("UPDATE_") || status.starts_with("IMPORT_")
}

fn is_current(stack: &Stack) -> bool {
    stack.accepts_updates() && stack.settings.tags.get(REVISION_TAG) == Some(&revision())
}

fn revision() -> String {
    format!("{:x}", Sha256::digest(TEMPLATE))
}
