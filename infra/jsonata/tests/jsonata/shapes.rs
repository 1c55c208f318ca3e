//! Shapes: from schemas, joined, compared, measured.

use jsonata::{SchemaError, SchemaProblem, Shape};
use schemars::schema_for;
use serde_json::{Value, json};

fn shape(schema: &Value) -> Shape {
    Shape::from_schema(schema).unwrap()
}

mod order {
    //! Types of which only the schema is used.
    #![expect(dead_code, reason = "only their schemas are used")]

    use schemars::JsonSchema;

    #[derive(JsonSchema)]
    pub(super) struct Order {
        id: String,
        lines: Vec<Line>,
        payment: Payment,
        note: Option<String>,
        parent: Option<Box<Self>>,
    }

    #[derive(JsonSchema)]
    struct Line {
        price: f64,
        kind: Kind,
    }

    #[derive(JsonSchema)]
    enum Kind {
        Book,
        Journal,
    }

    #[derive(JsonSchema)]
    #[schemars(tag = "by")]
    enum Payment {
        Card { last_four: String },
        Invoice { days: u32 },
    }
}

#[test]
fn the_schema_of_a_type_is_read_with_its_references_and_its_recursion() {
    let order = shape(schema_for!(order::Order).as_value());
    assert_eq!(order.field("id"), Shape::text());
    let line = order.field("lines").as_array().unwrap().item();
    assert_eq!(line.field("kind"), Shape::one_of(["Book", "Journal"]));
    assert_eq!(line.field("prise"), Shape::undefined());
    let note = Shape::text().or_null().or_missing("note");
    assert_eq!(order.field("note"), note);
    let payment = order.field("payment");
    assert_eq!(payment.field("by"), Shape::one_of(["Card", "Invoice"]));
    assert_eq!(payment.field("days"), Shape::number().or_undefined());
    assert!(order.field("parent").may_be_undefined());
}

#[test]
fn keywords() {
    let cases = [
        (json!(true), Shape::json()),
        (json!({}), Shape::json()),
        (json!({"type": ["string", "null"]}), Shape::text().or_null()),
        (
            json!({"type": "string", "maxLength": 9}),
            Shape::text_up_to(9),
        ),
        (json!({"const": "a"}), Shape::one_of(["a"])),
        (
            json!({"enum": ["a", 1, null]}),
            Shape::one_of(["a"]).join(&Shape::number()).or_null(),
        ),
        (json!({"type": "object"}), Shape::map(Shape::json())),
        (
            json!({"type": "object", "additionalProperties": {"type": "number"}}),
            Shape::map(Shape::number()),
        ),
        (
            json!({"properties": {"a": {"type": "integer"}}}),
            Shape::object([("a", Shape::number().or_undefined())]),
        ),
        (
            json!({"prefixItems": [{"type": "number"}, {"type": "string"}], "items": false, "minItems": 2}),
            Shape::tuple(vec![Shape::number(), Shape::text()]),
        ),
        (
            json!({"allOf": [
                {"properties": {"a": {"type": "number"}}, "required": ["a"]},
                {"properties": {"b": {"type": "string"}}, "required": ["b"]},
            ]}),
            Shape::object([("a", Shape::number()), ("b", Shape::text())]),
        ),
        (
            json!({"oneOf": [{"type": "number"}, {"type": "string", "enum": ["x"]}]}),
            Shape::number().join(&Shape::one_of(["x"])),
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(shape(&schema), expected, "{schema}");
    }
}

#[test]
fn a_part_that_requires_a_field_requires_it_of_all() {
    let schema = |more: serde_json::Value| {
        let mut schema =
            json!({"type": "object", "properties": {"a": {"type": "number"}}, "required": []});
        schema["allOf"] = json!([more]);
        shape(&schema).field("a")
    };
    assert_eq!(schema(json!({"required": ["a"]})), Shape::number());
    assert_eq!(
        schema(json!({"required": ["b"]})),
        Shape::number().or_missing("a")
    );
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_place() {
    let reference = json!({"properties": {"a": {"$ref": "#/$defs/Nobody"}}});
    assert_eq!(
        Shape::from_schema(&reference).unwrap_err(),
        SchemaError {
            place: "/properties/a/$ref".to_owned(),
            problem: SchemaProblem::Reference {
                reference: "#/$defs/Nobody".to_owned()
            }
        }
    );
    let cases = [
        (
            json!({"type": "strng"}),
            "/type: \"strng\" is no type of JSON Schema; use null, boolean",
        ),
        (
            json!({"properties": {"a/b": 5}}),
            "/properties/a~1b: this has to be a schema, which is an object or a boolean, and is a number",
        ),
        (
            json!({"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "required": true}}}),
            "/$defs/A/required: this has to be a list of texts, and is a boolean",
        ),
        (
            json!({"anyOf": [{}, {"type": ["string", null]}]}),
            "/anyOf/1/type: this has to be a list of texts",
        ),
        (
            json!({"oneOf": {}}),
            "/oneOf: this has to be a list, and is an object",
        ),
        (
            json!({"order": {"total": 5}}),
            "the schema itself: none of its fields is a keyword",
        ),
        (json!([]), "the schema itself: this has to be a schema"),
    ];
    for (schema, expected) in cases {
        let error = Shape::from_schema(&schema).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{schema}: {error}");
    }
}

#[test]
fn the_largest_value_is_measured() {
    let cases = [
        (Shape::boolean(), Some(5)),
        (Shape::text(), None),
        (Shape::one_of(["a", "abc"]), Some(5)),
        (Shape::text_up_to(2), Some(14)),
        (Shape::array(Shape::null()), None),
        (
            Shape::tuple(vec![Shape::null(), Shape::boolean()]),
            Some(12),
        ),
        (
            shape(&json!({"type": "array", "items": {"type": "boolean"}, "maxItems": 3})),
            Some(19),
        ),
        (
            Shape::object([("a", Shape::boolean()), ("b", Shape::null().or_undefined())]),
            Some(20),
        ),
        (Shape::map(Shape::null()), None),
        (Shape::json(), None),
    ];
    for (shape, expected) in cases {
        assert_eq!(shape.max_bytes(), expected, "{shape}");
    }
}

#[test]
fn a_shape_that_grows_in_a_loop_stops_growing() {
    let mut wrapped = Shape::object([("n", Shape::number())]);
    let mut rounds = 0;
    loop {
        let next = wrapped.widen(&Shape::object([
            ("previous", wrapped.clone()),
            ("all", Shape::tuple(vec![wrapped.clone(); rounds % 3])),
        ]));
        if next == wrapped {
            break;
        }
        wrapped = next;
        rounds += 1;
        assert!(rounds < 40, "still growing");
    }
}

#[test]
fn shapes_are_told_in_words() {
    assert_eq!(
        Shape::number().join(&Shape::text()).to_string(),
        "a number or a text"
    );
    assert_eq!(
        Shape::array(Shape::text()).or_undefined().to_string(),
        "an array of texts or nothing"
    );
    assert_eq!(Shape::one_of(["a", "b"]).to_string(), "the text `a` or `b`");
}
