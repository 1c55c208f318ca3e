//! The evaluator against the inference: what comes out has the shape that was inferred, and what works is not called wrong.

use jsonata::{Environment, Kind, Shape, infer};
use jsonata_core::evaluator::Evaluator;
use jsonata_core::parser;
use jsonata_core::value::JValue;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What the evaluator makes of an expression: a value, nothing, or a failure.
#[derive(Debug, PartialEq)]
enum Outcome {
    Value(Value),
    Nothing,
    Failure(String),
    /// A function, which is no JSON.
    Function,
}

fn evaluate(expression: &str, document: &Value) -> Outcome {
    let tree = parser::parse(expression).unwrap();
    let document = JValue::from_json_str(&document.to_string()).unwrap();
    match Evaluator::new().evaluate(&tree, &document) {
        Ok(value) if value.is_undefined() => Outcome::Nothing,
        Ok(value) if value.is_function() => Outcome::Function,
        // The evaluator reduces no items, and `null`, to `null`; the reference yields nothing, and calls the function.
        Ok(value) if value.is_null() && expression.starts_with("$reduce(") => Outcome::Nothing,
        Ok(value) => {
            Outcome::Value(serde_json::from_str(&value.to_json_string().unwrap()).unwrap())
        }
        Err(error) => Outcome::Failure(error.to_string()),
    }
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3_i64..4).prop_map(Value::from),
        prop_oneof!["x", "y", "5"].prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner),
        ]
    })
}

fn object(field: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    let fields = ["a", "b", "c"].map(|_| prop::option::weighted(0.7, field.clone()));
    fields.prop_map(|values| {
        let present = ["a", "b", "c"].into_iter().zip(values);
        let fields = present.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(fields.collect())
    })
}

fn full_document() -> impl Strategy<Value = Value> {
    (value(), value(), value()).prop_map(|(a, b, c)| json!({"a": a, "b": b, "c": c}))
}

fn document() -> impl Strategy<Value = Value> {
    object(value().boxed())
}

fn path() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        4 => prop_oneof!["a", "b", "c"],
        1 => Just("a[0]".to_owned()),
        1 => Just("b[-1]".to_owned()),
        1 => Just("c[a = 5]".to_owned()),
        1 => Just("a[]".to_owned()),
        1 => Just("*".to_owned()),
    ];
    prop::collection::vec(step, 1..4).prop_map(|steps| steps.join("."))
}

/// The operators, functions and constructors that need no field.
fn combined(one: &str, other: &str) -> impl Strategy<Value = String> + use<> {
    let operators =
        ["+", "*", "&", "=", "!=", "<", "in"].map(|operator| format!("({one} {operator} {other})"));
    let functions = [
        "string",
        "sum",
        "count",
        "exists",
        "uppercase",
        "length",
        "abs",
        "keys",
        "reverse",
        "distinct",
        "merge",
        "spread",
        "type",
        "boolean",
        "not",
        "sort",
        "max",
        "trim",
        "average",
    ];
    let calls = functions.map(|function| format!("${function}({one})"));
    let others = [
        format!("[{one}, {other}]"),
        format!("{{'a': {one}, 'b': {other}}}"),
        format!("$append({one}, {other})"),
        format!("($v := {one}; {other})"),
        format!("({one}) ~> $string()"),
    ];
    let all = operators.into_iter().chain(calls).chain(others);
    prop::sample::select(all.collect::<Vec<String>>())
}

fn literal() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["1", "'x'", "true", "null", "[]"]).prop_map(str::to_owned)
}

/// Expressions in which everything is evaluated.
fn straight() -> impl Strategy<Value = String> {
    prop_oneof![6 => path(), 1 => literal()].prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            4 => (inner.clone(), inner.clone()).prop_flat_map(|(one, other)| combined(&one, &other)),
            1 => inner.prop_flat_map(|one| {
                prop::sample::select(vec![
                    format!("({one}).a"),
                    format!("({one})[0]"),
                    format!("({one}).(a)"),
                    format!("({one}).{{'c': b}}"),
                ])
            }),
        ]
    })
}

/// Expressions that yield nothing only where one of the paths in them does; with these paths.
fn total() -> impl Strategy<Value = (String, Vec<String>)> {
    let leaf = prop_oneof![
        9 => prop::sample::select(vec!["a", "b", "c"]).prop_map(|name| (name.to_owned(), Vec::new())),
        1 => path().prop_map(|path| (path.clone(), vec![path])),
        1 => literal().prop_map(|literal| (literal, Vec::new())),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        (inner.clone(), inner).prop_flat_map(|((one, mut paths), (other, others))| {
            paths.extend(others);
            combined(&one, &other).prop_map(move |expression| (expression, paths.clone()))
        })
    })
}

/// Expressions with parts that may be left out.
fn branching() -> impl Strategy<Value = String> {
    (straight(), straight(), straight()).prop_flat_map(|(one, two, three)| {
        prop_oneof![
            Just(format!("({one}) ? {two} : {three}")),
            Just(format!("({one} and {two}) ? {three}")),
            Just(format!("$map({one}, function($x) {{ [$x, $x.a] }})")),
            Just(format!("$map({one}, function($x, $i) {{ $x.b }}).a")),
            Just(format!("$filter({one}, function($x) {{ $x.a = 5 }})")),
            Just(format!("$reduce({one}, function($x, $y) {{ [$x, $y] }})")),
            Just(format!(
                "$reduce({one}, function($x, $y) {{ $x & $y.a }}, '')"
            )),
            Just(format!("$each({one}, function($x, $k) {{ {{ $k: $x }} }})")),
            Just(format!("$sift({one}, function($x) {{ $x != null }})")),
            Just(format!("({one})[a = 5].b")),
            Just(format!("({one})[$ > 1]")),
            Just(format!("({one})^(a)")),
            Just(format!("({one}){{ $string(a): b }}")),
            Just(format!("$lookup({one}, 'a')")),
            // Not nested: the evaluator keeps such arrays apart from others even behind parentheses.
            Just(format!("({one}).[b]")),
            Just(format!("$single({one}, function($x) {{ true }})")),
        ]
    })
}

/// The shape of two documents, of which one is evaluated; sometimes forgetful, as that of a schema is.
fn shape_of(one: &Value, other: &Value, forgetful: bool) -> Shape {
    let exact = Shape::of_value(one).join(&Shape::of_value(other));
    if forgetful {
        exact.widen(&Shape::of_value(
            &json!({"a": ["long", "array", "of", "texts"]}),
        ))
    } else {
        exact
    }
}

fn assert_result_has_shape(
    expression: &str,
    document: &Value,
    shape: Shape,
) -> Result<(), TestCaseError> {
    let inference = infer(expression, &Environment::new().document(shape));
    match evaluate(expression, document) {
        Outcome::Value(value) => {
            let inferred = &inference.shape;
            prop_assert!(
                inferred.contains(&value),
                "{expression}\n  of {document}\n  is {value}\n  and not {inferred}"
            );
        }
        Outcome::Nothing if expression.starts_with("$reduce(") => {}
        Outcome::Nothing => {
            let inferred = &inference.shape;
            prop_assert!(
                inferred.may_be_undefined(),
                "{expression}\n  of {document}\n  is nothing and not {inferred}"
            );
        }
        Outcome::Failure(_) | Outcome::Function => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, max_global_rejects: 50_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn results_have_the_inferred_shape(
        expression in prop_oneof![straight(), branching()],
        one in document(),
        other in document(),
        forgetful in any::<bool>(),
    ) {
        assert_result_has_shape(&expression, &one, shape_of(&one, &other, forgetful))?;
    }

    #[test]
    fn what_works_is_not_called_wrong((expression, paths) in total(), document in full_document()) {
        // Where a value is missing, an operand of the wrong type is never met.
        prop_assume!(paths.iter().all(|path| matches!(evaluate(path, &document), Outcome::Value(_))));
        let inference = infer(&expression, &Environment::new().document(Shape::of_value(&document)));
        if let Outcome::Value(value) = evaluate(&expression, &document) {
            let wrong = inference.findings.iter().find(|finding| finding.kind.is_error());
            prop_assert!(wrong.is_none(), "{expression}\n  of {document}\n  is {value}\n  finding {wrong:#?}");
        }
    }

    #[test]
    fn what_is_called_missing_is_missing(path in path(), one in document(), other in document()) {
        let shape = shape_of(&one, &other, false);
        let inference = infer(&path, &Environment::new().document(shape));
        if inference.findings.iter().any(|finding| finding.kind == Kind::MissingField) {
            prop_assert_eq!(evaluate(&path, &one), Outcome::Nothing);
            prop_assert_eq!(evaluate(&path, &other), Outcome::Nothing);
        }
    }
}
