//! Properties by their dotted path.

use asl::template::call;
use serde_json::Value;

/// The value at a path; nothing when it is missing or an intrinsic function is in the way.
pub(crate) fn at<'a>(properties: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(properties, |value, name| value.get(name))
}

/// Whether something is, or might be, at a path: an intrinsic function on the way might yield it, and a list holds it when one of
/// its items does.
pub(crate) fn may_be_set(properties: &Value, path: &str) -> bool {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    match properties {
        Value::Array(items) => items.iter().any(|item| may_be_set(item, path)),
        Value::Object(members) => match members.get(name) {
            Some(_) if rest.is_empty() => true,
            Some(value) => may_be_set(value, rest),
            None => call(properties).is_some(),
        },
        _ => false,
    }
}

/// The values that a template chooses between by its conditions, without `AWS::NoValue`.
pub(crate) fn choices(value: &Value) -> Vec<&Value> {
    match call(value) {
        Some(("Fn::If", branches)) => {
            let branches = branches.as_array().into_iter().flatten().skip(1);
            branches.flat_map(choices).collect()
        }
        Some(("Ref", name)) if name == "AWS::NoValue" => Vec::new(),
        _ => vec![value],
    }
}

/// Logical id and attribute of `Ref` and `Fn::GetAtt`; `Ref` has none.
pub(crate) fn reference(value: &Value) -> Option<(&str, Option<&str>)> {
    match call(value)? {
        ("Ref", name) => Some((name.as_str()?, None)),
        ("Fn::GetAtt", Value::String(path)) => {
            let (name, attribute) = path.split_once('.')?;
            Some((name, Some(attribute)))
        }
        ("Fn::GetAtt", path) => Some((path.get(0)?.as_str()?, path.get(1)?.as_str())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{choices, may_be_set};

    #[test]
    fn conditions_choose_between_values() {
        let value =
            json!({"Fn::If": ["A", "one", {"Fn::If": ["B", "two", {"Ref": "AWS::NoValue"}]}]});
        assert_eq!(choices(&value), [&json!("one"), &json!("two")]);
        assert_eq!(choices(&json!("three")), [&json!("three")]);
    }

    #[test]
    fn what_a_function_might_yield_may_be_set() {
        let properties = json!({
            "Code": {"Fn::If": ["Own", {"S3Bucket": "one"}, {"ImageUri": "two"}]},
            "Targets": [{"Id": "a"}, {"RoleArn": "b"}],
            "Vpc": {},
        });
        for (path, set) in [
            ("Code", true),
            ("Code.S3Bucket", true),
            ("Targets.RoleArn", true),
            ("Targets.Input", false),
            ("Vpc.Subnets", false),
            ("Layers", false),
        ] {
            assert_eq!(may_be_set(&properties, path), set, "{path}");
        }
    }
}
