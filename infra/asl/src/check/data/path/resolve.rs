//! What a path selects of a shape.

use jsonata::{Shape, Type};

use super::parse::{Path, Root, Segment};

/// What a path selects.
pub(super) struct Resolved {
    pub(super) shape: Shape,
    /// The field that cannot be there.
    pub(super) missing: Option<Missing>,
}

/// A field that cannot be there.
pub(super) struct Missing {
    /// The path up to the value that lacks it.
    before: String,
    name: String,
    item: Shape,
    pub(super) in_context: bool,
}

impl Missing {
    pub(super) fn message(&self, path: &str) -> String {
        let Self {
            before, name, item, ..
        } = self;
        if item.field_names().is_empty() {
            return format!("`{path}` is never there: `{before}` is {item}");
        }
        format!("`{path}` is never there: `{before}` has no `{name}`")
    }

    pub(super) fn help(&self) -> String {
        match (self.before.as_str(), self.name.as_str()) {
            ("$$", "Task") => {
                "let the resource end with `.waitForTaskToken`: only then there is a token"
                    .to_owned()
            }
            ("$$", "Map") => {
                "use it in `ItemSelector` of a Map, or inside of its item processor".to_owned()
            }
            _ => self.item.help_for(&self.name),
        }
    }
}

pub(super) fn resolve(path: &Path, root: Shape) -> Resolved {
    let mut before = match &path.root {
        Root::Document => "$".to_owned(),
        Root::Context => "$$".to_owned(),
        Root::Variable(name) => format!("${name}"),
    };
    let mut item = root;
    // Behind a wildcard a path selects an array of whatever it finds.
    let mut many = false;
    let mut not_required = None;
    for segment in &path.segments {
        let next = match segment {
            Segment::Field(name) => item.field(name),
            Segment::Index(index) => item.item_at(*index),
            Segment::All => {
                many = true;
                all(&item)
            }
            Segment::Some => {
                many = true;
                item.as_array()
                    .map_or_else(Shape::any, jsonata::Array::item)
            }
            Segment::Descend | Segment::Opaque => {
                return Resolved {
                    shape: Shape::any(),
                    missing: None,
                };
            }
        };
        if next.is_undefined() && item.may_be_defined() {
            return Resolved {
                missing: Some(Missing {
                    in_context: path.root == Root::Context && !of_execution(&before),
                    before,
                    name: name_of(segment),
                    item: item.defined(),
                }),
                shape: if many {
                    Shape::tuple(Vec::new())
                } else {
                    Shape::undefined()
                },
            };
        }
        if not_required.is_none() {
            not_required = next.not_required().map(str::to_owned);
        }
        before += &written(segment);
        item = next;
    }
    let shape = match not_required {
        // A wildcard selects nothing of what is missing, which is an empty array.
        _ if many => Shape::array(item),
        Some(field) if item.may_be_undefined() => item.or_missing(&field),
        _ => item,
    };
    Resolved {
        shape,
        missing: None,
    }
}

/// Data of the execution itself, beneath the context object.
fn of_execution(before: &str) -> bool {
    before.starts_with("$$.Execution.Input") || before.starts_with("$$.Map.Item.Value")
}

fn all(item: &Shape) -> Shape {
    if item.is_unknown() {
        return Shape::any();
    }
    let items = item
        .as_array()
        .map_or_else(Shape::never, jsonata::Array::item);
    let fields = item.as_object().map_or_else(Shape::never, |object| {
        let values = object.fields.values().chain(&object.rest);
        values.fold(Shape::never(), |any, value| any.join(value))
    });
    let neither = !item.may_be(Type::Array) && !item.may_be(Type::Object);
    if neither {
        Shape::undefined()
    } else {
        items.join(&fields).defined()
    }
}

fn name_of(segment: &Segment) -> String {
    match segment {
        Segment::Field(name) => name.clone(),
        other => written(other),
    }
}

fn written(segment: &Segment) -> String {
    match segment {
        Segment::Field(name)
            if name
                .chars()
                .all(|character| character.is_alphanumeric() || character == '_') =>
        {
            format!(".{name}")
        }
        Segment::Field(name) => format!("['{name}']"),
        Segment::Index(index) => format!("[{index}]"),
        Segment::All => "[*]".to_owned(),
        Segment::Some => "[...]".to_owned(),
        Segment::Descend | Segment::Opaque => "..".to_owned(),
    }
}
