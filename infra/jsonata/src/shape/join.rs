//! The shape of "either this or that".

use std::collections::BTreeSet;

use super::{Array, Object, Shape, Text};

/// How two shapes are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The smallest shape that holds both.
    Join,
    /// A larger one where the second has grown beyond the first, so that repeated joining ends.
    Widen,
}

impl Shape {
    /// Either this or that.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        self.put_together(other, Mode::Join)
    }

    /// Either this or that, and where `other` has grown beyond `self`, anything: joining in a loop this way ends.
    #[must_use]
    pub fn widen(&self, other: &Self) -> Self {
        self.put_together(other, Mode::Widen)
            .no_deeper_than(self.depth())
    }

    /// How many arrays and objects are in one another.
    fn depth(&self) -> usize {
        let array = self.array.as_ref().map(|array| {
            let items = array.prefix.iter().chain([&array.rest]);
            1 + items.map(Self::depth).max().unwrap_or(0)
        });
        let object = self.object.as_ref().map(|object| {
            let fields = object.fields.values().chain(&object.rest);
            1 + fields.map(Self::depth).max().unwrap_or(0)
        });
        array.max(object).unwrap_or(0)
    }

    fn put_together(&self, other: &Self, mode: Mode) -> Self {
        let undefined = self.undefined || other.undefined;
        let not_required = self
            .not_required
            .clone()
            .or_else(|| other.not_required.clone());
        let function = self.function || other.function;
        if self.unknown || other.unknown {
            return Self {
                unknown: true,
                undefined,
                not_required,
                function,
                ..Self::default()
            };
        }
        Self {
            unknown: false,
            undefined,
            not_required,
            function,
            null: self.null || other.null,
            boolean: self.boolean || other.boolean,
            number: self.number || other.number,
            text: either(self.text.as_ref(), other.text.as_ref(), |a, b| {
                a.put_together(b, mode)
            }),
            array: either(self.array.as_ref(), other.array.as_ref(), |a, b| {
                Box::new(a.put_together(b, mode))
            }),
            object: either(self.object.as_ref(), other.object.as_ref(), |a, b| {
                Box::new(a.put_together(b, mode))
            }),
        }
    }

    fn no_deeper_than(self, depth: usize) -> Self {
        if self.array.is_none() && self.object.is_none() {
            return self;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return Self {
                undefined: self.undefined,
                not_required: self.not_required,
                ..Self::json()
            };
        };
        Self {
            array: self.array.map(|array| {
                Box::new(Array {
                    prefix: array
                        .prefix
                        .into_iter()
                        .map(|item| item.no_deeper_than(depth))
                        .collect(),
                    rest: array.rest.no_deeper_than(depth),
                    ..*array
                })
            }),
            object: self.object.map(|object| {
                let cut = |(name, field): (String, Self)| (name, field.no_deeper_than(depth));
                Box::new(Object {
                    fields: object.fields.into_iter().map(cut).collect(),
                    rest: object.rest.map(|rest| rest.no_deeper_than(depth)),
                })
            }),
            ..self
        }
    }
}

impl Text {
    fn put_together(&self, other: &Self, mode: Mode) -> Self {
        if let (Some(mine), Some(theirs)) = (&self.values, &other.values) {
            let values: BTreeSet<String> = mine.union(theirs).cloned().collect();
            return Self::one_of(values);
        }
        Self {
            values: None,
            max_length: larger(self.max_length, other.max_length, mode),
        }
    }
}

impl Array {
    fn put_together(&self, other: &Self, mode: Mode) -> Self {
        if mode == Mode::Widen && self.prefix.len() != other.prefix.len() {
            return Self {
                prefix: Vec::new(),
                rest: self.item().put_together(&other.item(), mode),
                min_items: self.min_items.min(other.min_items),
                max_items: larger(self.max_items, other.max_items, mode),
            };
        }
        let length = self.prefix.len().max(other.prefix.len());
        let items =
            (0..length).map(|index| self.item_at(index).put_together(other.item_at(index), mode));
        Self {
            prefix: items.collect(),
            rest: self.rest.put_together(&other.rest, mode),
            min_items: self.min_items.min(other.min_items),
            max_items: larger(self.max_items, other.max_items, mode),
        }
    }
}

impl Object {
    fn put_together(&self, other: &Self, mode: Mode) -> Self {
        let missing = Shape::undefined();
        let side = |object: &Self, name: &str| {
            let rest = object.rest.as_ref().unwrap_or(&missing);
            object.fields.get(name).unwrap_or(rest).clone()
        };
        let names: BTreeSet<&String> = self.fields.keys().chain(other.fields.keys()).collect();
        let field = |name: &String| {
            let (mine, theirs) = (side(self, name), side(other, name));
            (name.clone(), mine.put_together(&theirs, mode))
        };
        Self {
            fields: names.into_iter().map(field).collect(),
            rest: either(self.rest.as_ref(), other.rest.as_ref(), |a, b| {
                a.put_together(b, mode)
            }),
        }
    }
}

fn either<T: Clone>(
    one: Option<&T>,
    other: Option<&T>,
    both: impl FnOnce(&T, &T) -> T,
) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(both(one, other)),
        (one, other) => one.or(other).cloned(),
    }
}

fn larger(one: Option<u64>, other: Option<u64>, mode: Mode) -> Option<u64> {
    let (one, other) = (one?, other?);
    if mode == Mode::Widen && other > one {
        return None;
    }
    Some(one.max(other))
}
