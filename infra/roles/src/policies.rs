//! Managed policies: as many as the statements need, none larger than IAM takes.

use crate::Error;
use crate::statements::Allowed;

/// Characters of a managed policy, without white space ("IAM and AWS STS quotas", IAM user guide).
pub(crate) const MOST_CHARACTERS: usize = 6_144;

/// Managed policies of a role that every account allows (the same page); more has to be asked for.
pub(crate) const MOST_POLICIES: usize = 10;

/// The characters that a document has beside its statements: `{"Version":"2012-10-17","Statement":[]}`.
const FRAME: usize = 39;

/// How long what only the deployment knows can become: the longest partition, Region and account id.
const LONGEST: &[(&str, &str)] = &[
    ("${AWS::Partition}", "aws-us-gov"),
    ("${AWS::Region}", "ap-southeast-1"),
    ("${AWS::AccountId}", "000000000000"),
];

/// Distributes statements, in their order, over policies.
pub(crate) fn of(statements: Vec<Allowed>, stack_name: usize) -> Result<Vec<Vec<Allowed>>, Error> {
    let mut policies: Vec<Vec<Allowed>> = Vec::new();
    let mut room = 0;
    let mut waiting: Vec<Allowed> = statements.into_iter().rev().collect();
    while let Some(statement) = waiting.pop() {
        let size = size(&statement, stack_name) + 1;
        if size > MOST_CHARACTERS - FRAME
            && let Some([first, second]) = statement.halves()
        {
            waiting.extend([second, first]);
            continue;
        }
        match policies.last_mut() {
            Some(last) if size <= room => {
                room -= size;
                last.push(statement);
            }
            _ => {
                room = (MOST_CHARACTERS - FRAME).saturating_sub(size);
                policies.push(vec![statement]);
            }
        }
    }
    if policies.len() > MOST_POLICIES {
        return Err(Error::TooLarge {
            policies: policies.len(),
            most: MOST_POLICIES,
        });
    }
    Ok(policies)
}

/// The characters of a statement once everything is known.
fn size(statement: &Allowed, stack_name: usize) -> usize {
    let long = |texts: &[String]| -> Vec<String> {
        texts.iter().map(|text| longest(text, stack_name)).collect()
    };
    let mut json = serde_json::json!({
        "Effect": "Allow",
        "Action": statement.actions,
        "Resource": long(&statement.resources),
    });
    if let Some((operator, key, values)) = &statement.condition {
        json["Condition"] = serde_json::json!({*operator: {*key: long(values)}});
    }
    json.to_string().len()
}

fn longest(text: &str, stack_name: usize) -> String {
    let name = "n".repeat(stack_name);
    let known = LONGEST.iter().copied();
    let stack =
        [crate::names::STACK, crate::names::SNAKE_STACK].map(|variable| (variable, name.as_str()));
    known
        .chain(stack)
        .fold(text.to_owned(), |text, (variable, value)| {
            text.replace(variable, value)
        })
}

#[cfg(test)]
mod tests {
    use super::{Allowed, MOST_CHARACTERS, MOST_POLICIES, of, size};

    fn statement(resources: usize, actions: usize) -> Allowed {
        let resource =
            |number| format!("arn:${{AWS::Partition}}:s3:::${{StackName}}-bucket-{number}");
        Allowed {
            actions: (0..actions)
                .map(|number| format!("s3:Action{number}"))
                .collect(),
            resources: (0..resources).map(resource).collect(),
            condition: None,
        }
    }

    #[test]
    fn what_does_not_fit_into_one_policy_is_split() {
        for (resources, actions) in [(300, 1), (1, 900), (120, 100)] {
            let policies = of(vec![statement(resources, actions)], 25).unwrap();
            assert!(policies.len() > 1);
            for policy in &policies {
                let sizes = policy.iter().map(|statement| size(statement, 25) + 1);
                assert!(sizes.sum::<usize>() + super::FRAME <= MOST_CHARACTERS);
            }
            let allowed = policies
                .iter()
                .flatten()
                .map(|statement| statement.actions.len() * statement.resources.len());
            assert_eq!(allowed.sum::<usize>(), resources * actions);
        }
    }

    #[test]
    fn what_fits_into_no_role_is_an_error() {
        let error = of(vec![statement(2_000, 1)], 25).unwrap_err().to_string();
        assert!(
            error.contains(&format!("room for {MOST_POLICIES}")),
            "{error}"
        );
    }
}
