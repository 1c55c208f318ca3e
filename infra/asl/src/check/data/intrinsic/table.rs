//! The eighteen intrinsic functions.
//!
//! Source: developer guide, "Intrinsics for `JSONPath` states in Step Functions".

use jsonata::{Shape, Type};

use super::item_of;

/// An intrinsic function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    arguments: &'static [Takes],
    /// How many of the arguments may be left out.
    optional: usize,
    /// Whether the last argument may be repeated, or left out.
    repeated: bool,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Any,
    /// What can be written into a text.
    Simple,
    Text,
    Number,
    Boolean,
    Array,
    Object,
}

impl Takes {
    pub(super) fn types(self) -> &'static [Type] {
        match self {
            Self::Any => &Type::ALL,
            Self::Simple => &[Type::Text, Type::Number, Type::Boolean, Type::Null],
            Self::Text => &[Type::Text],
            Self::Number => &[Type::Number],
            Self::Boolean => &[Type::Boolean],
            Self::Array => &[Type::Array],
            Self::Object => &[Type::Object],
        }
    }
}

const fn exactly(name: &'static str, arguments: &'static [Takes]) -> Function {
    Function {
        name,
        arguments,
        optional: 0,
        repeated: false,
    }
}

const fn repeated(name: &'static str, arguments: &'static [Takes]) -> Function {
    Function {
        name,
        arguments,
        optional: 1,
        repeated: true,
    }
}

/// All functions.
pub(super) const FUNCTIONS: &[Function] = &[
    repeated("States.Array", &[Takes::Any]),
    exactly("States.ArrayContains", &[Takes::Array, Takes::Any]),
    exactly("States.ArrayGetItem", &[Takes::Array, Takes::Number]),
    exactly("States.ArrayLength", &[Takes::Array]),
    exactly("States.ArrayPartition", &[Takes::Array, Takes::Number]),
    exactly(
        "States.ArrayRange",
        &[Takes::Number, Takes::Number, Takes::Number],
    ),
    exactly("States.ArrayUnique", &[Takes::Array]),
    exactly("States.Base64Decode", &[Takes::Text]),
    exactly("States.Base64Encode", &[Takes::Text]),
    repeated("States.Format", &[Takes::Text, Takes::Simple]),
    exactly("States.Hash", &[Takes::Any, Takes::Text]),
    exactly(
        "States.JsonMerge",
        &[Takes::Object, Takes::Object, Takes::Boolean],
    ),
    exactly("States.JsonToString", &[Takes::Any]),
    exactly("States.MathAdd", &[Takes::Number, Takes::Number]),
    Function {
        name: "States.MathRandom",
        arguments: &[Takes::Number, Takes::Number, Takes::Number],
        optional: 1,
        repeated: false,
    },
    exactly("States.StringSplit", &[Takes::Text, Takes::Text]),
    exactly("States.StringToJson", &[Takes::Text]),
    exactly("States.UUID", &[]),
];

pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

impl Function {
    pub(super) fn fits(&self, given: usize) -> bool {
        let most = self.arguments.len();
        given >= most - self.optional && (self.repeated || given <= most)
    }

    pub(super) fn count(&self) -> String {
        let most = self.arguments.len();
        let fewest = most - self.optional;
        match self.repeated {
            true => format!("{fewest} or more arguments"),
            false if most == 1 && fewest == 1 => "1 argument".to_owned(),
            false if fewest == most => format!("{most} arguments"),
            false => format!("{fewest} to {most} arguments"),
        }
    }

    /// What an argument is; the last one stands for all further ones.
    pub(super) fn takes(&self, index: usize) -> Takes {
        let last = self.arguments.last().copied();
        self.arguments
            .get(index)
            .copied()
            .or(last)
            .unwrap_or(Takes::Any)
    }

    /// What it yields, whatever it is given.
    pub(super) fn result(&self) -> Shape {
        result(self, &[])
    }
}

/// What a function yields.
pub(super) fn result(function: &Function, arguments: &[Shape]) -> Shape {
    let first = arguments
        .first()
        .cloned()
        .unwrap_or_else(Shape::json)
        .defined();
    match function.name {
        "States.Array" => Shape::tuple(arguments.iter().cloned().map(Shape::defined).collect()),
        "States.ArrayContains" => Shape::boolean(),
        "States.ArrayGetItem" => item_of(&first),
        "States.ArrayLength" | "States.MathAdd" | "States.MathRandom" => Shape::number(),
        "States.ArrayPartition" => Shape::array(Shape::array(item_of(&first))),
        "States.ArrayRange" => Shape::array(Shape::number()),
        "States.ArrayUnique" => Shape::array(item_of(&first)),
        "States.StringSplit" => Shape::array(Shape::text()),
        "States.StringToJson" => Shape::json(),
        "States.UUID" => Shape::text_up_to(36),
        "States.JsonMerge" => merged(&first, arguments.get(1)),
        _ => Shape::text(),
    }
}

/// Fields of the second object win; merging is shallow.
fn merged(first: &Shape, second: Option<&Shape>) -> Shape {
    let (Some(one), Some(other)) = (first.as_object(), second.and_then(Shape::as_object)) else {
        return Shape::map(Shape::json());
    };
    let mut merged = one.clone();
    for (name, field) in &other.fields {
        let shape = if field.may_be_undefined() {
            one.field(name).join(&field.clone().defined())
        } else {
            field.clone()
        };
        merged.fields.insert(name.clone(), shape);
    }
    if other.rest.is_some() {
        return Shape::map(Shape::json());
    }
    merged.into()
}
