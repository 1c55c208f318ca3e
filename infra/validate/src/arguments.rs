//! The form of the arguments of intrinsic functions.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use asl::template::call;
use serde_json::Value;

use crate::expression::integer;

struct Function {
    name: &'static str,
    form: Form,
    place: Place,
}

#[derive(Clone, Copy)]
enum Form {
    /// One value of any kind.
    Value,
    /// One text.
    Text,
    /// One object.
    Object,
    /// A list with this many arguments.
    List(usize, usize),
    /// Read by a function of its own.
    Own,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// Only in `Conditions`.
    Conditions,
    /// Only with `Transform: AWS::LanguageExtensions`.
    LanguageExtensions,
}

const fn function(name: &'static str, form: Form, place: Place) -> Function {
    Function { name, form, place }
}

const FUNCTIONS: [Function; 20] = [
    function("Ref", Form::Text, Place::Anywhere),
    function("Fn::GetAtt", Form::Own, Place::Anywhere),
    function("Fn::Sub", Form::Own, Place::Anywhere),
    function("Fn::If", Form::List(3, 3), Place::Anywhere),
    function("Fn::FindInMap", Form::List(3, 4), Place::Anywhere),
    function("Fn::Join", Form::List(2, 2), Place::Anywhere),
    function("Fn::Select", Form::List(2, 2), Place::Anywhere),
    function("Fn::Split", Form::List(2, 2), Place::Anywhere),
    function("Fn::Cidr", Form::List(2, 3), Place::Anywhere),
    function("Fn::Base64", Form::Value, Place::Anywhere),
    function("Fn::GetAZs", Form::Value, Place::Anywhere),
    function("Fn::ImportValue", Form::Value, Place::Anywhere),
    function("Fn::GetStackOutput", Form::Object, Place::Anywhere),
    function("Fn::Transform", Form::Object, Place::Anywhere),
    function("Fn::ToJsonString", Form::Value, Place::LanguageExtensions),
    function("Fn::Length", Form::Value, Place::LanguageExtensions),
    function("Fn::And", Form::List(2, 10), Place::Conditions),
    function("Fn::Or", Form::List(2, 10), Place::Conditions),
    function("Fn::Not", Form::List(1, 1), Place::Conditions),
    function("Fn::Equals", Form::List(2, 2), Place::Conditions),
];

/// Where a call stands, as far as functions care.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings {
    pub(crate) in_conditions: bool,
    pub(crate) language_extensions: bool,
}

/// What is wrong with a call, if anything.
pub(crate) fn problem(name: &str, arguments: &Value, around: Surroundings) -> Option<String> {
    let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
        return Some(format!("there is no intrinsic function `{name}`"));
    };
    match function.place {
        Place::Conditions if !around.in_conditions => {
            return Some(format!("`{name}` works only in the `Conditions` section"));
        }
        Place::LanguageExtensions if !around.language_extensions => {
            return Some(format!(
                "`{name}` needs the transform AWS::LanguageExtensions"
            ));
        }
        _ => {}
    }
    form_problem(function, arguments).or_else(|| select_problem(name, arguments))
}

fn form_problem(function: &Function, arguments: &Value) -> Option<String> {
    let name = function.name;
    match (function.form, arguments) {
        (Form::Own, _)
        | (Form::Value, Value::String(_) | Value::Object(_) | Value::Array(_) | Value::Number(_))
        | (Form::Text, Value::String(_))
        | (Form::Object, Value::Object(_)) => None,
        (Form::List(least, most), Value::Array(list)) if (least..=most).contains(&list.len()) => {
            None
        }
        (Form::List(least, most), _) if least == most => {
            Some(format!("`{name}` takes a list of {least} arguments"))
        }
        (Form::List(least, most), _) => Some(format!(
            "`{name}` takes a list of {least} to {most} arguments"
        )),
        (Form::Value, _) => Some(format!("`{name}` takes a text, a list or a function")),
        (Form::Text, _) => Some(format!("`{name}` takes a text")),
        (Form::Object, _) => Some(format!("`{name}` takes an object")),
    }
}

/// `Fn::Select` past the end of a literal list.
fn select_problem(name: &str, arguments: &Value) -> Option<String> {
    let [index, Value::Array(list)] = arguments.as_array()?.as_slice() else {
        return None;
    };
    if name != "Fn::Select" || call(index).is_some() {
        return None;
    }
    let position = integer(index).and_then(|index| usize::try_from(index).ok());
    if position.is_some_and(|position| position < list.len()) {
        return None;
    }
    Some(format!(
        "`Fn::Select` of item {index} from a list of {}",
        list.len()
    ))
}
