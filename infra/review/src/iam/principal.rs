//! Principals of a statement.

use super::alternatives::{Guards, items};
use super::arn::Arns;
use super::pattern::{Pattern, Syntax};
use super::statement::Place;
use crate::meaning::{Meaning, Part};

/// Who is named, each under its conditions. `covers_members`: whether an account stands for all that belong to it, as it does
/// where it is denied something; where it is allowed, the account has yet to pass it on.
pub(super) fn principals(
    meaning: &Meaning,
    place: &Place,
    covers_members: bool,
) -> Vec<(Guards, Pattern)> {
    let Meaning::Object(kinds) = meaning else {
        return read(meaning, place, "AWS", covers_members);
    };
    let named = kinds
        .iter()
        .flat_map(|(kind, value)| read(value, place, kind, covers_members));
    named.collect()
}

fn read(
    meaning: &Meaning,
    place: &Place,
    kind: &str,
    covers_members: bool,
) -> Vec<(Guards, Pattern)> {
    let named = items(meaning, &place.guards)
        .into_iter()
        .flat_map(|(guards, value)| {
            let patterns = one(value, kind, covers_members, &place.arns);
            patterns
                .into_iter()
                .map(move |pattern| (guards.clone(), pattern))
        });
    named.collect()
}

/// One value of a kind, such as `Service`.
fn one(value: &Meaning, kind: &str, covers_members: bool, arns: &Arns) -> Vec<Pattern> {
    if value.as_text() == Some("*") {
        return vec![Pattern::any()];
    }
    let prefix = format!("{kind}:");
    let account = (kind == "AWS").then(|| account(value)).flatten();
    let Some(account) = account else {
        return vec![arns.pattern(value, Syntax::default()).with_prefix(&prefix)];
    };
    let account_itself = Pattern::of(
        &text_around("arn:aws:iam::", &account, ":root"),
        Syntax::default(),
    );
    let mut patterns = vec![account_itself.with_prefix(&prefix)];
    if covers_members {
        let wildcards = Syntax {
            wildcards: true,
            ..Syntax::default()
        };
        let members = Pattern::of(&text_around("arn:*::", &account, ":*"), wildcards);
        let shown = patterns[0].to_string();
        patterns.push(members.with_prefix(&prefix).shown_as(shown));
    }
    patterns
}

/// The account, where a value names one: by its number, or by the ARN of its root.
fn account(value: &Meaning) -> Option<Meaning> {
    match value {
        Meaning::Parameter(name, _) if name == "AWS::AccountId" => Some(value.clone()),
        Meaning::Scalar(text) => {
            let inner = text.strip_suffix(":root");
            let number = inner.map_or(text.as_str(), |arn| {
                arn.rsplit(':').next().unwrap_or_default()
            });
            let is_number =
                number.len() == 12 && number.bytes().all(|digit| digit.is_ascii_digit());
            is_number.then(|| Meaning::Scalar(number.to_owned()))
        }
        Meaning::Text(parts) => match parts.as_slice() {
            [
                ..,
                Part::Literal(before),
                Part::Value(account),
                Part::Literal(after),
            ] if before.ends_with(":iam::") && after == ":root" => Some(account.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn text_around(before: &str, value: &Meaning, after: &str) -> Meaning {
    let literal = |text: &str| Part::Literal(text.to_owned());
    match value {
        Meaning::Scalar(text) => Meaning::Scalar(format!("{before}{text}{after}")),
        value => Meaning::Text(vec![
            literal(before),
            Part::Value(value.clone()),
            literal(after),
        ]),
    }
}
