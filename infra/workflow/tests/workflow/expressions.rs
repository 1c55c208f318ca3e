//! What expressions mean, evaluated: above all where JSONata would surprise.

use rehearsal::Rehearsal;
use serde_json::{Value, json};
use workflow::{AnyJson, Expr, Flow, Machine};

use crate::support::data;

data! {
    struct Order {
        id: String,
        lines: Vec<Line>,
        total: u64,
        discount: f64,
        gift: bool,
        note: Option<String>,
        tags: Vec<String>,
        #[serde(rename = "due date")]
        due: Option<String>,
    }
    struct Line {
        product: String,
        count: u64,
        label: Option<String>,
    }
}

fn order(lines: usize) -> Value {
    let all = [
        json!({"product": "pen", "count": 2}),
        json!({"product": "ink", "count": 5, "label": "blue"}),
    ];
    json!({
        "id": "order-7/eu",
        "lines": all[..lines],
        "total": 7,
        "discount": 0.5,
        "gift": true,
        "note": null,
        "tags": ["new"],
    })
}

/// The value of an expression over an order with so many lines.
#[track_caller]
fn value<T>(
    lines: usize,
    of: impl for<'s> FnOnce(&mut Flow<'s, 's>, Expr<'s, Order>) -> Expr<'s, T>,
) -> Value {
    let machine = Machine::<Order, AnyJson>::new("Expressions", |flow, order| {
        let value = of(flow, order).untyped();
        flow.members([("value", value)])
    });
    let problems = machine.problems();
    assert!(problems.is_empty(), "{problems:#?}");
    let definition = machine.definition();
    let outcome = Rehearsal::of(&definition).input(order(lines)).run();
    let outcome = outcome.expect("the machine can be rehearsed");
    match outcome.output() {
        Some(output) => output["value"].clone(),
        None => panic!("{:?} of {definition:#}", outcome.status()),
    }
}

#[test]
fn numbers() {
    assert_eq!(
        value(2, |_, order| (order.total + 1) * 2 - order.total * 2),
        2
    );
    assert_eq!(value(2, |_, order| order.total - (order.total - 3)), 3);
    assert_eq!(value(2, |_, order| order.total / 2), 3.5);
    assert_eq!(value(2, |_, order| order.discount * 4.0), 2);
    assert_eq!(value(2, |_, order| order.total.to_text()), "7");
    let between = value(2, |_, order| {
        order
            .total
            .is_above(6)
            .and(order.total.is_below(8))
            .and(order.total.is_at_least(7))
    });
    assert_eq!(between, true);
    assert_eq!(
        value(2, |_, order| order.total.is_at_most(6).equals(false)),
        true
    );
}

#[test]
fn texts() {
    assert_eq!(
        value(2, |_, order| order.id.append("!").prepend("<")),
        "<order-7/eu!"
    );
    assert_eq!(value(2, |_, order| order.id.before("/").after("-")), "7");
    assert_eq!(value(2, |_, order| order.id.length()), 10);
    assert_eq!(value(2, |_, order| order.id.contains("eu")), true);
    assert_eq!(
        value(2, |_, order| order.id.split("-")),
        json!(["order", "7/eu"])
    );
    assert_eq!(
        value(2, |_, order| order.id.split("#")),
        json!(["order-7/eu"])
    );
    assert_eq!(
        value(2, |flow, _| flow.text("{\"a\":[1]}").parse::<AnyJson>()),
        json!({"a": [1]})
    );
}

/// Texts that look like code or like a substitution are texts.
#[test]
fn constants_mean_themselves() {
    for text in [
        "{% $now() %}",
        "${Bucket}",
        "a \"quoted\" \\ text\n",
        "{%",
        "$states",
    ] {
        assert_eq!(value(1, |flow, _| flow.text(text)), text);
        assert_eq!(value(1, |flow, _| flow.text(text).append("")), text);
        assert_eq!(
            value(1, |flow, _| flow.value(json!([{"text": text}])))[0]["text"],
            text
        );
    }
    assert_eq!(value(1, |flow, _| flow.value(-5) - 3), -8);
}

#[test]
fn conditions() {
    assert_eq!(
        value(2, |_, order| order.gift.or(false).and(!order.gift)),
        false
    );
    assert_eq!(
        value(2, |_, order| order.gift.and(false).or(order.gift)),
        true
    );
    assert_eq!(
        value(2, |_, order| order
            .gift
            .then::<String>("yes", "no")
            .append("!")),
        "yes!"
    );
    assert_eq!(value(2, |_, order| order.id.differs("other")), true);
}

#[test]
fn what_may_be_missing() {
    assert_eq!(value(2, |_, order| order.note), Value::Null, "it is null");
    assert_eq!(value(2, |_, order| order.due), Value::Null, "it is missing");
    assert_eq!(value(2, |_, order| order.due.exists()), false);
    assert_eq!(value(2, |_, order| order.note.or("none")), "none");
    assert_eq!(value(2, |_, order| order.due.or("soon")), "soon");
    let labels = value(2, |_, order| order.lines.each(|line| line.label));
    assert_eq!(labels, json!([null, "blue"]), "nothing is left out");
}

#[test]
fn lists_stay_lists_whatever_their_length() {
    let products = |lines| value(lines, |_, order| order.lines.each(|line| line.product));
    assert_eq!(products(0), json!([]));
    assert_eq!(products(1), json!(["pen"]));
    assert_eq!(products(2), json!(["pen", "ink"]));
    let many = |lines| {
        value(lines, |_, order| {
            order.lines.filter(|line| line.count.is_above(3))
        })
    };
    assert_eq!(many(1), json!([]));
    assert_eq!(
        many(2),
        json!([{"product": "ink", "count": 5, "label": "blue"}])
    );
    assert_eq!(
        value(1, |_, order| order.tags.chain(order.tags)),
        json!(["new", "new"])
    );
    assert_eq!(
        value(0, |_, order| order.lines.chain(order.lines)),
        json!([])
    );
    assert_eq!(
        value(1, |flow, order| flow.list([order.id, flow.text("b")])),
        json!(["order-7/eu", "b"])
    );
}

#[test]
fn items_of_lists() {
    assert_eq!(value(2, |_, order| order.lines.count()), 2);
    assert_eq!(value(0, |_, order| order.lines.is_empty()), true);
    assert_eq!(
        value(0, |_, order| order.lines.each(|line| line.count).sum()),
        0
    );
    assert_eq!(
        value(2, |_, order| order.lines.each(|line| line.count).sum()),
        7
    );
    assert_eq!(
        value(2, |_, order| order.lines.last().required().product),
        "ink"
    );
    assert_eq!(value(2, |_, order| order.tags.at(1).or("none")), "none");
    assert_eq!(value(2, |_, order| order.tags.first()), "new");
    assert_eq!(value(2, |_, order| order.tags.at(9)), Value::Null);
    assert_eq!(value(2, |_, order| order.tags.includes("new")), true);
}

#[test]
fn functions_inside_functions_have_items_of_their_own() {
    let counts = value(2, |_, order| {
        order.lines.each(|line| {
            order
                .lines
                .filter(|other| other.count.is_above(line.count))
                .count()
        })
    });
    assert_eq!(counts, json!([1, 0]));
}

#[test]
fn what_is_known_of_the_execution() {
    let started = value(1, |flow, _| flow.execution_started().before("T"));
    assert_eq!(started, "2026-01-01");
    assert_eq!(value(1, |flow, _| flow.uuid().length()), 36);
    assert_eq!(value(1, |flow, _| flow.raw::<u64>("1 + 1") * 3), 6);
}

#[test]
fn an_object_with_another_value_in_a_field_is_otherwise_the_same() {
    let changed = value(1, |_, order| {
        let more = order.total + 1;
        let named = order.with(order.note, order.id.some());
        named.with(named.total, more)
    });
    let mut expected = order(1);
    expected["note"] = json!("order-7/eu");
    expected["total"] = json!(8);
    assert_eq!(changed, expected);
}

#[test]
fn a_field_that_is_not_the_objects_own_is_a_mistake() {
    let machine = Machine::<Order, Order>::new("Other", |_, order| {
        let other = order.with(order.note, order.id.some());
        order.with(other.note, order.id.some())
    });
    let problems = machine.problems();
    let expected = "`with` sets a field of the object itself: write `x.with(x.field, value)`";
    assert_eq!(problems[0].message, expected, "{problems:#?}");
}
