//! Texts with wildcards, and with parts that only a deployment knows.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use super::budget::Budget;
use crate::meaning::{Meaning, Part};

/// A step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Token {
    /// This letter.
    Letter(char),
    /// `?`: any letter.
    One,
    /// `*`: any letters, or none.
    Any,
    /// A text that only a deployment or a request knows; equal to itself.
    Unknown(Rc<Meaning>),
}

/// What is special in a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Syntax {
    pub(super) wildcards: bool,
    /// `${aws:username}` stands for a value of the request.
    pub(super) variables: bool,
    pub(super) ignores_case: bool,
}

/// A set of texts. Equal by its tokens; how it is shown is for people.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    tokens: Rc<[Token]>,
    shown: Rc<str>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.tokens == other.tokens
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.tokens.cmp(&other.tokens)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl Pattern {
    /// Every text.
    pub(super) fn any() -> Self {
        Self {
            tokens: Rc::new([Token::Any]),
            shown: "*".into(),
        }
    }

    /// One text, in which nothing is special.
    pub(super) fn literal(text: &str) -> Self {
        Self::of(&Meaning::Scalar(text.to_owned()), Syntax::default())
    }

    pub(super) fn of(meaning: &Meaning, syntax: Syntax) -> Self {
        let mut tokens = Vec::new();
        let mut shown = String::new();
        match meaning {
            Meaning::Scalar(text) => read(text, syntax, &mut tokens, &mut shown),
            Meaning::Text(parts) => {
                for part in parts {
                    match part {
                        Part::Literal(text) => read(text, syntax, &mut tokens, &mut shown),
                        Part::Value(value) => unknown(value, &mut tokens, &mut shown),
                    }
                }
            }
            other => unknown(other, &mut tokens, &mut shown),
        }
        normalise(&mut tokens);
        Self {
            tokens: tokens.into(),
            shown: shown.into(),
        }
    }

    /// The same, with letters before it that are not shown.
    pub(super) fn with_prefix(mut self, prefix: &str) -> Self {
        let prefix = prefix.chars().map(Token::Letter);
        self.tokens = prefix.chain(self.tokens.iter().cloned()).collect();
        self
    }

    pub(super) fn shown_as(mut self, shown: String) -> Self {
        self.shown = shown.into();
        self
    }

    pub(super) fn is_any(&self) -> bool {
        *self.tokens == [Token::Any]
    }

    /// Whether it is one text.
    pub(super) fn is_one(&self) -> bool {
        !self
            .tokens
            .iter()
            .any(|token| matches!(token, Token::Any | Token::One))
    }

    /// Whether all of it is known.
    pub(super) fn is_known(&self) -> bool {
        !self
            .tokens
            .iter()
            .any(|token| matches!(token, Token::Unknown(_)))
    }

    /// The tokens between colons, in at most `count` pieces.
    pub(super) fn segments(&self, count: usize) -> impl Iterator<Item = &[Token]> {
        self.tokens
            .splitn(count, |token| *token == Token::Letter(':'))
    }

    /// Whether each of the other's texts is one of this one's; unknown parts are only equal to themselves.
    pub(super) fn covers(&self, other: &Self, budget: &Budget) -> bool {
        covers(&self.tokens, &other.tokens, budget)
    }

    /// Whether a text may be of both. What is unknown may be anything here.
    pub(super) fn may_meet(&self, other: &Self, budget: &Budget) -> bool {
        may_meet(&self.tokens, &other.tokens, budget)
    }

    /// One of its texts, with a filler in the place of each `*`.
    pub(super) fn sample(&self, filler: &str) -> Self {
        let mut tokens = Vec::new();
        for token in self.tokens.iter() {
            match token {
                Token::One => tokens.push(Token::Letter('~')),
                Token::Any => tokens.extend(filler.chars().map(Token::Letter)),
                other => tokens.push(other.clone()),
            }
        }
        Self {
            shown: self.shown_sample(filler, &tokens).into(),
            tokens: tokens.into(),
        }
    }

    /// As it is written, where the wildcards stand there one for one; else letter by letter.
    fn shown_sample(&self, filler: &str, tokens: &[Token]) -> String {
        let count = |wanted: &Token| self.tokens.iter().filter(|token| *token == wanted).count();
        let is_written = self.shown.matches('*').count() == count(&Token::Any)
            && self.shown.matches('?').count() == count(&Token::One);
        if is_written {
            return self.shown.replace('?', "~").replace('*', filler);
        }
        let shown = tokens.iter().map(|token| match token {
            Token::Letter(letter) => letter.to_string(),
            Token::Unknown(value) => show(value),
            Token::One | Token::Any => String::new(),
        });
        shown.collect()
    }
}

/// Whether the glob matches the text, whose wildcards only `*` takes in. Greedy: the last `*` alone is tried again.
pub(super) fn covers(glob: &[Token], text: &[Token], budget: &Budget) -> bool {
    let (mut at, mut reading) = (0, 0);
    let mut star = None;
    while reading < text.len() {
        if !budget.take(1) {
            return false;
        }
        match glob.get(at) {
            Some(Token::Any) => {
                star = Some((at + 1, reading));
                at += 1;
            }
            Some(token) if takes(token, &text[reading]) => {
                at += 1;
                reading += 1;
            }
            _ => {
                let Some((after, from)) = star else {
                    return false;
                };
                star = Some((after, from + 1));
                (at, reading) = (after, from + 1);
            }
        }
    }
    glob[at..].iter().all(|token| *token == Token::Any)
}

fn takes(token: &Token, read: &Token) -> bool {
    token == read || matches!((token, read), (Token::One, Token::Letter(_)))
}

fn may_meet(left: &[Token], right: &[Token], budget: &Budget) -> bool {
    if budget.take(1) && differ_in_front(left, right) {
        return false;
    }
    if !budget.take((left.len() + 1) * (right.len() + 1)) {
        return true;
    }
    // Reachable pairs of places, row by row of `left`.
    let mut row = vec![false; right.len() + 1];
    row[0] = true;
    for at in 0..=left.len() {
        let mut next = vec![false; right.len() + 1];
        let token = left.get(at);
        for to in 0..=right.len() {
            if !row[to] {
                continue;
            }
            let other = right.get(to);
            let [wide, other_wide] = [token, other].map(|token| token.is_some_and(is_wide));
            if wide || (other_wide && token.is_some()) {
                next[to] = true;
            }
            if other.is_some() && (other_wide || wide) {
                row[to + 1] = true;
            }
            if let (Some(token), Some(other)) = (token, other)
                && may_equal(token, other)
            {
                next[to + 1] = true;
            }
        }
        if at == left.len() {
            return row[right.len()];
        }
        row = next;
    }
    false
}

/// Most pairs differ before the first wildcard.
fn differ_in_front(left: &[Token], right: &[Token]) -> bool {
    let both = left
        .iter()
        .zip(right)
        .take_while(|(left, right)| !is_wide(left) && !is_wide(right));
    both.into_iter()
        .any(|(left, right)| !may_equal(left, right))
}

fn is_wide(token: &Token) -> bool {
    matches!(token, Token::Any | Token::Unknown(_))
}

fn may_equal(left: &Token, right: &Token) -> bool {
    match (left, right) {
        (Token::Letter(left), Token::Letter(right)) => left == right,
        _ => true,
    }
}

fn unknown(value: &Meaning, tokens: &mut Vec<Token>, shown: &mut String) {
    shown.push_str(&show(value));
    match value {
        // Whoever deploys elsewhere writes the other partition, or the same in all places.
        Meaning::Parameter(name, None) if name == "AWS::Partition" => {
            tokens.extend("aws".chars().map(Token::Letter));
        }
        value => tokens.push(Token::Unknown(Rc::new(value.clone()))),
    }
}

/// Without the default of a parameter, which would stand in the middle of a name.
fn show(value: &Meaning) -> String {
    match value {
        Meaning::Parameter(name, _) => format!("${{{name}}}"),
        other => other.to_string(),
    }
}

fn read(text: &str, syntax: Syntax, tokens: &mut Vec<Token>, shown: &mut String) {
    shown.push_str(text);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let (true, Some((variable, after))) = (syntax.variables, variable(rest)) {
            tokens.push(variable);
            rest = after;
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        match letter {
            '*' if syntax.wildcards => tokens.push(Token::Any),
            '?' if syntax.wildcards => tokens.push(Token::One),
            _ if syntax.ignores_case => tokens.push(Token::Letter(letter.to_ascii_lowercase())),
            _ => tokens.push(Token::Letter(letter)),
        }
    }
}

/// A variable at the start of a text, and what follows. `${*}` is the letter `*`.
fn variable(text: &str) -> Option<(Token, &str)> {
    let (name, after) = text.strip_prefix("${")?.split_once('}')?;
    let token = match name {
        "*" => Token::Letter('*'),
        "?" => Token::Letter('?'),
        "$" => Token::Letter('$'),
        name => Token::Unknown(Rc::new(Meaning::Scalar(format!("${{{name}}}")))),
    };
    Some((token, after))
}

/// Runs of wildcards in one form: `*?*` is `?*`.
fn normalise(tokens: &mut Vec<Token>) {
    let mut normal = Vec::with_capacity(tokens.len());
    let mut pending = false;
    for token in tokens.drain(..) {
        match token {
            Token::Any => pending = true,
            Token::One => normal.push(Token::One),
            other => {
                if std::mem::take(&mut pending) {
                    normal.push(Token::Any);
                }
                normal.push(other);
            }
        }
    }
    if pending {
        normal.push(Token::Any);
    }
    *tokens = normal;
}
