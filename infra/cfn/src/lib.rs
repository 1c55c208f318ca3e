//! Typed CloudFormation.
//!
//! Every listed resource type has a builder in the module of its service ([`s3::Bucket`], [`lambda::Function`]), generated from
//! the specification in `infra/spec`. Properties are set by name; the required ones are type arguments until they are set, so
//! that an incomplete resource does not compile. [`Template::add`] takes a builder and returns a handle whose attributes are
//! typed: a property that wants a role's ARN takes no queue's.
//!
//! ```
//! use cfn::intrinsics::sub;
//! use cfn::{PolicyDocument, Principal, Statement, Template, iam, lambda};
//!
//! let mut template = Template::new("One function");
//! let role = template.add(
//!     "Role",
//!     iam::Role::new()
//!         .assume_role_policy_document(PolicyDocument::new().statement(
//!             Statement::allow().principal(Principal::service("lambda.amazonaws.com")).action("sts:AssumeRole"),
//!         ))
//!         .managed_policy_arns([cfn::arn::aws_managed_policy("service-role/AWSLambdaBasicExecutionRole")]),
//! );
//! let function = template.add(
//!     "Function",
//!     lambda::Function::new()
//!         .code(lambda::function::Code::new().s3_bucket(sub("assets-${AWS::AccountId}")).s3_key("function.zip"))
//!         .role(role.arn())
//!         .runtime(lambda::function::Runtime::ProvidedAl2023)
//!         .handler("bootstrap"),
//! );
//! template.update(&function, |function| function.memory_size(256));
//! let document = template.synthesize()?;
//! assert!(document.to_yaml().contains("Role: !GetAtt Role.Arn"));
//! # Ok::<(), cfn::Errors>(())
//! ```
#![warn(missing_docs)]

pub mod arn;
#[expect(
    clippy::doc_markdown,
    clippy::too_many_lines,
    clippy::use_self,
    reason = "sentences come from the specification, long matches from long enumerations, and types may contain themselves"
)]
mod generated;
mod identity;
pub mod intrinsics;
mod node;
mod policy;
pub mod pseudo;
mod resource;
pub mod state;
mod tag;
mod template;
mod value;

pub use generated::*;
pub use identity::{Arn, AssumedArn, Id};
pub use node::{Node, Object};
pub use policy::{Effect, PolicyDocument, Principal, Statement};
pub use resource::{Handle, RawRef, RawResource, Resource};
pub use tag::{Tag, TagForm, Tagging};
pub use template::{
    Condition, DeletionPolicy, Document, Error, Errors, LogicalId, Mapping, MappingRef, Output,
    Parameter, ParameterKind, ParameterRef, ResourceEntry, SizeClass, Template, Test,
};
pub use value::{Expression, IntoValue, List, Literal, Map, Value};
