//! The JSONata functions that Step Functions adds, and those it changes.
//!
//! Source: "Transforming data with JSONata in Step Functions" of its developer guide.

use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;

use super::{Services, functions};

type Answer = Result<JValue, EvaluatorError>;

/// Adds the functions to an evaluator.
///
/// # Errors
/// A name that the evaluator does not give up.
pub(super) fn register(
    evaluator: &mut Evaluator,
    services: &Services,
) -> Result<(), EvaluatorError> {
    evaluator.register_fn("partition", partition)?;
    evaluator.register_fn("range", range)?;
    evaluator.register_fn("hash", hash)?;
    evaluator.register_fn("parse", parse)?;
    let random = Rc::clone(&services.random);
    evaluator.register_fn("uuid", move |_: &[JValue]| Ok(JValue::from(random.uuid())))?;
    let random = Rc::clone(&services.random);
    evaluator.register_fn_override("random", move |arguments: &[JValue]| {
        match arguments.first() {
            Some(seed) => functions::seeded_fraction(seed.as_i64())
                .map(JValue::from_f64)
                .map_err(failed),
            None => Ok(JValue::from_f64(random.fraction())),
        }
    })?;
    let now = services.now;
    evaluator.register_fn_override("millis", move |_: &[JValue]| {
        Ok(JValue::from(now.milliseconds()))
    })?;
    evaluator.register_fn_override("now", move |arguments: &[JValue]| {
        formatted(now.milliseconds(), arguments)
    })?;
    evaluator.register_fn_override("eval", |_: &[JValue]| {
        Err(failed(
            "$eval is not available in Step Functions".to_owned(),
        ))
    })
}

fn failed(reason: String) -> EvaluatorError {
    EvaluatorError::EvaluationError(reason)
}

/// `$now(picture, timezone)`, by the built-in that formats any time.
fn formatted(milliseconds: i64, arguments: &[JValue]) -> Answer {
    let tree = parser::parse("$fromMillis($millis, $picture, $timezone)")
        .map_err(|error| failed(error.display_message()))?;
    let mut context = jsonata_core::evaluator::Context::new();
    context.bind("millis".to_owned(), JValue::from(milliseconds));
    for (name, argument) in ["picture", "timezone"].into_iter().zip(arguments) {
        context.bind(name.to_owned(), argument.clone());
    }
    Evaluator::with_context(context).evaluate(&tree, &JValue::Undefined)
}

/// `$partition(array, size)`.
fn partition(arguments: &[JValue]) -> Answer {
    let [list, size] = arguments else {
        return Err(failed("$partition takes an array and a size".to_owned()));
    };
    if list.is_undefined() {
        return Ok(JValue::Undefined);
    }
    let items = list
        .as_array()
        .map_or(std::slice::from_ref(list), Vec::as_slice);
    let size = size
        .as_i64()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size > 0);
    let size = size.ok_or_else(|| failed("$partition needs a size of 1 or more".to_owned()))?;
    let chunks = items
        .chunks(size)
        .map(|chunk| JValue::array(chunk.to_vec()));
    Ok(JValue::array(chunks.collect()))
}

/// `$range(first, last, step)`.
fn range(arguments: &[JValue]) -> Answer {
    let [first, last, step] = arguments else {
        return Err(failed(
            "$range takes a first value, a last value and a step".to_owned(),
        ));
    };
    let numbers = functions::range(first.as_i64(), last.as_i64(), step.as_i64()).map_err(failed)?;
    Ok(JValue::array(
        numbers.into_iter().map(JValue::from).collect(),
    ))
}

/// `$hash(data, algorithm)`.
fn hash(arguments: &[JValue]) -> Answer {
    let (Some(data), algorithm) = (arguments.first(), arguments.get(1)) else {
        return Err(failed(
            "$hash takes data and the name of an algorithm".to_owned(),
        ));
    };
    let text = match data {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::String(text) => text.to_string(),
        other => other
            .to_json_string()
            .map_err(|error| failed(error.to_string()))?,
    };
    let algorithm = algorithm.and_then(JValue::as_str).unwrap_or("SHA-256");
    functions::hash(&text, algorithm)
        .map(JValue::from)
        .map_err(failed)
}

/// `$parse(text)`: JSON from text.
fn parse(arguments: &[JValue]) -> Answer {
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(JValue::String(text)) => {
            JValue::from_json_str(text).map_err(|error| failed(format!("$parse: {error}")))
        }
        Some(_) => Err(failed("$parse takes a string".to_owned())),
    }
}
