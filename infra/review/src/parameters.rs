//! Parameters of a template whose values are known.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::meaning::VALUE;

/// Gives the parameters of a template the values of a deployment, so that a review shows what those do. What is no parameter of
/// the template is left out.
///
/// ```
/// use std::collections::BTreeMap;
/// use serde_json::json;
///
/// let of = |key: &str| {
///     let template = json!({
///         "Parameters": {"Key": {"Type": "String"}},
///         "Resources": {"Reader": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": {"Ref": "Key"}}}}},
///     });
///     review::with_parameter_values(template, &BTreeMap::from([("Key".to_owned(), key.to_owned())]))
/// };
/// let review = review::review("reader", &of("one.zip"), &of("two.zip"));
/// assert_eq!(review.changes[0].properties[0].new, Some(json!("two.zip")));
/// ```
#[must_use]
pub fn with_parameter_values(mut template: Value, values: &BTreeMap<String, String>) -> Value {
    for (name, value) in values {
        let parameter = template
            .get_mut("Parameters")
            .and_then(|parameters| parameters.get_mut(name)?.as_object_mut());
        if let Some(parameter) = parameter {
            parameter.insert(VALUE.to_owned(), value.clone().into());
        }
    }
    template
}
