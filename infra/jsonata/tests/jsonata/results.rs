//! The shapes of results.

use jsonata::{Environment, Shape, infer};
use serde_json::json;

fn environment() -> Environment {
    let line = Shape::object([
        ("sku", Shape::text_up_to(20)),
        ("price", Shape::number()),
        ("tags", Shape::array(Shape::text())),
        ("note", Shape::text().or_undefined()),
    ]);
    let input = Shape::object([
        ("id", Shape::text()),
        ("count", Shape::number()),
        ("status", Shape::one_of(["OPEN", "PAID"])),
        ("lines", Shape::array(line)),
        ("pair", Shape::tuple(vec![Shape::number(), Shape::text()])),
        ("free", Shape::json()),
    ]);
    Environment::new()
        .states(Shape::object([("input", input)]))
        .variable("total", Shape::number())
}

#[track_caller]
fn assert_result(expression: &str, expected: &Shape) {
    let inference = infer(expression, &environment());
    assert_eq!(inference.findings, [], "{expression}");
    assert_eq!(inference.not_checked, Vec::<String>::new(), "{expression}");
    assert_eq!(inference.shape, *expected, "{expression}");
}

#[test]
fn paths_and_literals() {
    let cases = [
        ("$states.input.id", Shape::text()),
        ("$states.input.status", Shape::one_of(["OPEN", "PAID"])),
        ("$states.input.pair[1]", Shape::text()),
        ("$states.input.pair[-2]", Shape::number()),
        (
            "$states.input.lines[0].price",
            Shape::number().or_undefined(),
        ),
        ("$states.input.lines[0].note", Shape::text().or_undefined()),
        ("$total", Shape::number()),
        ("\"a\" & 'b'", Shape::one_of(["ab"])),
        (
            "$states.input.status & '!'",
            Shape::one_of(["OPEN!", "PAID!"]),
        ),
        (
            "[1, 'a']",
            Shape::tuple(vec![Shape::number(), Shape::one_of(["a"])]),
        ),
        (
            "{'n': 1, \"t\": $states.input.id}",
            Shape::object([("n", Shape::number()), ("t", Shape::text())]),
        ),
        ("$states.input.free.anything.at.all", Shape::any()),
        ("(1; 'x')", Shape::one_of(["x"])),
        ("($x := 5; $y := $x * 2; $y)", Shape::number()),
        (
            "$states.input.count > 3 ? 'many' : 'few'",
            Shape::one_of(["many", "few"]),
        ),
        (
            "$states.input.count > 3 ? 'many'",
            Shape::one_of(["many"]).or_undefined(),
        ),
        ("-$states.input.count", Shape::number()),
        ("$states.input.id in ['a', 'b']", Shape::boolean()),
    ];
    for (expression, expected) in cases {
        assert_result(expression, &expected);
    }
}

#[test]
fn a_path_over_an_array_yields_nothing_one_or_several() {
    let inference = infer("$states.input.lines.price", &environment());
    assert!(inference.shape.may_be_undefined());
    assert!(Shape::number().fits(&inference.shape));
    let two = Shape::tuple(vec![Shape::number(), Shape::number()]);
    assert!(two.fits(&inference.shape));
    assert!(
        !Shape::tuple(vec![Shape::number()]).fits(&inference.shape),
        "a lone item is no array"
    );
    assert!(!Shape::text().fits(&inference.shape));
}

#[test]
fn functions() {
    let cases = [
        (
            "$sum($states.input.lines.price)",
            Shape::number().or_undefined(),
        ),
        ("$count($states.input.lines)", Shape::number()),
        ("$exists($states.input.lines[0].note)", Shape::boolean()),
        ("$string($states.input.count)", Shape::text()),
        ("$states.input.id ~> $uppercase ~> $length", Shape::number()),
        ("$states.input.id ~> $substringBefore('-')", Shape::text()),
        ("$map([1, 2], function($v) { $v * 2 })[0]", Shape::number()),
        (
            "$reduce([1, 2, 3], function($a, $b) { $a + $b })",
            Shape::number(),
        ),
        (
            "$merge([{'a': 1}, {'b': 'x'}])",
            Shape::object([("a", Shape::number()), ("b", Shape::one_of(["x"]))]),
        ),
        (
            "$merge([{'a': 1}, {'a': 'x'}])",
            Shape::object([("a", Shape::one_of(["x"]))]),
        ),
        ("$uuid()", Shape::text_up_to(36)),
        ("$range(0, 10, 2)", Shape::array(Shape::number())),
        ("$parse('{}')", Shape::json()),
        (
            "($f := function($x) { $x & '!' }; $f($states.input.count))",
            Shape::text_up_to(25),
        ),
        ("$lookup($states.input, 'id')", Shape::text()),
    ];
    for (expression, expected) in cases {
        assert_result(expression, &expected);
    }
}

#[test]
fn what_is_not_followed_is_said() {
    for expression in [
        "$states.input.lines@$l.tags",
        "$states.input.lines.tags.%",
        "$states.input.** ",
        "($f := function($n) { $n < 1 ? 0 : $f($n - 1) }; $f(3))",
        "$states.input ~> |lines|{'price': 0}|",
    ] {
        let inference = infer(expression, &environment());
        assert_eq!(
            inference.not_checked.len(),
            1,
            "{expression}: {:?}",
            inference.not_checked
        );
        assert_eq!(inference.findings, [], "{expression}");
    }
}

#[test]
fn what_is_appended_may_stand_where_a_longer_array_had_items() {
    let short_or_long = Shape::tuple(vec![Shape::boolean()])
        .join(&Shape::tuple(vec![Shape::boolean(), Shape::text()]));
    let environment = Environment::new().document(short_or_long);
    let both = infer("$append($, 5)", &environment).shape;
    for value in [json!([true, 5]), json!([true, "x", 5])] {
        assert!(both.contains(&value), "{value}");
    }
}

#[test]
fn the_variables_of_the_environment_that_are_read_are_told() {
    let inference = infer(
        "($total := $total + 1; $total & $string($states.input.count))",
        &environment(),
    );
    let names: Vec<&str> = inference.variables.iter().map(String::as_str).collect();
    assert_eq!(names, ["states", "total"]);
}
