//! Whether a value, or every value of another shape, has a shape.

use serde_json::Value;

use super::{Array, Object, Shape, Text};

impl Shape {
    /// Whether this value has the shape.
    pub fn contains(&self, value: &Value) -> bool {
        Self::of_value(value).fits(self)
    }

    /// Whether every value of this shape is one of the other.
    pub fn fits(&self, other: &Self) -> bool {
        if self.undefined && !other.undefined || self.function && !other.function {
            return false;
        }
        if other.unknown {
            return true;
        }
        !(self.unknown
            || self.null && !other.null
            || self.boolean && !other.boolean
            || self.number && !other.number)
            && part(self.text.as_ref(), other.text.as_ref(), Text::fits)
            && part(self.array.as_deref(), other.array.as_deref(), Array::fits)
            && part(
                self.object.as_deref(),
                other.object.as_deref(),
                Object::fits,
            )
    }

    /// Whether some value may have both shapes. Nothing at all does not count.
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.unknown || other.unknown {
            return self.may_be_defined() && other.may_be_defined();
        }
        self.null && other.null
            || self.boolean && other.boolean
            || self.number && other.number
            || both(self.text.as_ref(), other.text.as_ref(), Text::overlaps)
            || self.array.is_some() && other.array.is_some()
            || self.object.is_some() && other.object.is_some()
    }
}

impl Text {
    fn fits(&self, other: &Self) -> bool {
        if let Some(allowed) = &other.values {
            return self
                .values
                .as_ref()
                .is_some_and(|values| values.is_subset(allowed));
        }
        no_more(self.max_length, other.max_length)
    }

    fn overlaps(&self, other: &Self) -> bool {
        match (&self.values, &other.values) {
            (Some(mine), Some(others)) => !mine.is_disjoint(others),
            _ => true,
        }
    }
}

impl Array {
    fn fits(&self, other: &Self) -> bool {
        let places = self.prefix.len().max(other.prefix.len());
        // Places beyond the last item are empty, whatever the shapes say of them.
        let used = usize::try_from(self.max_items.unwrap_or(u64::MAX))
            .map_or(places, |most| places.min(most));
        self.min_items >= other.min_items
            && no_more(self.max_items, other.max_items)
            && (0..used).all(|index| self.item_at(index).fits(other.item_at(index)))
            && self.rest.fits(&other.rest)
    }
}

impl Object {
    fn fits(&self, other: &Self) -> bool {
        let missing = Shape::undefined();
        let field_fits = |(name, shape): (&String, &Shape)| {
            let rest = other.rest.as_ref().unwrap_or(&missing);
            shape.fits(other.fields.get(name).unwrap_or(rest))
        };
        let rest = self.rest.as_ref().unwrap_or(&missing);
        let absent_fit =
            |(name, shape): (&String, &Shape)| self.fields.contains_key(name) || rest.fits(shape);
        self.fields.iter().all(field_fits)
            && other.fields.iter().all(absent_fit)
            && rest.fits(other.rest.as_ref().unwrap_or(&missing))
    }
}

fn part<T>(one: Option<&T>, other: Option<&T>, fits: impl FnOnce(&T, &T) -> bool) -> bool {
    match (one, other) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(other)) => fits(one, other),
    }
}

fn both<T>(one: Option<&T>, other: Option<&T>, check: impl FnOnce(&T, &T) -> bool) -> bool {
    one.zip(other).is_some_and(|(one, other)| check(one, other))
}

fn no_more(one: Option<u64>, other: Option<u64>) -> bool {
    other.is_none_or(|most| one.is_some_and(|length| length <= most))
}
