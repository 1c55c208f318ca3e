//! Texts of one query language in a state of the other, and expressions that were not closed.

use serde_json::{Map, Value};

use super::form::describe;
use super::record::Record;
use super::text::{is_expression, looks_like_expression};
use crate::Pointer;
use crate::check::code;
use crate::check::findings::Findings;
use crate::definition::QueryLanguage;

/// Fields with states inside, which have a language of their own, and remarks.
const NOT_SEARCHED: &[&str] = &["Branches", "ItemProcessor", "Iterator", "Comment"];

pub(super) fn check(
    record: &Record,
    body: &Map<String, Value>,
    pointer: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) {
    let foreign = |name: &str| {
        let field = record.fields.iter().find(|field| field.name == name);
        field.is_some_and(|field| field.language.is_some_and(|only| only != language))
    };
    let mut search = Search {
        language,
        template: true,
        findings,
    };
    for (name, value) in body {
        // In JSONPath these hold no texts but paths, names and operands, each with a rule of its own.
        let ruled =
            language == QueryLanguage::JsonPath && ["Choices", "Catch"].contains(&name.as_str());
        if !ruled && !NOT_SEARCHED.contains(&name.as_str()) && !foreign(name) {
            search.template = name != "Result";
            search.value(value, &pointer.member(name));
        }
    }
}

struct Search<'f> {
    language: QueryLanguage,
    /// Whether keys in `.$` mean paths; in `Result`, which is data, they mean nothing.
    template: bool,
    findings: &'f mut Findings,
}

impl Search<'_> {
    fn value(&mut self, value: &Value, here: &Pointer) {
        match value {
            Value::String(text) => self.text(text, here),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &here.item(index));
                }
            }
            Value::Object(body) => self.object(body, here),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn object(&mut self, body: &Map<String, Value>, pointer: &Pointer) {
        for (key, value) in body {
            let here = pointer.member(key);
            match key.strip_suffix(".$") {
                Some(name) if self.language == QueryLanguage::Jsonata => {
                    self.path_key(name, value, &here);
                }
                Some(name) if self.template && body.contains_key(name) => {
                    let message = format!("`{name}` and `{key}` are the same field");
                    self.findings
                        .error(&here, code::EXCLUSIVE, message, "keep one of them");
                }
                Some(_) if self.template && !value.is_string() => self.findings.error(
                    &here,
                    code::STRUCTURE,
                    format!("`{key}` takes a path, not {}", describe(value)),
                    "write a path such as $.order.id, or take `.$` off the key for the value itself",
                ),
                _ => self.value(value, &here),
            }
        }
    }

    fn path_key(&mut self, name: &str, value: &Value, here: &Pointer) {
        let path = value.as_str().unwrap_or("$.path");
        let expression = match path.strip_prefix("$$") {
            Some(rest) => format!("$states.context{rest}"),
            None => path.replacen('$', "$states.input", 1),
        };
        self.findings.error(
            here,
            code::WRONG_LANGUAGE,
            format!("`{name}.$` is JSONPath, in a JSONata state"),
            format!("write `\"{name}\": \"{{% {expression} %}}\"`"),
        );
    }

    fn text(&mut self, text: &str, here: &Pointer) {
        match self.language {
            QueryLanguage::JsonPath if is_expression(text) => self.findings.error(
                here,
                code::WRONG_LANGUAGE,
                "a JSONata expression in a JSONPath state is a text like any other",
                "write `\"QueryLanguage\": \"JSONata\"` in the state or the machine, or use a path",
            ),
            QueryLanguage::Jsonata if is_expression(text) => {}
            QueryLanguage::Jsonata if looks_like_expression(text) => self.findings.error(
                here,
                code::EXPRESSION,
                format!("`{text}` does not begin with `{{%` and end with `%}}`"),
                "write nothing before `{%` and after `%}`, not even spaces",
            ),
            QueryLanguage::Jsonata if text.contains("{%") && text.contains("%}") => {
                self.findings.warning(
                    here,
                    code::EXPRESSION,
                    "an expression inside a text is not evaluated",
                    "make the whole text one expression and join with `&`: `{% 'Order ' & $states.input.id %}`",
                );
            }
            QueryLanguage::JsonPath | QueryLanguage::Jsonata => {}
        }
    }
}
