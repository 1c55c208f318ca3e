//! Deployment through CloudFormation change sets, to AWS or to any endpoint that speaks its protocol.
//!
//! ```no_run
//! # async fn run(template: String, assets: Vec<deploy::Upload>) -> Result<(), deploy::Error> {
//! use deploy::{Connection, StackRequest, Target};
//!
//! let target = Target::connect(Connection::default()).await?;
//! let listener = &mut |event| eprintln!("{event:?}");
//! let bucket = deploy::ensure_asset_bucket(&target, listener).await?;
//! deploy::upload(&target, &bucket, &assets, listener).await?;
//! let request = StackRequest::new("vision", template).asset_bucket(bucket);
//! let deployed = deploy::deploy_stack(&target, &request, listener).await?;
//! println!("{:?}", deployed.outputs);
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

mod asset_bucket;
mod assets;
mod drift;
mod error;
mod event;
mod explain;
mod garbage;
mod import;
mod patience;
mod permissions;
mod remedy;
mod stack;
mod sync;
mod target;

pub use asset_bucket::{ASSET_STACK, AssetBucket, ensure_asset_bucket, find_asset_bucket};
pub use assets::{Upload, upload};
pub use drift::{Drift, DriftStatus, PropertyDifference, ResourceDrift, detect_drift};
pub use error::{Error, Failure, Phase, service};
pub use event::{Change, ChangeDetail, Event, Listener, ResourceEvent};
pub use explain::{Advice, Explanation, explain};
pub use garbage::{Garbage, MINIMUM_AGE, UnusedObject, delete_garbage, find_garbage};
pub use import::{ImportRequest, execute_import, plan_import};
pub use permissions::{ASSET_BUCKET, PERMISSIONS, Permission, Subject};
pub use stack::{
    attach::{attach, await_execution},
    deploy::{Deployed, Outcome, deploy_stack, execute_plan, unchanged},
    deployed::{DeployedStack, deployed_stack, parameter_default},
    destroy::{Destroyed, Destruction, destroy_stack},
    estimate::{Estimate, estimate},
    plan::{Plan, PlannedStack, discard_plan, plan_stack, read_plan},
    protection::{protect_stack, set_stack_policy},
    request::{ParameterValue, StackRequest},
    resources::{Resource, stack_outputs, stack_resources, stack_status},
    rollback::{RolledBack, abandon_creation, cancel_update, roll_back},
    settings::Settings,
    template::{INLINE_LIMIT, TEMPLATE_LIMIT},
};
pub use sync::{Code, PRODUCTION, STAGE_TAG, SyncTarget, Synced, sync_code, sync_target};
pub use target::{Connection, Polling, Target, http_client};
