//! What the built-in functions yield.

use jsonata_core::ast::AstNode;

use super::closure::Value;
use super::construct::appended;
use super::path::lookup;
use super::sequence::Sequence;
use super::{Inferrer, undefined_if};
use crate::functions::{Function, Signature, Special};
use crate::shape::{Array, Object, Text};
use crate::{Shape, Type};

/// Rounds before what `$reduce` accumulates is taken for anything.
const REDUCE_ROUNDS: usize = 9;
/// Rounds in which it may grow.
const REDUCE_PATIENCE: usize = 3;

impl<'a> Inferrer<'_, 'a> {
    pub(super) fn result(
        &mut self,
        node: &'a AstNode,
        function: &Function,
        signature: &Signature,
        arguments: &[Value<'a>],
    ) -> Shape {
        let Some(special) = function.special else {
            let result = signature.result.clone().unwrap_or_else(Shape::any);
            return of_all(arguments, result);
        };
        let shape = |index: usize| {
            arguments
                .get(index)
                .map_or_else(Shape::undefined, |value| value.shape.clone())
        };
        let first = shape(0);
        match special {
            Special::Aggregate => {
                let few = Sequence::items_of(&first).least == 0;
                let result = of_all(arguments, Shape::number());
                if few { result.or_undefined() } else { result }
            }
            Special::Count => Shape::number(),
            Special::Exists => Shape::boolean(),
            Special::Error => Shape::never(),
            Special::Assert => Shape::undefined(),
            Special::Append => append(&first, &shape(1)),
            Special::Zip => Shape::array(Shape::array(Shape::json())),
            Special::Uuid => Shape::text_up_to(36),
            Special::Parse => of_all(arguments, Shape::json()),
            Special::Range => of_all(arguments, Shape::array(Shape::number())),
            Special::Partition => {
                let part = Sequence::items_of(&first).array();
                of_all(arguments, Shape::array(part))
            }
            Special::SameItems | Special::Sort => {
                if let Some(function) = arguments.get(1) {
                    let item = Sequence::items_of(&first).item;
                    self.apply(node, function, vec![item.clone(), item]);
                }
                same_items(&first)
            }
            // Of a sequence in which all are equal one is left, alone.
            Special::Distinct => same_items(&first).join(&Sequence::items_of(&first).item),
            Special::Text => of_all(arguments, text(&first)),
            Special::PartOfText => {
                let max_length = first.as_text().and_then(|text| text.max_length);
                of_all(
                    arguments,
                    Text {
                        values: None,
                        max_length,
                    }
                    .into(),
                )
            }
            Special::TypeName => {
                let names = [
                    "null", "number", "string", "boolean", "array", "object", "function",
                ];
                undefined_if(&first, Shape::one_of(names))
            }
            Special::Split => of_all(arguments, Shape::array(Shape::text())),
            Special::Keys => keys(&first),
            Special::Lookup => looked_up(&first, &shape(1)),
            Special::Merge => undefined_if(&first, merged(&first)),
            Special::Spread => undefined_if(&first, spread(&first)),
            Special::Map | Special::Filter | Special::Single | Special::Reduce => {
                self.of_items(node, special, &first, arguments)
            }
            Special::Each | Special::Sift => {
                self.of_fields(node, special, &first, arguments.get(1))
            }
            Special::Match => {
                if let Some(function) = arguments.get(1).filter(|value| value.callable.is_some()) {
                    self.matcher(node, function);
                }
                let found = Sequence {
                    item: match_object(),
                    least: 0,
                    most: None,
                };
                found.collapse()
            }
            Special::Replace => {
                for function in arguments
                    .iter()
                    .skip(1)
                    .filter(|value| value.callable.is_some())
                {
                    self.matcher(node, function);
                }
                of_all(arguments, Shape::text())
            }
        }
    }

    /// A function that stands in for a pattern, or makes the replacement. A pattern itself is no call to follow.
    fn matcher(&mut self, node: &'a AstNode, function: &Value<'a>) {
        if let Some(super::closure::Callable::Closure(_)) = function.callable {
            self.apply(node, function, vec![match_object()]);
        }
    }

    fn of_items(
        &mut self,
        node: &'a AstNode,
        special: Special,
        first: &Shape,
        arguments: &[Value<'a>],
    ) -> Shape {
        let items = Sequence::items_of(first);
        let whole = items.clone().array();
        if items.item.is_never() {
            let initial = arguments.get(2).map(|value| value.shape.clone());
            return initial.unwrap_or_default().or_undefined();
        }
        let Some(function) = arguments.get(1) else {
            return undefined_if(first, items.item);
        };
        let with_place = |item: &Shape| vec![item.clone(), Shape::number(), whole.clone()];
        match special {
            Special::Map => {
                let result = self.apply(node, function, with_place(&items.item));
                items.mapped(result).collapse()
            }
            Special::Filter => {
                self.apply(node, function, with_place(&items.item));
                items.filtered().collapse()
            }
            Special::Single => {
                self.apply(node, function, with_place(&items.item));
                undefined_if(first, items.item)
            }
            _ => {
                let initial = arguments.get(2).map(|value| value.shape.clone());
                let mut total = initial.unwrap_or_else(|| items.item.clone());
                for round in 0..REDUCE_ROUNDS {
                    let given = vec![
                        total.clone(),
                        items.item.clone(),
                        Shape::number(),
                        whole.clone(),
                    ];
                    let result = self.apply(node, function, given);
                    let next = if round < REDUCE_PATIENCE {
                        total.join(&result)
                    } else {
                        total.widen(&result)
                    };
                    if next == total {
                        return if items.least == 0 {
                            total.or_undefined()
                        } else {
                            total
                        };
                    }
                    total = next;
                }
                self.gap(node, "what is accumulated keeps growing")
            }
        }
    }

    fn of_fields(
        &mut self,
        node: &'a AstNode,
        special: Special,
        first: &Shape,
        function: Option<&Value<'a>>,
    ) -> Shape {
        let Some(object) = first.as_object() else {
            return if first.is_unknown() {
                Shape::any()
            } else {
                Shape::undefined()
            };
        };
        let names = Shape::one_of(object.fields.keys().cloned());
        let (name, most) = match &object.rest {
            Some(_) => (Shape::text(), None),
            None => (names, Some(object.fields.len() as u64)),
        };
        let all = object.fields.values().chain(&object.rest);
        let value = all
            .fold(Shape::never(), |any, field| any.join(field))
            .defined();
        let result = match function {
            Some(function) => self.apply(node, function, vec![value, name, first.clone()]),
            None => Shape::any(),
        };
        if special == Special::Each {
            let results = Sequence {
                item: result.defined(),
                least: 0,
                most,
            };
            return results.collapse();
        }
        let optional =
            |(name, field): (&String, &Shape)| (name.clone(), field.clone().or_undefined());
        let kept: Shape = Object {
            fields: object.fields.iter().map(optional).collect(),
            rest: object.rest.clone(),
        }
        .into();
        kept.or_undefined()
    }
}

fn looked_up(object: &Shape, name: &Shape) -> Shape {
    let known = name.as_text().and_then(|text| text.values.as_ref());
    let Some(names) = known else {
        return Shape::any();
    };
    let found = names
        .iter()
        .fold(Shape::never(), |any, name| any.join(&lookup(object, name)));
    undefined_if(name, found)
}

/// Nothing where any argument may be nothing; certainly nothing where the first one is.
fn of_all(arguments: &[Value<'_>], result: Shape) -> Shape {
    match arguments.first() {
        Some(first) if first.shape.is_undefined() => Shape::undefined(),
        _ if arguments.iter().any(|value| value.shape.may_be_undefined()) => result.or_undefined(),
        _ => result,
    }
}

fn append(first: &Shape, second: &Shape) -> Shape {
    if first.is_undefined() {
        return second.clone();
    }
    if second.is_undefined() {
        return first.clone();
    }
    let start = Array {
        max_items: Some(0),
        ..Array::default()
    };
    let front = match first.as_array() {
        Some(array) if first.is_only(&[Type::Array]) && !first.may_be_undefined() => array.clone(),
        _ => appended(start, Sequence::items_of(first)),
    };
    let both: Shape = appended(front, Sequence::items_of(second)).into();
    let mut either = both;
    if first.may_be_undefined() {
        either = either.join(second);
    }
    if second.may_be_undefined() {
        either = either.join(first);
    }
    either
}

/// An array stays one; a single value may be left alone or put into one.
fn same_items(first: &Shape) -> Shape {
    if first.is_unknown() {
        return first.clone();
    }
    let items = Sequence::items_of(&first.clone().defined());
    let some = Sequence {
        least: items.least.min(1),
        ..items
    };
    first.clone().without_array().join(&some.array())
}

fn text(first: &Shape) -> Shape {
    match first.as_text() {
        Some(text) if first.is_only(&[Type::Text]) => text.clone().into(),
        _ => Shape::text(),
    }
}

fn keys(first: &Shape) -> Shape {
    let items = Sequence::items_of(first).item;
    if items.is_unknown() {
        return Shape::text()
            .join(&Shape::array(Shape::text()))
            .or_undefined();
    }
    let Some(object) = items.as_object() else {
        return Shape::undefined();
    };
    let (item, most) = match &object.rest {
        Some(_) => (Shape::text(), None),
        None => (
            Shape::one_of(object.fields.keys().cloned()),
            Some(object.fields.len() as u64),
        ),
    };
    let alone = first.is_only(&[Type::Object]) && !first.may_be_undefined();
    let required = object
        .fields
        .values()
        .filter(|field| !field.may_be_undefined())
        .count() as u64;
    let names = Sequence {
        item,
        least: if alone { required } else { 0 },
        most,
    };
    names.collapse()
}

/// Later objects win.
fn merged(first: &Shape) -> Shape {
    if first.is_unknown() {
        return Shape::map(Shape::json());
    }
    let mut all = Object::default();
    let single = first.clone().without_array();
    if let Some(object) = single.as_object() {
        // It may be an array instead, even an empty one.
        all = merge(&all, object, first.as_array().is_some());
    }
    if let Some(array) = first.as_array() {
        let optional = single.may_be_defined();
        for (index, item) in array.prefix.iter().enumerate() {
            let certain = !optional && (index as u64) < array.min_items;
            all = merged_with(&all, item, !certain);
        }
        if array
            .max_items
            .is_none_or(|most| most > array.prefix.len() as u64)
        {
            all = merged_with(&all, &array.rest, true);
        }
    }
    all.into()
}

fn merged_with(all: &Object, item: &Shape, optional: bool) -> Object {
    match item.as_object() {
        Some(object) => merge(all, object, optional || item.may_be_undefined()),
        None if item.is_unknown() => merge(
            all,
            &Object {
                rest: Some(Shape::any()),
                ..Object::default()
            },
            true,
        ),
        None => all.clone(),
    }
}

fn merge(all: &Object, object: &Object, optional: bool) -> Object {
    let mut result = all.clone();
    if let Some(rest) = &object.rest {
        for field in result.fields.values_mut() {
            *field = field.join(&rest.clone().defined());
        }
        let before = result.rest.take().unwrap_or_else(Shape::undefined);
        result.rest = Some(before.join(rest));
    }
    for (name, field) in &object.fields {
        let before = all.field(name);
        let certain = !optional && !field.may_be_undefined();
        let after = if certain {
            field.clone()
        } else {
            before.join(&field.clone().defined())
        };
        let missing = !certain && before.may_be_undefined();
        result.fields.insert(
            name.clone(),
            if missing { after.or_undefined() } else { after },
        );
    }
    result
}

fn spread(first: &Shape) -> Shape {
    let item = Sequence::items_of(first).item;
    if item.is_unknown() {
        return Shape::any();
    }
    let Some(object) = item.as_object() else {
        return first.clone().or_undefined();
    };
    if object.fields.is_empty() && object.rest.is_none() && first.is_only(&[Type::Object]) {
        return Shape::undefined();
    }
    let single = Object {
        fields: object
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), field.clone().or_undefined()))
            .collect(),
        rest: object.rest.clone(),
    };
    let others = Shape {
        object: None,
        ..item.clone()
    };
    let any = Shape::from(single).join(&others);
    any.join(&Shape::array(any.clone())).or_undefined()
}

/// What a pattern finds.
fn match_object() -> Shape {
    Shape::object([
        ("match", Shape::text()),
        ("index", Shape::number()),
        ("groups", Shape::array(Shape::text())),
        ("start", Shape::number().or_undefined()),
        ("end", Shape::number().or_undefined()),
        ("next", Shape::function().or_undefined()),
    ])
}
