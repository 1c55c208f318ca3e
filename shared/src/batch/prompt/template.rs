//! The syntax of templates: `{field}`, `{{` and `}}`, and nothing else of what Python's `str.format` would do.

use std::fmt::{self, Write as _};

use super::Cell;
use crate::batch::json::write_inside;

/// A prompt with places for cells.
///
/// ```
/// use shared::batch::prompt::{Cell, Template};
///
/// let template = Template::parse("Tell a joke about {topic} as {{\"joke\": ...}}.")?;
/// assert_eq!(template.fields(), ["topic"]);
/// assert_eq!(template.render(&[Cell::Text("cats")]), "Tell a joke about cats as {\"joke\": ...}.");
/// # Ok::<(), shared::batch::prompt::TemplateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Segment>,
    fields: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(Literal),
    /// The position of the field's name in `fields`.
    Field(usize),
}

/// A text between placeholders, and what it is within a JSON text: a run writes it millions of times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Literal {
    text: String,
    json: Vec<u8>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When a brace stands alone, or a placeholder is anything but the name of a column.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut template = Self {
            segments: Vec::new(),
            fields: Vec::new(),
        };
        let mut rest = text;
        while let Some(brace) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(brace);
            template.literal(before);
            rest = if let Some(after) = from.strip_prefix("{{") {
                template.literal("{");
                after
            } else if let Some(after) = from.strip_prefix("}}") {
                template.literal("}");
                after
            } else if let Some(inside) = from.strip_prefix('{') {
                let (name, after) = inside.split_once('}').ok_or(TemplateError::Unclosed)?;
                template.field(name)?;
                after
            } else {
                return Err(TemplateError::Unopened);
            };
        }
        template.literal(rest);
        Ok(template)
    }

    /// The columns that the template needs, each once, in the order of their first use.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// The prompt of one row, whose cells are in the order of [`fields`](Self::fields).
    ///
    /// # Panics
    /// When there are fewer cells than fields.
    #[must_use]
    #[expect(clippy::expect_used, reason = "writing to a text cannot fail")]
    pub fn render(&self, cells: &[Cell<'_>]) -> String {
        let mut prompt = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => prompt.push_str(&literal.text),
                Segment::Field(index) => {
                    write!(prompt, "{}", cells[*index]).expect("a text takes all");
                }
            }
        }
        prompt
    }

    /// Appends the prompt as it stands between the quotes of a JSON text. `cell` gives the text of a column.
    pub(in crate::batch) fn write_json<'a>(
        &self,
        cell: impl Fn(&str) -> Option<&'a str>,
        out: &mut Vec<u8>,
    ) {
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => out.extend_from_slice(&literal.json),
                Segment::Field(index) => {
                    write_inside(cell(&self.fields[*index]).unwrap_or_default(), out);
                }
            }
        }
    }

    /// Whether the prompt of a row has nothing but white space.
    pub(in crate::batch) fn is_blank<'a>(&self, cell: impl Fn(&str) -> Option<&'a str>) -> bool {
        let is_blank = |text: &str| text.trim().is_empty();
        self.segments.iter().all(|segment| match segment {
            Segment::Literal(literal) => is_blank(&literal.text),
            Segment::Field(index) => cell(&self.fields[*index]).is_none_or(is_blank),
        })
    }

    fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !matches!(self.segments.last(), Some(Segment::Literal(_))) {
            self.segments.push(Segment::Literal(Literal::default()));
        }
        if let Some(Segment::Literal(last)) = self.segments.last_mut() {
            last.text.push_str(text);
            write_inside(text, &mut last.json);
        }
    }

    fn field(&mut self, name: &str) -> Result<(), TemplateError> {
        if let Some(feature) = feature(name) {
            return Err(TemplateError::Unsupported {
                placeholder: name.to_owned(),
                feature,
            });
        }
        let known = self.fields.iter().position(|field| field == name);
        let index = known.unwrap_or(self.fields.len());
        if known.is_none() {
            self.fields.push(name.to_owned());
        }
        self.segments.push(Segment::Field(index));
        Ok(())
    }
}

/// What `str.format` would make of a placeholder that is not simply the name of a column.
fn feature(name: &str) -> Option<&'static str> {
    // Python looks for these in the order in which they occur.
    let special = name.chars().find_map(|letter| match letter {
        '{' => Some("a placeholder within a placeholder"),
        '.' => Some("an attribute"),
        '[' | ']' => Some("an element"),
        '!' => Some("a conversion"),
        ':' => Some("a format specification"),
        _ => None,
    });
    special.or_else(|| match name {
        "" => Some("a placeholder without a name"),
        _ if name.bytes().all(|byte| byte.is_ascii_digit()) => Some("a position"),
        _ if name.trim() != name => Some("a name with spaces around it"),
        _ => None,
    })
}

/// The template as it was written.
impl fmt::Display for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => {
                    formatter.write_str(&literal.text.replace('{', "{{").replace('}', "}}"))?;
                }
                Segment::Field(index) => write!(formatter, "{{{}}}", self.fields[*index])?,
            }
        }
        Ok(())
    }
}

/// Why a template was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A `{` without its `}`.
    #[error("a `{{` is never closed: write `{{field}}`, or `{{{{` for the brace itself")]
    Unclosed,
    /// A `}` without its `{`.
    #[error("a `}}` closes nothing: write `{{field}}`, or `}}}}` for the brace itself")]
    Unopened,
    /// Something that Python's `str.format` would honour.
    #[error(
        "`{{{placeholder}}}` is {feature}, which templates do not have: write `{{field}}` with the name of a column"
    )]
    Unsupported {
        /// What stands between the braces.
        placeholder: String,
        /// What it would be in Python.
        feature: &'static str,
    },
}
