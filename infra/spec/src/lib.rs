//! The trimmed CloudFormation resource specification.
//!
//! `aws/` holds one readable file per resource type of `types.txt`. `refresh.py` writes them from the packages named in
//! `SOURCE.json`; `patches/` holds our corrections. This crate embeds the files, and parses one when it is first asked for.
//!
//! ```
//! let bucket = spec::Specification::embedded().resource_type("AWS::S3::Bucket")?.expect("the type is listed");
//! assert!(bucket.stateful);
//! assert!(bucket.create_only.contains("BucketName"));
//! # Ok::<(), spec::Error>(())
//! ```
//!
//! Two more tables are about templates of anybody: [`Lifecycles`] of all public types, and the [`Actions`] of IAM.
//!
//! ```
//! let instance = spec::Lifecycles::embedded().of("AWS::RDS::DBInstance").expect("the type is public");
//! assert!(instance.create_only.contains("MasterUsername"));
//! assert_eq!(instance.loss.as_deref(), Some("its databases and automated backups"));
//!
//! let actions = spec::Actions::embedded().matching("sqs:*Visibility");
//! assert_eq!(actions.map(|action| action.to_string()).collect::<Vec<_>>(), ["sqs:ChangeMessageVisibility"]);
//! ```
//! [`Resources`] says which resources those of the handlers' actions are about, and the form of their ARNs.
//!
//! [`ColumnType`] is what no schema says: the types that Athena reads in the columns of a Glue table.
#![warn(missing_docs)]

mod actions;
mod column_type;
mod embedded;
mod lifecycles;
mod lines;
mod model;
mod resources;
mod specification;
mod wildcard;

pub use actions::{Access, Action, Actions};
pub use column_type::ColumnType;
pub use lifecycles::{Lifecycle, Lifecycles};
pub use model::{
    ArnOwner, Attribute, Handler, Object, Property, Reference, ResourceType, Shape, Target, Text,
};
pub use resources::{ResourceKind, Resources};
pub use specification::{Error, Specification};
pub use wildcard::matches_wildcard;
