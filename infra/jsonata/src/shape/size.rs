//! How large a value may be as JSON.

use super::{Array, Object, Shape, Text};

/// The longest text of a double: `-1.7976931348623157e308`, with room for its sign in the exponent.
const NUMBER: u64 = 24;
/// A control character is written `\u0000`; no character takes more.
const CHARACTER: u64 = 6;

impl Shape {
    /// Bytes of the largest value, written as JSON without blanks; none when there is no bound.
    pub fn max_bytes(&self) -> Option<u64> {
        if self.unknown {
            return None;
        }
        let flags = [(self.null, 4), (self.boolean, 5), (self.number, NUMBER)];
        let simple = flags
            .into_iter()
            .filter_map(|(may_be, bytes)| may_be.then_some(bytes));
        let mut most = simple.max().unwrap_or(0);
        if let Some(text) = &self.text {
            most = most.max(text.max_bytes()?);
        }
        if let Some(array) = &self.array {
            most = most.max(array.max_bytes()?);
        }
        if let Some(object) = &self.object {
            most = most.max(object.max_bytes()?);
        }
        Some(most)
    }
}

impl Text {
    fn max_bytes(&self) -> Option<u64> {
        if let Some(values) = &self.values {
            return Some(values.iter().map(|value| quoted(value)).max().unwrap_or(0));
        }
        self.max_length?.checked_mul(CHARACTER)?.checked_add(2)
    }
}

impl Array {
    fn max_bytes(&self) -> Option<u64> {
        let items = self.max_items?;
        let mut bytes = 2_u64.checked_add(items.saturating_sub(1))?;
        let mut left = items;
        for item in self.prefix.iter().take(usize::try_from(items).ok()?) {
            bytes = bytes.checked_add(item.max_bytes()?)?;
            left -= 1;
        }
        if left == 0 {
            return Some(bytes);
        }
        bytes.checked_add(self.rest.max_bytes()?.checked_mul(left)?)
    }
}

impl Object {
    fn max_bytes(&self) -> Option<u64> {
        if self.rest.as_ref().is_some_and(Shape::may_be_defined) {
            return None;
        }
        let present = self
            .fields
            .iter()
            .filter(|(_, shape)| shape.may_be_defined());
        let mut bytes = 2_u64;
        for (index, (name, shape)) in present.enumerate() {
            let comma = u64::from(index > 0);
            bytes = bytes
                .checked_add(comma + quoted(name) + 1)?
                .checked_add(shape.max_bytes()?)?;
        }
        Some(bytes)
    }
}

fn quoted(text: &str) -> u64 {
    serde_json::Value::from(text).to_string().len() as u64
}
