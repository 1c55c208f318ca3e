//! JSONata's sequences: what a step of a path yields item by item, and what is left at the end: nothing, one value, or an array.

use crate::Shape;
use crate::shape::Array;

/// Items that a step goes through.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// Any of them.
    pub(super) item: Shape,
    /// How many at least.
    pub(super) least: u64,
    /// How many at most.
    pub(super) most: Option<u64>,
}

impl Sequence {
    /// The value alone.
    pub(super) fn one(item: Shape) -> Self {
        Self {
            item,
            least: 1,
            most: Some(1),
        }
    }

    /// The items of an array, or the value alone.
    pub(super) fn items_of(shape: &Shape) -> Self {
        if shape.is_unknown() {
            return Self {
                item: Shape::json(),
                least: 0,
                most: None,
            };
        }
        let single = shape.clone().without_array().defined();
        let alone = !single.is_never();
        let Some(array) = shape.as_array() else {
            return Self {
                least: u64::from(alone && !shape.may_be_undefined()),
                most: Some(u64::from(alone)),
                item: single,
            };
        };
        let least = if shape.may_be_undefined() {
            0
        } else {
            array.min_items
        };
        Self {
            item: single.join(&array.item()),
            least: if alone { least.min(1) } else { least },
            most: array.max_items.map(|most| most.max(u64::from(alone))),
        }
    }

    /// What the items become when each is replaced by the items of `result`.
    pub(super) fn replaced_by(&self, result: &Shape) -> Self {
        let each = Self::items_of(result);
        Self {
            least: self.least.saturating_mul(each.least),
            most: times(self.most, each.most),
            item: each.item,
        }
    }

    /// The same with another item, of which each may be left out.
    pub(super) fn mapped(&self, item: Shape) -> Self {
        Self {
            least: if item.may_be_undefined() {
                0
            } else {
                self.least
            },
            most: if item.is_undefined() {
                Some(0)
            } else {
                self.most
            },
            item: item.defined(),
        }
    }

    /// Some of the items.
    pub(super) fn filtered(self) -> Self {
        Self { least: 0, ..self }
    }

    /// Nothing, the one item, or an array of several.
    pub(super) fn collapse(self) -> Shape {
        let most = self.most.unwrap_or(u64::MAX);
        let mut shape = Shape::never();
        if self.least == 0 {
            shape = shape.or_undefined();
        }
        if most >= 1 && self.least <= 1 {
            shape = shape.join(&self.item);
        }
        if most >= 2 && !self.item.is_never() {
            shape = shape.join(&self.array_of_least(2));
        }
        shape
    }

    /// An array of the items.
    pub(super) fn array(self) -> Shape {
        self.array_of_least(0)
    }

    fn array_of_least(self, least: u64) -> Shape {
        Array {
            prefix: Vec::new(),
            rest: self.item,
            min_items: self.least.max(least),
            max_items: self.most,
        }
        .into()
    }
}

/// The values of all fields.
pub(super) fn wildcard(context: &Shape) -> Shape {
    if context.is_unknown() {
        return Shape::any();
    }
    let mut all = Shape::undefined();
    let items = Sequence::items_of(context).item;
    if items.is_unknown() {
        return Shape::any();
    }
    if let Some(object) = items.as_object() {
        for value in object.fields.values().chain(&object.rest) {
            all = all.join(&flat(value));
        }
    }
    if let Some(array) = items.as_array() {
        all = all.join(&flat(&array.item()));
    }
    if context.as_array().is_some() {
        // The wildcard of an array goes through its items, whatever they are.
        all = all.join(&flat(&items));
    }
    if !all.may_be_defined() {
        // Of nothing but empty arrays, the last one is left.
        return Shape::tuple(Vec::new()).or_undefined();
    }
    let item = all.defined();
    item.join(&Shape::array(item.clone())).or_undefined()
}

fn flat(shape: &Shape) -> Shape {
    let sequence = Sequence::items_of(shape);
    if sequence.item.as_array().is_some() || sequence.item.is_unknown() {
        return Shape::any();
    }
    sequence.item
}

fn times(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(0), _) | (_, Some(0)) => Some(0),
        (Some(one), Some(other)) => one.checked_mul(other),
        _ => None,
    }
}
