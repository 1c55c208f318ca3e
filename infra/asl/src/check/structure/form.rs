//! Holds objects against the tables.

use jsonata::suggestion;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::record::{Field, Form, Group, Presence, Record};
use super::text::{is_expression, is_placeholder, looks_like_expression};
use crate::Pointer;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::QueryLanguage;

/// Checks an object: its fields, what they hold, and how they depend on each other.
pub(super) fn check(
    record: &Record,
    body: &Map<String, Value>,
    pointer: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) {
    let mut forms = Forms { language, findings };
    forms.record(record, body, pointer);
}

/// The type of a value, in a message.
pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

struct Forms<'f> {
    language: QueryLanguage,
    findings: &'f mut Findings,
}

impl Forms<'_> {
    fn record(&mut self, record: &Record, body: &Map<String, Value>, pointer: &Pointer) {
        for (name, value) in body {
            let here = pointer.member(name);
            match record.fields.iter().find(|field| field.name == name) {
                None => self.unknown(record, name, &here),
                Some(field) if self.is_foreign(field) => self.foreign(record, field, &here),
                Some(field) => self.field(field, value, &here),
            }
        }
        for field in record.fields {
            let required = field.presence == Presence::Required && !self.is_foreign(field);
            if required && !body.contains_key(field.name) {
                self.findings.error(
                    pointer,
                    code::MISSING_FIELD,
                    format!("{} needs `{}`", record.name, field.name),
                    format!("add `{}`: {}", field.name, expected(field.form)),
                );
            }
        }
        for group in record.groups {
            self.group(record, group, body, pointer);
        }
    }

    fn is_foreign(&self, field: &Field) -> bool {
        field.language.is_some_and(|only| only != self.language)
    }

    fn unknown(&mut self, record: &Record, name: &str, here: &Pointer) {
        if matches!(name, "Next" | "End") {
            return self.findings.error(
                here,
                code::ENDING,
                format!("{} cannot have `{name}`", record.name),
                format!("remove `{name}`"),
            );
        }
        let own = record.fields.iter().filter(|field| !self.is_foreign(field));
        let help = suggestion::help(name, own.map(|field| field.name), "remove it");
        let message = format!("{} has no field `{name}`", record.name);
        self.findings
            .error(here, code::UNKNOWN_FIELD, message, help);
    }

    fn foreign(&mut self, record: &Record, field: &Field, here: &Pointer) {
        let language = self.language.name();
        let message = format!(
            "{} in {language} has no field `{}`",
            record.name, field.name
        );
        let help = match self.language {
            QueryLanguage::Jsonata => field.instead.to_owned(),
            QueryLanguage::JsonPath => {
                format!(
                    "write `\"QueryLanguage\": \"JSONata\"` in the state or the machine, or {}",
                    field.instead
                )
            }
        };
        self.findings
            .error(here, code::WRONG_LANGUAGE, message, help);
    }

    fn group(
        &mut self,
        record: &Record,
        group: &Group,
        body: &Map<String, Value>,
        pointer: &Pointer,
    ) {
        let present: Vec<_> = group
            .fields
            .iter()
            .filter(|field| body.contains_key(**field))
            .collect();
        if group.need.lacks(present.len()) {
            let own = record.fields.iter().filter(|field| !self.is_foreign(field));
            let choice: Vec<_> = own
                .filter(|field| group.fields.contains(&field.name))
                .map(|field| format!("`{}`", field.name))
                .collect();
            let message = format!("{} needs {}", record.name, choice.join(" or "));
            self.findings
                .error(pointer, group.code, message, group.help);
        }
        if let [first, .., last] = present[..]
            && group.need.exceeds(present.len())
        {
            let message = format!("{} has both `{first}` and `{last}`", record.name);
            self.findings
                .error(pointer, group.code, message, group.help);
        }
    }

    fn field(&mut self, field: &Field, value: &Value, here: &Pointer) {
        if let Value::String(text) = value {
            if is_placeholder(text) {
                return;
            }
            if looks_like_expression(text) && !matches!(field.form, Form::Any) {
                return self.expression(field, text, here);
            }
        }
        match (field.form, value) {
            (Form::Record(record), Value::Object(body)) => self.record(record, body, here),
            (Form::Records(record), Value::Array(items)) => self.records(record, items, here),
            (form, value) => self.value(field.name, form, value, here),
        }
    }

    /// Broken expressions, and those of the wrong language, are reported with all the other texts of the state.
    fn expression(&mut self, field: &Field, text: &str, here: &Pointer) {
        if field.evaluated || self.language == QueryLanguage::JsonPath || !is_expression(text) {
            return;
        }
        self.findings.error(
            here,
            code::EXPRESSION,
            format!(
                "Step Functions does not evaluate expressions in `{}`",
                field.name
            ),
            format!("write {}", expected(field.form)),
        );
    }

    fn records(&mut self, record: &Record, items: &[Value], here: &Pointer) {
        for (index, item) in items.iter().enumerate() {
            let here = here.item(index);
            match item {
                Value::Object(body) => self.record(record, body, &here),
                other => self.findings.error(
                    &here,
                    code::STRUCTURE,
                    format!("{} is an object; this is {}", record.name, describe(other)),
                    "write an object",
                ),
            }
        }
    }

    fn value(&mut self, name: &str, form: Form, value: &Value, here: &Pointer) {
        let code = match fit(form, value) {
            Fit::Fits => return,
            Fit::WrongType => code::STRUCTURE,
            Fit::OutOfRange => code::VALUE,
        };
        let found = match (code, value) {
            (code::VALUE, value) => format!("`{value}`").replace('"', ""),
            (_, Value::Array(items)) if items.is_empty() => "an empty list".to_owned(),
            (_, Value::Object(body)) if body.is_empty() => "an empty object".to_owned(),
            (_, value) => describe(value).to_owned(),
        };
        self.findings.error(
            here,
            code,
            format!("`{name}` takes {}, not {found}", expected(form)),
            help(form, value),
        );
    }
}

#[derive(PartialEq, Eq)]
enum Fit {
    Fits,
    WrongType,
    OutOfRange,
}

fn fit(form: Form, value: &Value) -> Fit {
    let fits = match (form, value) {
        (Form::Any, _)
        | (Form::Text | Form::Path { .. }, Value::String(_))
        | (Form::Path { nullable: true }, Value::Null)
        | (Form::True, Value::Bool(true))
        | (Form::Object | Form::Items, Value::Object(_))
        | (Form::Items, Value::Array(_)) => true,
        (Form::List, Value::Array(items)) => !items.is_empty(),
        (Form::Texts, Value::Array(items)) => {
            !items.is_empty() && items.iter().all(Value::is_string)
        }
        (Form::Whole(least, most), Value::Number(number)) => {
            return in_range(number.as_u64().is_some_and(|n| (least..=most).contains(&n)));
        }
        (Form::Number(least, most), Value::Number(number)) => {
            return in_range(number.as_f64().is_some_and(|n| (least..=most).contains(&n)));
        }
        (Form::Word(words), Value::String(word)) => {
            return in_range(words.contains(&word.as_str()));
        }
        (Form::Time, Value::String(text)) => return in_range(is_time(text)),
        (Form::Label(longest), Value::String(text)) => return in_range(is_label(text, longest)),
        _ => false,
    };
    if fits { Fit::Fits } else { Fit::WrongType }
}

fn in_range(fits: bool) -> Fit {
    if fits { Fit::Fits } else { Fit::OutOfRange }
}

/// What a form takes, in a message.
fn expected(form: Form) -> String {
    match form {
        Form::Any => "a value, or an expression `{% ... %}`".to_owned(),
        Form::Text => "a text".to_owned(),
        Form::Label(longest) => {
            format!("a text of at most {longest} letters, digits, hyphens and underscores")
        }
        Form::Word(words) => words.join(" or "),
        Form::Time => "a time such as 2026-11-21T08:00:00Z".to_owned(),
        Form::Path { .. } => "a path such as $.order.id".to_owned(),
        Form::True => "true".to_owned(),
        Form::Whole(least, u64::MAX) => format!("a whole number from {least}"),
        Form::Whole(least, most) => format!("a whole number from {least} to {most}"),
        Form::Number(least, f64::MAX) => format!("a number from {least:?}"),
        Form::Number(least, most) => format!("a number from {least} to {most}"),
        Form::Object => "an object".to_owned(),
        Form::List => "a list with at least one item".to_owned(),
        Form::Items => "a list or an object".to_owned(),
        Form::Texts => "a list of texts with at least one item".to_owned(),
        Form::Record(record) => format!("an object, {}", record.name),
        Form::Records(record) => format!("a list, each item {}", record.name),
    }
}

fn help(form: Form, value: &Value) -> String {
    match (form, value) {
        (Form::Word(words), Value::String(word)) => {
            suggestion::help(word, words.iter().copied(), "remove it")
        }
        (Form::True, _) => "remove `End`, and write `Next`; or write `\"End\": true`".to_owned(),
        (form, _) => format!("write {}", expected(form)),
    }
}

/// RFC 3339 with an upper-case `T` and `Z`, as Step Functions wants it.
pub(super) fn is_time(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok()
        && text.as_bytes().get(10) == Some(&b'T')
        && !text.ends_with('z')
}

fn is_label(text: &str, longest: usize) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.chars().count() <= longest && text.chars().all(allowed)
}
