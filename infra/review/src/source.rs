//! Where what a review speaks of is declared.

use std::collections::BTreeMap;

use asl::Pointer;
use asl::source::Document;
use serde_json::Value;

/// Where what a review speaks of is declared, stack by stack. May be empty.
#[derive(Clone, Debug, Default)]
pub struct SourceLines(BTreeMap<String, Declared>);

/// A template as a file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The file, from where the reader of the review is.
    pub path: String,
    /// What is in it.
    pub document: Document,
}

/// Where a stack is declared.
#[derive(Clone, Debug)]
enum Declared {
    /// In code: lines, as `file:line`, by logical id.
    Code(BTreeMap<String, String>),
    /// In templates, the old and the new one.
    Templates(Box<[SourceFile; 2]>),
}

impl SourceLines {
    /// Knows of no line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A stack declared in code, with a line as `file:line` for each logical id of the new template.
    #[must_use]
    pub fn of_code(stack: &str, lines: BTreeMap<String, String>) -> Self {
        Self(BTreeMap::from([(stack.to_owned(), Declared::Code(lines))]))
    }

    /// A stack of two files, the old and the new one. What is in the new one is found there, and the rest in the old one.
    #[must_use]
    pub fn of_templates(stack: &str, files: [SourceFile; 2]) -> Self {
        let declared = Declared::Templates(Box::new(files));
        Self(BTreeMap::from([(stack.to_owned(), declared)]))
    }

    /// Adds the stacks that others know of.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn of(&self, stack: &str) -> StackLines<'_> {
        StackLines(self.0.get(stack))
    }
}

/// Where one stack is declared.
#[derive(Clone, Copy)]
pub(crate) struct StackLines<'a>(Option<&'a Declared>);

impl StackLines<'_> {
    /// The line of a resource, or of what `path` names in it, as far as that can be followed.
    pub(crate) fn resource(self, logical_id: &str, path: &str) -> Option<String> {
        match self.0? {
            Declared::Code(lines) => lines.get(logical_id).cloned(),
            Declared::Templates(files) => find(files, &["Resources", logical_id], path),
        }
    }

    /// The line of something beside the resources; `name` is empty where the section has no names.
    pub(crate) fn section(self, section: &str, name: &str, path: &str) -> Option<String> {
        match self.0? {
            Declared::Code(_) => None,
            Declared::Templates(files) if name.is_empty() => find(files, &[section], path),
            Declared::Templates(files) => find(files, &[section, name], path),
        }
    }
}

fn find([old, new]: &[SourceFile; 2], names: &[&str], path: &str) -> Option<String> {
    new.find(names, path).or_else(|| old.find(names, path))
}

impl SourceFile {
    fn find(&self, names: &[&str], path: &str) -> Option<String> {
        let root = (&self.document.value, Pointer::root());
        let (value, place) = names.iter().try_fold(root, |(value, place), name| {
            Some((value.get(*name)?, place.member(name)))
        })?;
        let line = self.document.line(&followed(value, place, path));
        Some(format!("{}:{line}", self.path))
    }
}

/// Follows a path such as `Properties.Tags[stage].Value` as far as the template has it. What functions or conditions give is
/// not looked into, so the path ends at them.
fn followed(value: &Value, place: Pointer, path: &str) -> Pointer {
    match step(value, path) {
        Some((step, value, rest)) => followed(value, step.from(&place), rest),
        None => place,
    }
}

enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl Step<'_> {
    fn from(&self, place: &Pointer) -> Pointer {
        match self {
            Self::Member(name) => place.member(name),
            Self::Item(number) => place.item(*number),
        }
    }
}

/// The next step on a path, what is there, and the rest of the path.
fn step<'a, 'p>(value: &'a Value, path: &'p str) -> Option<(Step<'a>, &'a Value, &'p str)> {
    match value {
        Value::Object(members) => {
            let path = path.strip_prefix('.').unwrap_or(path);
            let after = |name: &str| {
                let rest = path.strip_prefix(name).filter(|_| !name.is_empty())?;
                (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
            };
            // A name may have dots itself, so the longest counts.
            let found = (members.iter())
                .filter_map(|(name, value)| Some((Step::Member(name), value, after(name)?)));
            found.min_by_key(|(_, _, rest)| rest.len())
        }
        Value::Array(items) => {
            let path = path.strip_prefix('[')?;
            let named = items.iter().enumerate().find_map(|(number, item)| {
                Some((Step::Item(number), item, after_name(item, path)?))
            });
            named.or_else(|| {
                let (number, rest) = path.split_once(']')?;
                let number = number.parse().ok()?;
                Some((Step::Item(number), items.get(number)?, rest))
            })
        }
        _ => None,
    }
}

/// What follows on the name of an item that has one, such as a tag or a column.
fn after_name<'p>(item: &Value, path: &'p str) -> Option<&'p str> {
    let names = ["Key", "Name"].into_iter();
    let mut names = names.filter_map(|name| item.get(name)?.as_str());
    names.find_map(|name| path.strip_prefix(name)?.strip_prefix(']'))
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, SourceLines};

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            document: asl::source::read(text).unwrap(),
        }
    }

    const OLD: &str = r#"{"Resources": {
  "Gone": {"Type": "AWS::SQS::Queue"}
}}"#;

    const NEW: &str = "Parameters:
  Stage:
    Type: String
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      a: 1
      a.b: 2
      Tags:
        - Key: cost
          Value: x
        - Key: stage
          Value: y
      Names:
        - one
        - two
      Policy: !If [Live, {A: 1}, {A: 2}]
";

    #[test]
    fn paths_are_followed_as_far_as_they_lead() {
        let lines =
            SourceLines::of_templates("shop", [file("old.json", OLD), file("new.yaml", NEW)]);
        let lines = lines.of("shop");
        for (path, line) in [
            ("", 5),
            ("LogicalId", 5),
            ("Properties", 7),
            ("Properties.a", 8),
            ("Properties.a.c", 8),
            ("Properties.a.b", 9),
            ("Properties.a.b.c", 9),
            ("Properties.Tags[stage].Value", 14),
            ("Properties.Tags[other].Value", 10),
            ("Properties.Names[1]", 17),
            ("Properties.Names[9]", 15),
            ("Properties.Policy.A", 18),
        ] {
            let found = lines.resource("Queue", path);
            assert_eq!(found, Some(format!("new.yaml:{line}")), "{path}");
        }
        assert_eq!(
            lines.resource("Gone", "DeletionPolicy").unwrap(),
            "old.json:2"
        );
        assert_eq!(lines.resource("Never", ""), None);
        assert_eq!(
            lines.section("Parameters", "Stage", "").unwrap(),
            "new.yaml:2"
        );
        assert_eq!(lines.section("Description", "", ""), None);
    }

    #[test]
    fn a_stack_has_its_own_lines() {
        let of = |stack: &str, line: &str| {
            SourceLines::of_code(stack, [("Queue".to_owned(), line.to_owned())].into())
        };
        let mut lines = of("one", "one.rs:1");
        lines.extend(of("two", "two.rs:2"));
        let found = ["one", "two", "three"].map(|stack| lines.of(stack).resource("Queue", ""));
        let expected = [
            Some("one.rs:1".to_owned()),
            Some("two.rs:2".to_owned()),
            None,
        ];
        assert_eq!(found, expected);
    }
}
