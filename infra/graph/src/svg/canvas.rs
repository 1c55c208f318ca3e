//! The text of an SVG document in the making.

use std::fmt::{Arguments, Write as _};

use super::geometry::{Point, number};
use super::text::Font;
use crate::words::legible;

/// What is written so far.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    svg: String,
}

impl Canvas {
    /// Appends what `format_args!` made, and ends the line.
    pub(super) fn add(&mut self, element: Arguments<'_>) {
        let written = writeln!(self.svg, "{element}");
        debug_assert!(written.is_ok(), "memory takes all");
    }

    /// Writes a line of text. It is as wide as it was measured, whatever the reader's font.
    fn text(&mut self, middle: Point, text: &str, font: Font, colour: &str) {
        let weight = if font.bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        self.add(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight} fill=\"{colour}\" text-anchor=\"middle\" \
             textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            number(middle.x),
            number(middle.y + font.size * 0.36),
            number(font.size),
            number(font.width(text)),
            escaped(text)
        ));
    }

    /// Writes lines below each other, the first below `top`.
    pub(super) fn lines<'t>(
        &mut self,
        top: Point,
        lines: impl IntoIterator<Item = (&'t str, Font, &'static str)>,
    ) {
        let mut y = top.y;
        for (line, font, colour) in lines {
            let middle = Point {
                x: top.x,
                y: y + font.leading / 2.0,
            };
            self.text(middle, line, font, colour);
            y += font.leading;
        }
    }

    pub(super) fn finish(self) -> String {
        self.svg
    }
}

/// A text for inside XML elements and attributes.
pub(super) fn escaped(text: &str) -> String {
    let escape = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        letter => letter.to_string(),
    };
    legible(text).chars().map(escape).collect()
}
