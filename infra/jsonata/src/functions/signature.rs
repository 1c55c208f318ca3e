//! Signatures of functions.

use std::iter::Peekable;
use std::str::Chars;

use crate::{Shape, Type};

/// What a function takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) parameters: Vec<Parameter>,
    /// None when the signature does not say.
    pub(crate) result: Option<Shape>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// The values it takes.
    pub(crate) takes: Shape,
    /// `?`: may be left out.
    pub(crate) optional: bool,
    /// `-`: the context stands in when it is left out.
    pub(crate) context: bool,
    /// `+`: may be repeated.
    pub(crate) repeated: bool,
}

impl Signature {
    /// Reads a signature like `<s-nn?:s>`; none when it is malformed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut characters = text
            .strip_prefix('<')?
            .strip_suffix('>')?
            .chars()
            .peekable();
        let mut parameters = Vec::new();
        let mut result = None;
        while let Some(&next) = characters.peek() {
            if next == ':' {
                characters.next();
                result = Some(shape(&mut characters)?);
                break;
            }
            let takes = shape(&mut characters)?;
            let mark = characters.next_if(|mark| "?-+".contains(*mark));
            parameters.push(Parameter {
                takes,
                optional: mark == Some('?'),
                context: mark == Some('-'),
                repeated: mark == Some('+'),
            });
        }
        characters
            .next()
            .is_none()
            .then_some(Self { parameters, result })
    }

    /// The fewest arguments, when there is a context to stand in or when there is none.
    pub(crate) fn fewest(&self, context: bool) -> usize {
        let needed = |parameter: &&Parameter| !(parameter.optional || parameter.context && context);
        self.parameters.iter().filter(needed).count()
    }

    /// The most arguments; none without a bound.
    pub(crate) fn most(&self) -> Option<usize> {
        let unbounded = self.parameters.iter().any(|parameter| parameter.repeated);
        (!unbounded).then_some(self.parameters.len())
    }
}

fn shape(characters: &mut Peekable<Chars<'_>>) -> Option<Shape> {
    let symbol = characters.next()?;
    if symbol == '(' {
        let mut any = Shape::never();
        while characters.next_if_eq(&')').is_none() {
            any = any.join(&shape(characters)?);
        }
        return Some(any);
    }
    let mut inner = None;
    if characters.next_if_eq(&'<').is_some() {
        if symbol == 'f' {
            // What a callback takes and gives is not declared by those who write one.
            characters.find(|character| *character == '>')?;
        } else {
            inner = Some(shape(characters)?);
            characters.next_if_eq(&'>')?;
        }
    }
    Some(match symbol {
        'b' => Shape::boolean(),
        'n' => Shape::number(),
        's' => Shape::text(),
        'l' => Shape::null(),
        'a' => Shape::array(inner.unwrap_or_else(Shape::json)),
        'o' => Shape::map(Shape::json()),
        'f' => Shape::function(),
        'j' => Shape::json(),
        'x' => Shape::any().join(&Shape::function()),
        _ => return None,
    })
}

impl Parameter {
    /// Whether some value of this shape is taken, if there is one. A single value stands for an array of one.
    pub(crate) fn may_take(&self, argument: &Shape) -> bool {
        let argument = argument.clone().defined();
        if argument.is_never() || argument.is_unknown() {
            return true;
        }
        if self.takes.may_be(Type::Function) && argument.may_be(Type::Function) {
            return true;
        }
        let Some(array) = self.takes.as_array() else {
            return argument.overlaps(&self.takes);
        };
        let item = array.item();
        let fits = |given: &Shape| given.is_never() || given.overlaps(&item);
        let single = argument.clone().without_array();
        single.overlaps(&item) || argument.as_array().is_some_and(|given| fits(&given.item()))
    }
}

#[cfg(test)]
mod tests {
    use super::Signature;
    use crate::functions::FUNCTIONS;

    #[test]
    fn every_signature_of_the_table_reads() {
        for function in FUNCTIONS {
            assert!(
                Signature::parse(function.signature).is_some(),
                "{}",
                function.name
            );
        }
    }

    #[test]
    fn the_table_is_sorted_and_names_each_function_once() {
        let names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
    }
}
