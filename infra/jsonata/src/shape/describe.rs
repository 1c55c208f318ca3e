//! Shapes in words, for messages.

use std::fmt;

use super::{Shape, Type};

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Function => "a function",
        })
    }
}

impl Type {
    /// "a number or a text".
    pub fn any_of(types: &[Self]) -> String {
        let words: Vec<String> = types.iter().map(Self::to_string).collect();
        words.join(" or ")
    }
}

/// "a number or a text", "nothing".
impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unknown {
            return formatter.write_str("any value");
        }
        let mut names: Vec<String> = Type::ALL
            .into_iter()
            .filter(|of| self.may_be(*of))
            .map(|of| self.word(of))
            .collect();
        if self.undefined || names.is_empty() {
            names.push("nothing".to_owned());
        }
        formatter.write_str(&names.join(" or "))
    }
}

impl Shape {
    fn word(&self, of: Type) -> String {
        let values = self.text.as_ref().and_then(|text| text.values.as_ref());
        match (of, values) {
            (Type::Text, Some(values)) if values.len() <= 3 => {
                let quoted = values.iter().map(|value| format!("`{value}`"));
                format!("the text {}", quoted.collect::<Vec<_>>().join(" or "))
            }
            (Type::Array, _) => self.array_word(),
            _ => of.to_string(),
        }
    }

    fn array_word(&self) -> String {
        let item = self.array.as_ref().map(|array| array.item());
        match item {
            Some(item) if !item.unknown && !item.is_never() => {
                let types: Vec<Type> = Type::ALL
                    .into_iter()
                    .filter(|of| item.may_be(*of))
                    .collect();
                match types[..] {
                    [Type::Number] => "an array of numbers".to_owned(),
                    [Type::Text] => "an array of texts".to_owned(),
                    [Type::Object] => "an array of objects".to_owned(),
                    [Type::Array] => "an array of arrays".to_owned(),
                    _ => Type::Array.to_string(),
                }
            }
            _ => Type::Array.to_string(),
        }
    }
}
