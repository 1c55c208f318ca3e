//! Intrinsic functions of the `JSONPath` language: `States.Format('{}', $.id)`.

mod parse;
mod table;

use jsonata::{Array, Shape, Type, suggestion};

use super::Check;
use super::place::Place;
use crate::Pointer;
use crate::check::code;
use parse::Argument;
use table::{Function, Takes};

impl Check<'_> {
    /// What an intrinsic function yields.
    pub(super) fn intrinsic(&mut self, text: &str, pointer: &Pointer, place: &Place<'_>) -> Shape {
        match parse::parse(text) {
            Ok(call) => self.argument(&call, pointer, place),
            Err(error) => {
                self.sink.error(
                    pointer,
                    code::UNPARSABLE,
                    format!("`{text}` is no call of an intrinsic function: {error}"),
                    "write `States.Format('Order {}', $.id)`; texts stand in single quotes",
                );
                Shape::any()
            }
        }
    }

    fn argument(&mut self, argument: &Argument, pointer: &Pointer, place: &Place<'_>) -> Shape {
        match argument {
            Argument::Literal(value) => Shape::of_value(value),
            Argument::Path(path) => self.path(path, pointer, place),
            Argument::Call { name, arguments } => self.call(name, arguments, pointer, place),
        }
    }

    fn call(
        &mut self,
        name: &str,
        arguments: &[Argument],
        pointer: &Pointer,
        place: &Place<'_>,
    ) -> Shape {
        let shapes: Vec<Shape> = arguments
            .iter()
            .map(|argument| self.argument(argument, pointer, place))
            .collect();
        let Some(function) = table::find(name) else {
            let known = table::FUNCTIONS.iter().map(|function| function.name);
            let help = match name {
                "States.Concat" | "States.Join" | "States.StringConcat" => {
                    "join texts by `States.Format('{}{}', ...)`".to_owned()
                }
                _ => suggestion::help(name, known, "use a path"),
            };
            self.sink.error(
                pointer,
                code::UNKNOWN_FUNCTION,
                format!("there is no intrinsic function `{name}`"),
                help,
            );
            return Shape::any();
        };
        if !function.fits(arguments.len()) {
            self.sink.error(
                pointer,
                code::ARGUMENT_COUNT,
                format!(
                    "`{name}` takes {}, and gets {}",
                    function.count(),
                    arguments.len()
                ),
                format!("give it {}", function.count()),
            );
            return function.result();
        }
        for (index, (argument, shape)) in arguments.iter().zip(&shapes).enumerate() {
            self.takes(function, index, argument, shape, pointer);
        }
        if name == "States.Format" {
            self.places(arguments, pointer);
        }
        table::result(function, &shapes)
    }

    fn takes(
        &mut self,
        function: &Function,
        index: usize,
        argument: &Argument,
        shape: &Shape,
        pointer: &Pointer,
    ) {
        let takes = function.takes(index);
        let types = takes.types();
        if !shape.may_be_defined() || types.iter().any(|of| shape.may_be(*of)) {
            return;
        }
        let help = match takes {
            Takes::Simple if shape.is_only(&[Type::Array, Type::Object]) => {
                format!("write it as JSON: `States.JsonToString({argument})`")
            }
            Takes::Text => format!("make it a text: `States.Format('{{}}', {argument})`"),
            Takes::Number => format!("read the number in it: `States.StringToJson({argument})`"),
            Takes::Array => format!("put it into an array: `States.Array({argument})`"),
            _ => "give it a value of the type it takes".to_owned(),
        };
        self.sink.error(
            pointer,
            code::ARGUMENT_TYPE,
            format!(
                "argument {} of `{}` has to be {}, and `{argument}` is {}",
                index + 1,
                function.name,
                Type::any_of(types),
                shape.clone().defined()
            ),
            help,
        );
    }

    /// A template has a `{}` for each value.
    fn places(&mut self, arguments: &[Argument], pointer: &Pointer) {
        let Some(Argument::Literal(serde_json::Value::String(template))) = arguments.first() else {
            return;
        };
        let (places, values) = (
            template.replace("\\{", "").matches("{}").count(),
            arguments.len() - 1,
        );
        if places != values {
            self.sink.error(
                pointer,
                code::ARGUMENT_COUNT,
                format!("the template `{template}` has {places} places `{{}}` for values, and gets {values}"),
                "write one `{}` for each value",
            );
        }
    }
}

/// The item of whatever array it may be.
fn item_of(shape: &Shape) -> Shape {
    shape.as_array().map_or_else(Shape::json, Array::item)
}
