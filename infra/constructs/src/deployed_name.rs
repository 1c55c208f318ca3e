//! The name under which a stack is deployed.
//!
//! Buckets and queues are named after the deployed stack, so that every statement about them can be written before they
//! exist. Bucket names are lower case and at most 63 characters long, which bounds the stack's name too. CloudFormation
//! itself cannot test `AWS::StackName`; the template carries the bound in its metadata, and deployment asks [`check`] before
//! anything is created.

use cfn::{Document, Node, Object, Template};

/// The key under which this crate writes metadata.
pub(crate) const METADATA: &str = "Colophon";

/// Characters of an account id.
pub(crate) const ACCOUNT_ID: usize = 12;

/// Characters of the longest region name, `ap-southeast-1`.
pub(crate) const LONGEST_REGION: usize = 14;

/// Why a template cannot be deployed under a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeployedNameError {
    /// Buckets cannot have such a name.
    #[error(
        "`{name}` cannot name a stack with buckets, which are named after it: use lower-case letters, digits and single hyphens, beginning with a letter"
    )]
    Characters {
        /// The name asked for.
        name: String,
    },
    /// Physical names would be too long.
    #[error(
        "the stack name `{name}` is too long: at most {longest} characters leave room for the names of its buckets and queues"
    )]
    Length {
        /// The name asked for.
        name: String,
        /// The longest name possible.
        longest: usize,
    },
}

/// Whether a template can be deployed under this name.
///
/// # Errors
/// When a bucket or queue could not be named after the stack; the message says what the name must look like.
pub fn check(template: &Document, name: &str) -> Result<(), DeployedNameError> {
    let Some(longest) = longest_name(template) else {
        return Ok(());
    };
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if !starts_well || !name.chars().all(letters) || name.contains("--") || name.ends_with('-') {
        return Err(DeployedNameError::Characters {
            name: name.to_owned(),
        });
    }
    if name.len() > longest {
        return Err(DeployedNameError::Length {
            name: name.to_owned(),
            longest,
        });
    }
    Ok(())
}

/// Writes the bound into the template.
pub(crate) fn describe(template: &mut Template, longest: usize) {
    let longest = i64::try_from(longest).unwrap_or(i64::MAX);
    template.metadata(METADATA, Object::from([("LongestStackName", longest)]));
}

fn longest_name(template: &Document) -> Option<usize> {
    let bound = template
        .node()
        .get("Metadata")?
        .get(METADATA)?
        .get("LongestStackName")?;
    match bound {
        Node::Integer(longest) => usize::try_from(*longest).ok(),
        _ => None,
    }
}
