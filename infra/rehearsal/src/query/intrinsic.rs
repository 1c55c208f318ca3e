//! Calls of intrinsic functions: `States.Format('{} of {}', $.done, $.all)`.

use std::iter::Peekable;
use std::str::CharIndices;

use serde_json::Value;

use super::functions::{self, Function};
use super::{Path, View};
use crate::failure::{Failure, name};

/// A call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    source: String,
    function: &'static Function,
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug)]
enum Argument {
    /// A text with its escapes.
    Text(String),
    Literal(Value),
    Path(Path),
    Call(Call),
}

impl Call {
    /// Reads a call.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let mut reader = Reader {
            source,
            characters: source.char_indices().peekable(),
        };
        let call = reader.call()?;
        reader.spaces();
        match reader.characters.next() {
            None => Ok(call),
            Some((at, _)) => Err(reader.wrong(&format!("`{}` after the call", &source[at..]))),
        }
    }

    /// What the function answers.
    ///
    /// # Errors
    /// `States.IntrinsicFailure`, when the function fails or a path leads nowhere.
    pub(crate) fn evaluate(&self, view: &View<'_>) -> Result<Value, Failure> {
        let arguments = self
            .arguments
            .iter()
            .enumerate()
            .map(|(position, argument)| self.argument(position, argument, view))
            .collect::<Result<Vec<_>, _>>()?;
        (self.function.apply)(&arguments, view.services).map_err(|reason| self.failure(&reason))
    }

    fn argument(
        &self,
        position: usize,
        argument: &Argument,
        view: &View<'_>,
    ) -> Result<Value, Failure> {
        Ok(match argument {
            // The escaped braces of a template are the function's to read.
            Argument::Text(text) if position == 0 && self.function.name == functions::FORMAT => {
                Value::from(text.as_str())
            }
            Argument::Text(text) => Value::from(functions::unescape(text)),
            Argument::Literal(value) => value.clone(),
            Argument::Path(path) => path.find(view).ok_or_else(|| {
                self.failure(&format!("the path `{}` leads to nothing", path.source()))
            })?,
            Argument::Call(call) => call.evaluate(view)?,
        })
    }

    fn failure(&self, reason: &str) -> Failure {
        Failure::new(name::INTRINSIC, format!("{}: {reason}", self.source))
    }
}

struct Reader<'s> {
    source: &'s str,
    characters: Peekable<CharIndices<'s>>,
}

impl Reader<'_> {
    fn call(&mut self) -> Result<Call, String> {
        let name = self.word(|c| c.is_alphanumeric() || c == '.');
        let function = functions::find(&name)
            .ok_or_else(|| self.wrong(&format!("there is no intrinsic function `{name}`")))?;
        self.spaces();
        self.expect('(')?;
        let arguments = self.arguments()?;
        if !function.arity.contains(&arguments.len()) {
            return Err(self.wrong(&format!(
                "`{name}` does not take {} arguments",
                arguments.len()
            )));
        }
        Ok(Call {
            source: self.source.to_owned(),
            function,
            arguments,
        })
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, String> {
        let mut arguments = Vec::new();
        self.spaces();
        if self.characters.next_if(|(_, c)| *c == ')').is_some() {
            return Ok(arguments);
        }
        loop {
            self.spaces();
            arguments.push(self.argument()?);
            self.spaces();
            match self.characters.next() {
                Some((_, ',')) => {}
                Some((_, ')')) => return Ok(arguments),
                _ => return Err(self.wrong("`,` or `)` is missing")),
            }
        }
    }

    fn argument(&mut self) -> Result<Argument, String> {
        match self.characters.peek() {
            Some((_, '\'')) => self.text().map(Argument::Text),
            Some((_, '$')) => Path::parse(&self.path()).map(Argument::Path),
            Some((_, 'S')) => self.call().map(Argument::Call),
            _ => {
                let word = self.word(|c| !matches!(c, ',' | ')' | ' '));
                let literal = serde_json::from_str(&word);
                literal
                    .map(Argument::Literal)
                    .map_err(|_| self.wrong(&format!("`{word}` is no value")))
            }
        }
    }

    /// A path ends where the argument does; brackets and quotes may hold commas.
    fn path(&mut self) -> String {
        let (mut depth, mut quoted) = (0_usize, false);
        self.word(|c| {
            match c {
                '\'' => quoted = !quoted,
                _ if quoted => {}
                '[' | '(' => depth += 1,
                ')' | ',' | ' ' if depth == 0 => return false,
                ']' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            true
        })
    }

    fn text(&mut self) -> Result<String, String> {
        self.expect('\'')?;
        let mut text = String::new();
        while let Some((_, character)) = self.characters.next() {
            match character {
                '\'' => return Ok(text),
                '\\' => {
                    text.push('\\');
                    text.extend(self.characters.next().map(|(_, escaped)| escaped));
                }
                _ => text.push(character),
            }
        }
        Err(self.wrong("a text does not end"))
    }

    fn word(&mut self, mut belongs: impl FnMut(char) -> bool) -> String {
        let mut word = String::new();
        while let Some((_, character)) = self.characters.next_if(|(_, c)| belongs(*c)) {
            word.push(character);
        }
        word
    }

    fn spaces(&mut self) {
        while self
            .characters
            .next_if(|(_, c)| c.is_whitespace())
            .is_some()
        {}
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        match self.characters.next() {
            Some((_, found)) if found == wanted => Ok(()),
            _ => Err(self.wrong(&format!("`{wanted}` is missing"))),
        }
    }

    fn wrong(&self, what: &str) -> String {
        format!(
            "`{}` is no call of an intrinsic function: {what}",
            self.source
        )
    }
}
