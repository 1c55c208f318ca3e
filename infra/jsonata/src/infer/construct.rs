//! Arrays and objects that an expression constructs.

use jsonata_core::ast::AstNode;

use super::sequence::Sequence;
use super::{At, Inferrer};
use crate::shape::{Array, Object};
use crate::{Shape, Type};

/// A literal of more items is taken for an array of any of them.
const LONGEST_PREFIX: usize = 64;

impl<'a> Inferrer<'_, 'a> {
    /// `[a, b]`: nothing is left out, arrays are flattened once unless they are constructed here themselves.
    pub(super) fn array(&mut self, items: &'a [AstNode], at: &At<'a>) -> Shape {
        let mut all = Array {
            max_items: Some(0),
            ..Array::default()
        };
        for item in items {
            let shape = self.data(item, &at.tested(false));
            let parts = match item {
                AstNode::Array(_) => Sequence::one(shape),
                _ => Sequence::items_of(&shape),
            };
            all = appended(all, parts);
        }
        all.into()
    }

    /// `{name: value}`, for the context or for its items grouped by name.
    pub(super) fn object(&mut self, fields: &'a [(AstNode, AstNode)], at: &At<'a>) -> Shape {
        let mut at = at.tested(false);
        if let Some(context) = at.context.take_if(|context| context.as_array().is_some()) {
            at.context = Some(grouped(&context));
        }
        let mut object = Object::default();
        for (name, value) in fields {
            let name_shape = self.shape(name, &at);
            self.operand(name, "the name of a field", &name_shape, &[Type::Text]);
            let value = self.data(value, &at);
            set(&mut object, &name_shape, &value);
        }
        object.into()
    }

    /// `input{name: value}`: the items grouped by name.
    pub(super) fn group(
        &mut self,
        input: &'a AstNode,
        fields: &'a [(AstNode, AstNode)],
        at: &At<'a>,
    ) -> Shape {
        let input = self.shape(input, &at.tested(false));
        let item = Sequence::items_of(&input).item;
        let group = grouped(&input);
        let mut object = Object::default();
        for (name, value) in fields {
            let name_shape = self.shape(name, &at.within(item.clone()));
            let value = self.data(value, &at.within(group.clone()));
            set(&mut object, &name_shape, &value.or_undefined());
        }
        object.into()
    }
}

/// Items that share a name: one of them, or an array of several.
fn grouped(items: &Shape) -> Shape {
    let item = Sequence::items_of(items).item;
    item.join(&Shape::array(item.clone()))
}

/// Sets the field of a known name; of an unknown one, any field may be it.
fn set(object: &mut Object, name: &Shape, value: &Shape) {
    let known = name.as_text().and_then(|text| text.values.clone());
    match known {
        Some(names) if names.len() == 1 && !name.may_be_undefined() => {
            let fields = names.into_iter().map(|name| (name, value.clone()));
            object.fields.extend(fields);
        }
        _ => {
            let before = object.rest.take().unwrap_or_else(Shape::undefined);
            object.rest = Some(before.join(value).or_undefined());
        }
    }
}

/// An array with further items at its end.
pub(super) fn appended(mut array: Array, more: Sequence) -> Array {
    let exact = more.least == 1 && more.most == Some(1);
    let counted = array.max_items == Some(array.prefix.len() as u64)
        && array.min_items == array.prefix.len() as u64;
    let max_items = array
        .max_items
        .zip(more.most)
        .and_then(|(a, b)| a.checked_add(b));
    let min_items = array.min_items.saturating_add(more.least);
    if exact && counted && array.prefix.len() < LONGEST_PREFIX {
        array.prefix.push(more.item);
    } else if more.most != Some(0) {
        // Where a part of varying length ends is not known: what is behind it may be at any place past the certain ones.
        let certain = usize::try_from(array.min_items).unwrap_or(usize::MAX);
        for item in array.prefix.iter_mut().skip(certain) {
            *item = item.join(&more.item);
        }
        array.rest = array.rest.join(&more.item);
    }
    array.max_items = max_items;
    array.min_items = min_items;
    array
}
