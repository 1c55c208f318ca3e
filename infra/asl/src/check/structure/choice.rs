//! The rules of a `Choice`.

use jsonata::suggestion;
use serde_json::{Map, Value};

use super::form::describe;
use super::record::{Field, Form, Record};
use super::{form, text};
use crate::Pointer;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::{Kind, QueryLanguage, State};

/// What a comparison compares with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Text,
    Number,
    Boolean,
    Time,
    Path,
}

use Operand::{Boolean, Number, Path, Text, Time};

#[rustfmt::skip]
const COMPARISONS: &[(&str, Operand)] = &[
    ("BooleanEquals", Boolean), ("BooleanEqualsPath", Path),
    ("IsBoolean", Boolean), ("IsNull", Boolean), ("IsNumeric", Boolean), ("IsPresent", Boolean), ("IsString", Boolean), ("IsTimestamp", Boolean),
    ("NumericEquals", Number), ("NumericEqualsPath", Path),
    ("NumericGreaterThan", Number), ("NumericGreaterThanPath", Path),
    ("NumericGreaterThanEquals", Number), ("NumericGreaterThanEqualsPath", Path),
    ("NumericLessThan", Number), ("NumericLessThanPath", Path),
    ("NumericLessThanEquals", Number), ("NumericLessThanEqualsPath", Path),
    ("StringEquals", Text), ("StringEqualsPath", Path),
    ("StringGreaterThan", Text), ("StringGreaterThanPath", Path),
    ("StringGreaterThanEquals", Text), ("StringGreaterThanEqualsPath", Path),
    ("StringLessThan", Text), ("StringLessThanPath", Path),
    ("StringLessThanEquals", Text), ("StringLessThanEqualsPath", Path),
    ("StringMatches", Text),
    ("TimestampEquals", Time), ("TimestampEqualsPath", Path),
    ("TimestampGreaterThan", Time), ("TimestampGreaterThanPath", Path),
    ("TimestampGreaterThanEquals", Time), ("TimestampGreaterThanEqualsPath", Path),
    ("TimestampLessThan", Time), ("TimestampLessThanPath", Path),
    ("TimestampLessThanEquals", Time), ("TimestampLessThanEqualsPath", Path),
];

const COMBINATIONS: &[&str] = &["And", "Or", "Not"];

/// What a rule has beside its condition.
const OUTCOME: &[&str] = &["Next", "Assign", "Comment"];

/// A rule in JSONata.
static RULE: Record = Record {
    name: "a rule in JSONata",
    fields: &[
        Field::optional("Comment", Form::Text),
        Field::required("Condition", Form::Any).evaluated(),
        Field::required("Next", Form::Text),
        Field::optional("Assign", Form::Object),
        Field::optional("Output", Form::Any).evaluated(),
    ],
    groups: &[],
};

pub(super) fn check(state: &State<'_>, findings: &mut Findings) {
    let Kind::Choice { default, .. } = state.kind else {
        return;
    };
    if default.is_none() && !state.body.contains_key("Default") {
        findings.warning(
            &state.pointer,
            code::NO_DEFAULT,
            "without `Default` the execution fails with States.NoChoiceMatched when no rule fits",
            "add `Default`, if only to lead to a Fail state that says what was not expected",
        );
    }
    let pointer = state.pointer.member("Choices");
    let rules = state.body.get("Choices").and_then(Value::as_array);
    for (index, rule) in rules.into_iter().flatten().enumerate() {
        let here = pointer.item(index);
        match (rule, state.language) {
            (Value::Object(body), QueryLanguage::Jsonata) => jsonata(body, &here, findings),
            (Value::Object(body), QueryLanguage::JsonPath) => jsonpath(body, &here, findings),
            (other, _) => wrong(
                &here,
                "`Choices`",
                "rules, which are objects",
                other,
                findings,
            ),
        }
    }
}

fn jsonata(body: &Map<String, Value>, pointer: &Pointer, findings: &mut Findings) {
    // One finding says it all for a rule that was written in the other language.
    if let Some(field) = body.keys().find(|field| is_condition(field)) {
        findings.error(
            &pointer.member(field),
            code::WRONG_LANGUAGE,
            format!("`{field}` is JSONPath, in a JSONata state"),
            "write the whole comparison as `\"Condition\": \"{% $states.input.status = 'DONE' %}\"`",
        );
        return;
    }
    form::check(&RULE, body, pointer, QueryLanguage::Jsonata, findings);
    let here = pointer.member("Condition");
    match body.get("Condition") {
        None | Some(Value::Bool(_)) => {}
        Some(Value::String(condition)) if text::looks_like_expression(condition) => {}
        Some(Value::String(condition)) if text::is_placeholder(condition) => {}
        Some(Value::String(condition)) => findings.error(
            &here,
            code::CHOICE,
            format!("`{condition}` is a text, not a condition"),
            format!("write `{{% {condition} %}}`"),
        ),
        Some(other) => wrong(
            &here,
            "`Condition`",
            "an expression, `{% ... %}`",
            other,
            findings,
        ),
    }
}

fn is_condition(field: &str) -> bool {
    field == "Variable" || COMBINATIONS.contains(&field) || comparison(field).is_some()
}

fn comparison(field: &str) -> Option<Operand> {
    let found = COMPARISONS.iter().find(|(name, _)| *name == field);
    found.map(|(_, operand)| *operand)
}

/// A rule at the top: a condition and what follows from it.
fn jsonpath(body: &Map<String, Value>, pointer: &Pointer, findings: &mut Findings) {
    match body.get("Next") {
        Some(Value::String(_)) => {}
        Some(other) => wrong(
            &pointer.member("Next"),
            "`Next`",
            "the name of a state",
            other,
            findings,
        ),
        None => findings.error(
            pointer,
            code::MISSING_FIELD,
            "a rule needs `Next`",
            "add `Next`, the state to go to when the rule fits",
        ),
    }
    condition(body, pointer, OUTCOME, findings);
}

/// A condition: one comparison of a variable, or a combination of conditions.
fn condition(
    body: &Map<String, Value>,
    pointer: &Pointer,
    others: &[&str],
    findings: &mut Findings,
) {
    let is_operator =
        |field: &&String| COMBINATIONS.contains(&field.as_str()) || comparison(field).is_some();
    let mut known = true;
    for field in body.keys() {
        if field != "Variable" && !is_operator(&field) && !others.contains(&field.as_str()) {
            known = false;
            unknown(field, &pointer.member(field), others, findings);
        }
    }
    let operators: Vec<_> = body.keys().filter(is_operator).collect();
    match operators[..] {
        [] if known => findings.error(
            pointer,
            code::CHOICE,
            "a rule without a comparison",
            "add one comparison such as `StringEquals`, or `And`, `Or`, `Not`",
        ),
        [] => {}
        [operator] => operation(operator, body, pointer, findings),
        [first, .., last] => findings.error(
            pointer,
            code::CHOICE,
            format!("a rule with both `{first}` and `{last}`"),
            "make each comparison a condition of its own, and join them in `And` or `Or`",
        ),
    }
}

fn unknown(field: &str, here: &Pointer, others: &[&str], findings: &mut Findings) {
    if matches!(field, "Condition" | "Output") {
        return findings.error(
            here,
            code::WRONG_LANGUAGE,
            format!("a rule in JSONPath has no field `{field}`"),
            "write `\"QueryLanguage\": \"JSONata\"` in the state, or compare a `Variable`",
        );
    }
    if field == "Next" {
        return findings.error(
            here,
            code::CHOICE,
            "`Next` inside a condition",
            "move it to the rule that the condition belongs to",
        );
    }
    let comparisons = COMPARISONS.iter().map(|(name, _)| *name);
    let fields = comparisons
        .chain(COMBINATIONS.iter().copied())
        .chain(["Variable"]);
    let all = fields.chain(others.iter().copied());
    let help = suggestion::similar_or(field, all, || {
        "use a comparison such as `StringEquals`, `NumericLessThan` or `IsPresent`, or `And`, `Or`, `Not`".to_owned()
    });
    let message = format!("there is no comparison `{field}`");
    findings.error(here, code::CHOICE, message, help);
}

fn operation(
    operator: &str,
    body: &Map<String, Value>,
    pointer: &Pointer,
    findings: &mut Findings,
) {
    let here = pointer.member(operator);
    let Some(value) = body.get(operator) else {
        return;
    };
    if let Some(operand) = comparison(operator) {
        variable(operator, body, pointer, findings);
        return compared(operator, operand, value, &here, findings);
    }
    if body.contains_key("Variable") {
        findings.error(
            &pointer.member("Variable"),
            code::CHOICE,
            format!("`Variable` beside `{operator}`"),
            "move it into the conditions that are combined",
        );
    }
    match (operator, value) {
        ("Not", Value::Object(inner)) => condition(inner, &here, &["Comment"], findings),
        ("Not", other) => wrong(&here, "`Not`", "one condition, an object", other, findings),
        (_, Value::Array(items)) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                let here = here.item(index);
                match item {
                    Value::Object(inner) => condition(inner, &here, &["Comment"], findings),
                    other => wrong(
                        &here,
                        &format!("`{operator}`"),
                        "conditions, which are objects",
                        other,
                        findings,
                    ),
                }
            }
        }
        (_, other) => {
            let wanted = "a list with at least one condition";
            wrong(&here, &format!("`{operator}`"), wanted, other, findings);
        }
    }
}

fn variable(operator: &str, body: &Map<String, Value>, pointer: &Pointer, findings: &mut Findings) {
    match body.get("Variable") {
        Some(Value::String(_)) => {}
        Some(other) => wrong(
            &pointer.member("Variable"),
            "`Variable`",
            "a path such as $.status",
            other,
            findings,
        ),
        None => findings.error(
            pointer,
            code::MISSING_FIELD,
            format!("`{operator}` needs a `Variable` to compare"),
            "add `Variable`, a path such as $.status",
        ),
    }
}

fn compared(
    operator: &str,
    operand: Operand,
    value: &Value,
    here: &Pointer,
    findings: &mut Findings,
) {
    let (fits, wanted) = match operand {
        Text => (value.is_string(), "a text"),
        Number => (value.is_number(), "a number"),
        Boolean => (value.is_boolean(), "true or false"),
        Path => (value.is_string(), "a path such as $.limit"),
        Time => (
            value.as_str().is_some_and(form::is_time),
            "a time such as 2026-11-21T08:00:00Z",
        ),
    };
    let placeholder = value.as_str().is_some_and(text::is_placeholder);
    if !fits && !placeholder {
        wrong(here, &format!("`{operator}`"), wanted, value, findings);
    }
}

fn wrong(here: &Pointer, field: &str, wanted: &str, found: &Value, findings: &mut Findings) {
    let message = format!("{field} takes {wanted}, not {}", describe(found));
    findings.error(here, code::STRUCTURE, message, format!("write {wanted}"));
}
