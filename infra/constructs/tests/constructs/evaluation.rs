//! What CloudFormation makes of the intrinsic functions that grants use.

use serde_json::{Map, Value};

/// A template and the parameters it is deployed with.
pub(crate) struct Deployment<'a> {
    pub(crate) template: &'a Value,
    pub(crate) parameters: Value,
}

const PSEUDO: [(&str, &str); 4] = [
    ("AWS::Partition", "aws"),
    ("AWS::Region", "eu-west-1"),
    ("AWS::AccountId", "111122223333"),
    ("AWS::StackName", "stack"),
];

/// The value that a resource gets; what is computed of other resources stays as it is.
pub(crate) fn evaluate(value: &Value, deployment: &Deployment<'_>) -> Value {
    evaluated(value, deployment).unwrap_or(Value::Null)
}

/// None for `AWS::NoValue`.
fn evaluated(value: &Value, deployment: &Deployment<'_>) -> Option<Value> {
    match value {
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(|item| evaluated(item, deployment))
                .collect(),
        ),
        Value::Object(members) => match function(members) {
            Some((name, argument)) => call(name, argument, value, deployment),
            None => Some(
                members
                    .iter()
                    .filter_map(|(name, member)| {
                        Some((name.clone(), evaluated(member, deployment)?))
                    })
                    .collect::<Map<_, _>>()
                    .into(),
            ),
        },
        other => Some(other.clone()),
    }
}

fn function(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = members.iter().next()?;
    (members.len() == 1 && (name == "Ref" || name.starts_with("Fn::"))).then_some((name, argument))
}

fn call(name: &str, argument: &Value, whole: &Value, deployment: &Deployment<'_>) -> Option<Value> {
    match name {
        "Ref" if argument == "AWS::NoValue" => None,
        "Ref" => {
            let name = argument.as_str().expect("a name");
            Some(deployment.parameters.get(name).unwrap_or(whole).clone())
        }
        "Fn::If" => {
            let branch = if holds(&argument[0], deployment) {
                1
            } else {
                2
            };
            evaluated(&argument[branch], deployment)
        }
        "Fn::Join" => {
            let parts = evaluate(&argument[1], deployment);
            let parts: Vec<_> = parts.as_array()?.iter().filter_map(Value::as_str).collect();
            Some(parts.join(argument[0].as_str()?).into())
        }
        "Fn::Split" => {
            let text = evaluate(&argument[1], deployment);
            Some(text.as_str()?.split(argument[0].as_str()?).collect())
        }
        "Fn::Select" => {
            let items = evaluate(&argument[1], deployment);
            let index = usize::try_from(argument[0].as_u64()?).ok()?;
            items.get(index).cloned()
        }
        "Fn::Sub" => {
            let text = argument.as_str()?.to_owned();
            let filled = PSEUDO.iter().fold(text, |text, (name, value)| {
                text.replace(&format!("${{{name}}}"), value)
            });
            Some(filled.into())
        }
        _ => Some(whole.clone()),
    }
}

fn holds(condition: &Value, deployment: &Deployment<'_>) -> bool {
    let name = condition.as_str().expect("a condition's name");
    test(&deployment.template["Conditions"][name], deployment)
}

fn test(test: &Value, deployment: &Deployment<'_>) -> bool {
    if let Some(tests) = test.get("Fn::Not") {
        return !self::test(&tests[0], deployment);
    }
    let sides = evaluate(&test["Fn::Equals"], deployment);
    sides[0] == sides[1]
}
