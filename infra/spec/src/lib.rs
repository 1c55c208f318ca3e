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
#![warn(missing_docs)]

mod embedded;
mod model;
mod specification;

pub use model::{
    ArnOwner, Attribute, Handler, Object, Property, Reference, ResourceType, Shape, Target, Text,
};
pub use specification::{Error, Specification};
