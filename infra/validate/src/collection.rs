//! Lists, maps and tags.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use spec::Shape;

use crate::code;
use crate::expression::Expression;
use crate::path::Path;
use crate::schema::Walk;

impl Walk<'_, '_> {
    pub(crate) fn tag(&mut self, tag: &Map<String, Value>, path: Path<'_>) {
        for key in ["Key", "Value"] {
            if !tag.contains_key(key) {
                let message = format!("a tag without `{key}`");
                self.findings.error(
                    code::REQUIRED,
                    path,
                    message,
                    "write {\"Key\": ..., \"Value\": ...}",
                );
            }
        }
        for (key, value) in tag {
            let path = path.key(key);
            match (key.as_str(), Expression::from(value)) {
                (
                    "Key" | "Value",
                    Expression::Literal(value @ (Value::Object(_) | Value::Array(_))),
                ) => {
                    self.wrong_type("a text", value, path);
                }
                ("Key" | "Value", _) => {}
                _ => {
                    let message = format!("a tag has no `{key}`");
                    self.findings.error(
                        code::UNKNOWN_PROPERTY,
                        path,
                        message,
                        "write {\"Key\": ..., \"Value\": ...}",
                    );
                }
            }
        }
    }

    pub(crate) fn list(&mut self, items: &'static Shape, list: &[Value], path: Path<'_>) {
        for (index, item) in list.iter().enumerate() {
            self.shape(items, item, path.index(index));
        }
        if matches!(items, Shape::Tag) {
            self.unique_tag_keys(list, path);
        }
    }

    fn unique_tag_keys(&mut self, list: &[Value], path: Path<'_>) {
        let mut seen = BTreeSet::new();
        for (index, key) in list
            .iter()
            .enumerate()
            .filter_map(|(index, tag)| Some((index, tag.get("Key")?)))
        {
            if !seen.insert(key.to_string()) {
                let message = format!("the tag {key} is set twice");
                self.findings.error(
                    code::UNIQUE,
                    path.index(index),
                    message,
                    "keep one of the two",
                );
            }
        }
    }

    /// Items that a condition may take away count for the maximum's benefit only.
    pub(crate) fn item_count(
        &mut self,
        list: &[Value],
        (least, most): (Option<u64>, Option<u64>),
        path: Path<'_>,
    ) {
        let removable = |item: &&Value| {
            matches!(
                Expression::from(*item),
                Expression::NoValue | Expression::If(..)
            )
        };
        let certain = list.len() - list.iter().filter(removable).count();
        let possible = list
            .iter()
            .filter(|item| !matches!(Expression::from(*item), Expression::NoValue))
            .count();
        if let Some(least) = least.filter(|least| (possible as u64) < *least) {
            let message = format!("{possible} items; at least {least} are needed");
            self.findings.error(
                code::ITEMS,
                path,
                message,
                "add items, or leave the list out if it is optional",
            );
        }
        if let Some(most) = most.filter(|most| certain as u64 > *most) {
            let message = format!("{certain} items; at most {most} are allowed");
            self.findings
                .error(code::ITEMS, path, message, "remove items");
        }
    }

    pub(crate) fn unique(&mut self, list: &[Value], path: Path<'_>) {
        let mut seen = BTreeSet::new();
        for (index, item) in list.iter().enumerate() {
            if !seen.insert(item.to_string()) {
                let message = format!("the item {item} is there twice");
                self.findings.error(
                    code::UNIQUE,
                    path.index(index),
                    message,
                    "keep one of the two",
                );
            }
        }
    }

    pub(crate) fn map(
        &mut self,
        values: &'static Shape,
        key_pattern: Option<&'static str>,
        entries: &Map<String, Value>,
        path: Path<'_>,
    ) {
        for (key, value) in entries {
            let path = path.entry(key);
            if let Some(pattern) = key_pattern
                && self.patterns.is_match(pattern, key) == Some(false)
            {
                let message = format!("the key `{key}` does not match {pattern}");
                self.findings
                    .error(code::PATTERN, path, message, "rename the key");
            }
            self.shape(values, value, path);
        }
    }
}
