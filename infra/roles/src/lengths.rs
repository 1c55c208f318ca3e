//! How long the name of the deployed stack may be.
//!
//! Names that CloudFormation makes up are whole only as long as they fit; it cuts longer ones, and a policy that expects
//! `stack-LogicalId-*` would not match. So the parameter for the stack's name is bounded.

use serde_json::Value;

use crate::Error;
use crate::owners::{self, Name};
use crate::property;

/// A stack's name has at most so many characters ("CloudFormation quotas", AWS documentation).
const LONGEST_STACK_NAME: usize = 128;

/// The hyphen and the letters that CloudFormation adds at the end; it has been 12 and 13 letters.
const SUFFIX: usize = 14;

/// The most characters with which no name is cut.
pub(crate) fn longest_stack_name(template: &Value, stack: &str) -> Result<usize, Error> {
    let described = template.pointer("/Metadata/Colophon/LongestStackName");
    let described = described
        .and_then(Value::as_u64)
        .and_then(|longest| usize::try_from(longest).ok());
    let mut longest = described.unwrap_or(LONGEST_STACK_NAME);
    let resources = template["Resources"].as_object().into_iter().flatten();
    for (logical_id, resource) in resources {
        let owner = resource["Type"].as_str().and_then(owners::find);
        let Some(Name::Generated(path, limit)) = owner.map(|owner| owner.name) else {
            continue;
        };
        if property::at(&resource["Properties"], path).is_some() {
            continue;
        }
        let room = limit.saturating_sub(logical_id.len() + 1 + SUFFIX);
        if room < stack.len() {
            return Err(Error::NameTooLong {
                logical_id: logical_id.clone(),
                limit,
                stack: stack.to_owned(),
            });
        }
        longest = longest.min(room);
    }
    Ok(longest)
}
