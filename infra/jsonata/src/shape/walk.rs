//! Steps into a shape.

use std::collections::BTreeSet;

use super::{Object, Shape};
use crate::suggestion::{help, misspelt};

impl Object {
    /// A field: nothing where there cannot be one.
    pub fn field(&self, name: &str) -> Shape {
        let rest = || {
            self.rest
                .clone()
                .map_or_else(Shape::undefined, Shape::or_undefined)
        };
        self.fields.get(name).cloned().unwrap_or_else(rest)
    }
}

impl Shape {
    /// A field of the object it may be; of any other value there is nothing. Arrays are not walked through.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        if self.unknown {
            return Self::any();
        }
        let field = self.object.as_ref().map(|object| object.field(name));
        let other = self.undefined || !self.is_only(&[super::Type::Object]);
        match field {
            Some(field) if other => field.or_undefined(),
            Some(field) => field,
            None if self.is_never() => Self::never(),
            None => Self::undefined(),
        }
    }

    /// The object with this field set; what is no object becomes one.
    #[must_use]
    pub fn with_field(self, name: &str, value: Self) -> Self {
        let unknown = self.unknown;
        let mut object = self.object.map(|object| *object).unwrap_or_default();
        if unknown {
            object.rest = Some(Self::any());
        }
        object.fields.insert(name.to_owned(), value);
        object.into()
    }

    /// An item of the array it may be, by its place; counted from the end when negative.
    #[must_use]
    pub fn item_at(&self, index: i64) -> Self {
        if self.unknown {
            return Self::any();
        }
        let Some(array) = self.array.as_deref() else {
            return Self::undefined();
        };
        if array.max_items == Some(0) {
            return Self::undefined();
        }
        let fixed = array.max_items.filter(|most| *most == array.min_items);
        let place = match (u64::try_from(index), fixed) {
            (Ok(place), _) => Some(place),
            (Err(_), Some(length)) => length.checked_sub(index.unsigned_abs()),
            (Err(_), None) => {
                let certain = index.unsigned_abs() <= array.min_items;
                return if certain {
                    array.item()
                } else {
                    array.item().or_undefined()
                };
            }
        };
        let Some(place) = place else {
            return Self::undefined();
        };
        if array.max_items.is_some_and(|most| place >= most) {
            return Self::undefined();
        }
        let item = array
            .item_at(usize::try_from(place).unwrap_or(usize::MAX))
            .clone();
        if place < array.min_items {
            item
        } else {
            item.or_undefined()
        }
    }

    /// What to do about a field that is not there: a similar name, the same one further inside, or all there are.
    pub fn help_for(&self, name: &str) -> String {
        let names = self.field_names();
        let misspelt = misspelt(name, names.iter().copied());
        // The very name is there in the items of an array, where not every language looks.
        if let Some(meant) = misspelt.filter(|meant| *meant != name) {
            return format!("did you mean `{meant}`?");
        }
        if let Some(inner) = self.place_inside(name) {
            return format!("did you mean `{inner}`?");
        }
        let present = help(
            name,
            names,
            "read something that is there, or declare it in the schema",
        );
        match self.unknown_field() {
            // It may hold the name: the answer in an envelope.
            Some(field) => format!(
                "perhaps it is `{field}.{name}`: what `{field}` holds is not known; else {present}"
            ),
            None => present,
        }
    }

    /// Where the name is one step further inside.
    fn place_inside(&self, name: &str) -> Option<String> {
        let has = |shape: &Self| {
            let object = shape.object.as_ref();
            let field = object.and_then(|object| object.fields.get(name));
            field.is_some_and(Self::may_be_defined)
        };
        if let Some(array) = &self.array {
            if let Some(place) = array.prefix.iter().position(has) {
                return Some(format!("[{place}].{name}"));
            }
            if has(&array.rest) {
                return Some(format!("[*].{name}"));
            }
        }
        let mut fields = self.object.as_ref()?.fields.iter();
        let (field, _) = fields.find(|(_, shape)| has(shape))?;
        Some(format!("{field}.{name}"))
    }

    /// The one field of which nothing is known.
    fn unknown_field(&self) -> Option<&str> {
        let mut unknown = self.object.as_ref()?.fields.iter();
        let (field, _) = unknown.find(|(_, shape)| shape.unknown)?;
        unknown
            .all(|(_, shape)| !shape.unknown)
            .then_some(field.as_str())
    }

    /// The names of the fields that may be there, through arrays too.
    pub fn field_names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        if let Some(object) = &self.object {
            let present = object
                .fields
                .iter()
                .filter(|(_, shape)| shape.may_be_defined());
            names.extend(present.map(|(name, _)| name.as_str()));
        }
        if let Some(array) = &self.array {
            for item in array.prefix.iter().chain([&array.rest]) {
                names.extend(item.field_names());
            }
        }
        names
    }
}
