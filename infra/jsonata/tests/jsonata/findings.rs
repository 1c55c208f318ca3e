//! What is wrong with expressions.

use jsonata::{Environment, Kind, Shape, infer};

fn environment() -> Environment {
    let line = Shape::object([("sku", Shape::text()), ("price", Shape::number())]);
    let input = Shape::object([
        ("id", Shape::text()),
        ("total", Shape::number()),
        ("status", Shape::one_of(["OPEN", "PAID"])),
        ("lines", Shape::array(line)),
        ("maybe", Shape::number().or_undefined()),
        ("either", Shape::number().join(&Shape::text())),
        ("free", Shape::json()),
    ]);
    let context = Shape::object([
        (
            "Execution",
            Shape::object([
                ("Id", Shape::text()),
                ("Name", Shape::text()),
                ("Input", Shape::json()),
            ]),
        ),
        ("State", Shape::object([("Name", Shape::text())])),
    ]);
    Environment::new()
        .states(Shape::object([("input", input), ("context", context)]))
        .variable("retries", Shape::number())
}

/// An expression, what is wrong with it, and a part of the help.
const DEFECTS: &[(&str, Kind, &str)] = &[
    ("$states.input.id & ", Kind::Unparsable, "syntax"),
    (
        "$states.inptu.id",
        Kind::StatesMember,
        "did you mean `input`?",
    ),
    (
        "$states.result.id",
        Kind::StatesMember,
        "`Output` and `Assign` of a Task",
    ),
    ("$states.errorOutput.Error", Kind::StatesMember, "catcher"),
    (
        "$states.context.Execution.ID",
        Kind::StatesMember,
        "did you mean `Id`?",
    ),
    (
        "$states.context.Task.Token",
        Kind::StatesMember,
        ".waitForTaskToken",
    ),
    (
        "$states.context.Map.Item.Value",
        Kind::StatesMember,
        "ItemSelector",
    ),
    (
        "$states.input.totla",
        Kind::MissingField,
        "did you mean `total`?",
    ),
    (
        "$states.input.lines.prise",
        Kind::MissingField,
        "did you mean `price`?",
    ),
    (
        "$states.input.lines[0].prise",
        Kind::MissingField,
        "did you mean `price`?",
    ),
    (
        "$states.input.lines[prise > 3].sku",
        Kind::MissingField,
        "did you mean `price`?",
    ),
    (
        "$states.input.lines^(prise)",
        Kind::MissingField,
        "did you mean `price`?",
    ),
    (
        "$states.input.lines.{'p': prise}",
        Kind::MissingField,
        "did you mean `price`?",
    ),
    (
        "$map($states.input.lines, function($l) { $l.prise })",
        Kind::MissingField,
        "did you mean `price`?",
    ),
    (
        "$states.input.id.length",
        Kind::MissingField,
        "read something that is there",
    ),
    (
        "$states.input.status[1]",
        Kind::MissingField,
        "correct the index",
    ),
    (
        "{'x': $states.input.nothing}",
        Kind::MissingField,
        "use one of `either`",
    ),
    (
        "$exists($states.input.nothing) ? 1 : 2",
        Kind::AlwaysMissing,
        "use one of `either`",
    ),
    (
        "$retires + 1",
        Kind::UnknownVariable,
        "did you mean `retries`?",
    ),
    (
        "$error = 'x'",
        Kind::UnknownVariable,
        "use one of `retries`, `states`",
    ),
    (
        "{'e': $error}",
        Kind::UnknownVariable,
        "use one of `retries`, `states`",
    ),
    (
        "$count",
        Kind::UnknownVariable,
        "use one of `retries`, `states`",
    ),
    (
        "$count.x",
        Kind::UnknownVariable,
        "use one of `retries`, `states`",
    ),
    (
        "$upper($states.input.id)",
        Kind::UnknownFunction,
        "did you mean `$uppercase`?",
    ),
    (
        "$upercase($states.input.id)",
        Kind::UnknownFunction,
        "did you mean `$uppercase`?",
    ),
    (
        "uppercase($states.input.id)",
        Kind::UnknownFunction,
        "`$uppercase(...)`",
    ),
    ("$eval('1')", Kind::RefusedFunction, "$parse"),
    (
        "$substring($states.input.id)",
        Kind::WrongArity,
        "arguments",
    ),
    ("$uppercase()", Kind::WrongArity, "give it 1 argument;"),
    ("$now(1, 2, 3)", Kind::WrongArity, "arguments"),
    (
        "$uppercase($states.input.total)",
        Kind::WrongArgument,
        "$string(...)",
    ),
    (
        "$sum($states.input.lines.sku)",
        Kind::WrongArgument,
        "$map(..., $number)",
    ),
    (
        "$sum(['a', 'b'])",
        Kind::WrongArgument,
        "$map(..., $number)",
    ),
    (
        "$map($states.input.lines, 5)",
        Kind::WrongArgument,
        "type it takes",
    ),
    (
        "$map($states.input.lines.price, $uppercase)",
        Kind::WrongArgument,
        "type it takes",
    ),
    (
        "$states.input.total ~> $trim",
        Kind::WrongArgument,
        "$string(...)",
    ),
    ("$states.input.id + 1", Kind::WrongOperand, "$number(...)"),
    (
        "$states.input.id > 1",
        Kind::WrongOperand,
        "convert one side",
    ),
    ("-$states.input.id", Kind::WrongOperand, "$number(...)"),
    (
        "{$states.input.total: 1}",
        Kind::WrongOperand,
        "$string(...)",
    ),
    (
        "$states.input.total()",
        Kind::UnknownFunction,
        "lists the functions",
    ),
    (
        "($states.input.total)(1)",
        Kind::WrongOperand,
        "call a function",
    ),
    ("id", Kind::NoDocument, "`$states.input.id`"),
    ("retries", Kind::NoDocument, "`$retries`"),
    ("$.id", Kind::NoDocument, "$states.input"),
    ("$$.id", Kind::NoDocument, "$states.input"),
    (
        "$map($states.input.lines, function($l) { sku })",
        Kind::NoDocument,
        "$states.input",
    ),
    ("$states.input.maybe ?? 0", Kind::NewerOperator, "$exists"),
    ("$states.input.maybe ?: 0", Kind::NewerOperator, "x ? x : y"),
    (
        "$states.input.status = 'PIAD'",
        Kind::NeverEqual,
        "did you mean `PAID`?",
    ),
    ("$states.input.total = '5'", Kind::NeverEqual, "convert"),
    ("()", Kind::AlwaysNothing, "yield a value"),
    (
        "$filter([1], function($x) { false })[3][4].a",
        Kind::MissingField,
        "",
    ),
];

#[test]
fn each_defect_has_its_kind_and_a_fix() {
    let mut failures = Vec::new();
    for (expression, kind, help) in DEFECTS {
        let findings = infer(expression, &environment()).findings;
        let found = match &findings[..] {
            [one] => one.kind == *kind && one.help.contains(help) && one.message.contains('`'),
            _ => false,
        };
        if !found {
            failures.push((expression, kind, findings));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn what_may_work_is_not_reported() {
    for expression in [
        "$states.input.either + 1",
        "$uppercase($states.input.either)",
        "$states.input.free.a.b.c + $states.input.free.d",
        "$sum($states.input.free)",
        "$states.input.maybe + 1",
        "$exists($states.input.maybe) ? $states.input.maybe : 0",
        "$states.input.lines[price > 10 and sku != 'x'].price",
        "$sort($states.input.lines, function($a, $b) { $a.price > $b.price }).sku",
        "$states.input.lines{sku: $sum(price)}",
        "$states.input.lines.(sku & ': ' & $string(price))",
        "$states.input.lines.$uppercase(sku)",
        "$states.input.lines.sku.$uppercase()",
        "$each($states.input, function($v, $k) { $k })",
        "$sift($states.input, function($v, $k) { $k != 'id' })",
        "$replace($states.input.id, /[0-9]+/, function($m) { $m.match & '!' })",
        "$split($states.input.id, /,\\s*/)[0]",
        "$match($states.input.id, /a(b)/)[0].groups[0]",
        "$zip([1, 2], ['a', 'b'])[0][1]",
        "$states.context.Execution.Input.anything",
        "$merge([$states.input, {'extra': 1}]).extra + 1",
        "$append($states.input.lines, {'sku': 'x', 'price': 1}).price",
        "$states.input.lines ~> $map(function($l) { $l.price }) ~> $sum()",
        "($add := function($a, $b) { $a + $b }; $add(1, 2))",
        "($inc := $power(?, 2); $inc(3))",
        "$now() & $string($millis())",
        "$partition([1, 2, 3], 2)",
        "$hash('x', 'SHA-256')",
        "$random(7)",
        "$not($states.input.maybe)",
        "$join($states.input.lines.sku, ', ')",
        "$states.input.lines[-1].sku",
        "$states.input.lines[$count($states.input.lines) - 1].sku",
        "$states.input.`id`",
        "$states.input.lines.*",
        "$error('bad ' & $states.input.id)",
    ] {
        let findings = infer(expression, &environment()).findings;
        assert_eq!(findings, [], "{expression}");
    }
}

#[test]
fn only_tests_and_comparisons_are_warnings() {
    assert!(!Kind::AlwaysMissing.is_error());
    assert!(!Kind::NeverEqual.is_error());
    assert!(Kind::MissingField.is_error());
}
