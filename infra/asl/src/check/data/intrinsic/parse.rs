//! Reads calls of intrinsic functions.

use std::fmt;

use serde_json::Value;

/// An argument, or a whole call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Argument {
    /// `'text'`, `5`, `true`, `null`.
    Literal(Value),
    /// `$.id`.
    Path(String),
    /// `States.UUID()`.
    Call {
        /// The name, `States.` included.
        name: String,
        /// The arguments.
        arguments: Vec<Self>,
    },
}

/// Calls inside of calls beyond this depth are refused by Step Functions.
const DEEPEST: usize = 10;

pub(super) fn parse(text: &str) -> Result<Argument, String> {
    let mut reader = Reader { rest: text.trim() };
    let call = reader.argument(0)?;
    if !reader.rest.is_empty() {
        return Err(format!("`{}` is left over", reader.rest));
    }
    Ok(call)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn argument(&mut self, depth: usize) -> Result<Argument, String> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next() {
            Some('\'') => self.text(),
            Some('$') => self.path(),
            Some('S') if self.rest.starts_with("States.") => self.call(depth),
            Some(_) => self.word(),
            None => Err("an argument is missing".to_owned()),
        }
    }

    fn call(&mut self, depth: usize) -> Result<Argument, String> {
        if depth > DEEPEST {
            return Err(format!("more than {DEEPEST} calls stand in one another"));
        }
        let Some((name, rest)) = self.rest.split_once('(') else {
            return Err("its arguments are missing: `(...)`".to_owned());
        };
        let name = name.trim().to_owned();
        self.rest = rest.trim_start();
        let mut arguments = Vec::new();
        if self.skip(')') {
            return Ok(Argument::Call { name, arguments });
        }
        loop {
            arguments.push(self.argument(depth + 1)?);
            if self.skip(')') {
                return Ok(Argument::Call { name, arguments });
            }
            if !self.skip(',') {
                return Err(format!("`{name}(` is not closed"));
            }
        }
    }

    fn skip(&mut self, token: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn text(&mut self) -> Result<Argument, String> {
        let mut escaped = false;
        for (index, character) in self.rest.char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\'' => {
                    let inside = &self.rest[1..index];
                    // `\{` stays: it is no place of a template.
                    let value = inside.replace("\\'", "'");
                    self.rest = &self.rest[index + 1..];
                    return Ok(Argument::Literal(value.into()));
                }
                _ => {}
            }
        }
        Err("a text is not closed".to_owned())
    }

    fn path(&mut self) -> Result<Argument, String> {
        let mut depth = 0_usize;
        let mut quote = None;
        let mut end = self.rest.len();
        for (index, character) in self.rest.char_indices() {
            match (quote, character) {
                (Some(mark), _) if mark == character => quote = None,
                (None, '\'' | '"') => quote = Some(character),
                (None, '[' | '(') => depth += 1,
                (None, ')' | ',') if depth == 0 => {
                    end = index;
                    break;
                }
                (None, ']' | ')') if depth > 0 => depth -= 1,
                _ => {}
            }
        }
        if quote.is_some() || depth > 0 {
            return Err("a bracket or a quote in a path is not closed".to_owned());
        }
        let (path, rest) = self.rest.split_at(end);
        let path = path.trim_end().to_owned();
        self.rest = rest;
        Ok(Argument::Path(path))
    }

    fn word(&mut self) -> Result<Argument, String> {
        let end = self.rest.find([',', ')']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let value: Value = match serde_json::from_str(word.trim()) {
            Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
            _ => return Err(format!("`{}` is no argument", word.trim())),
        };
        self.rest = rest;
        Ok(Argument::Literal(value))
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(Value::String(text)) => write!(formatter, "'{text}'"),
            Self::Literal(value) => write!(formatter, "{value}"),
            Self::Path(path) => formatter.write_str(path),
            Self::Call { name, arguments } => {
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(formatter, "{name}({})", arguments.join(", "))
            }
        }
    }
}
