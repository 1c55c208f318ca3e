//! Paths of `JSONPath` states: `$.order.lines[*].id`, `$$.Execution.Id`, `$variable.field`.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::View;

/// A path.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    source: String,
    root: Root,
    query: JsonPath,
    /// It leads to one value; otherwise it selects a list.
    definite: bool,
}

#[derive(Clone, Debug)]
enum Root {
    Input,
    Context,
    Variable(String),
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong, when it is no path, or one that is not rehearsed.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let (root, rest) = split_root(source)?;
        let standard = format!("${}", quote_names(rest));
        let query = JsonPath::parse(&standard)
            .map_err(|error| format!("the path `{source}` is not rehearsed: {error}"))?;
        Ok(Self {
            source: source.to_owned(),
            root,
            query,
            definite: is_definite(rest),
        })
    }

    /// The path as it was written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// What it leads to; none if there is nothing.
    pub(crate) fn find(&self, view: &View<'_>) -> Option<Value> {
        match &self.root {
            Root::Input => self.query(view.input),
            Root::Context => self.query(&view.context.to_value()),
            Root::Variable(name) => view.scope.with(name, |value| self.query(value))?,
        }
    }

    fn query(&self, value: &Value) -> Option<Value> {
        let found = self.query.query(value);
        if self.definite {
            return found.first().cloned();
        }
        Some(found.into_iter().cloned().collect())
    }
}

fn split_root(source: &str) -> Result<(Root, &str), String> {
    let rest = source
        .strip_prefix('$')
        .ok_or_else(|| format!("the path `{source}` does not start with `$`"))?;
    if let Some(rest) = rest.strip_prefix('$') {
        return Ok((Root::Context, rest));
    }
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    Ok(match rest.split_at(end) {
        ("", rest) => (Root::Input, rest),
        (name, rest) => (Root::Variable(name.to_owned()), rest),
    })
}

/// `$.detail-type` as `$['detail-type']`: the service takes any name after a dot, the standard (RFC 9535) does not.
fn quote_names(path: &str) -> String {
    let mut standard = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(start) = rest.find('.') {
        let (before, after) = rest.split_at(start + 1);
        if before.contains('[') && !before.contains(']') {
            break;
        }
        let end = after.find(['.', '[']).unwrap_or(after.len());
        let (name, next) = after.split_at(end);
        if name.is_empty() || is_plain(name) || name.contains('(') {
            standard.push_str(before);
            standard.push_str(name);
        } else {
            standard.push_str(before.trim_end_matches('.'));
            standard.extend(["['", name, "']"]);
        }
        rest = next;
    }
    standard.push_str(rest);
    standard
}

/// A name that stands after a dot in the standard too, or a wildcard.
fn is_plain(name: &str) -> bool {
    let mut characters = name.chars();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    name == "*" || characters.all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a path without wildcards, filters, slices, lists and descendants.
fn is_definite(path: &str) -> bool {
    let mut quote = None;
    let mut previous = ' ';
    for character in path.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '*' | '?' | ':' | ',') => return false,
            (None, '.') if previous == '.' => return false,
            _ => {}
        }
        previous = character;
    }
    true
}
