//! For a terminal. It reads the same without colours.

use std::fmt::Write as _;

use super::rows::{Block, Level, Row, blocks, counts};
use crate::SourceLines;
use crate::model::Review;

/// Writes the review as lines; in colour where the terminal has colours.
pub(super) fn write(review: &Review, lines: &SourceLines, colour: bool) -> String {
    let paint = Paint(colour);
    if review.stacks.is_empty() {
        return "no changes\n".to_owned();
    }
    let mut out = String::new();
    for stack in &review.stacks {
        let title = paint.in_colour("1", &stack.name);
        let _ = writeln!(out, "{title}: {}", counts(&stack.summary));
        for block in blocks(stack, lines) {
            write_block(&block, paint, &mut out);
        }
        out.push('\n');
    }
    if review.stacks.len() > 1 {
        let _ = writeln!(
            out,
            "{} stacks: {}",
            review.stacks.len(),
            counts(&review.summary)
        );
    }
    out
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn in_colour(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn level(self, level: Level, text: &str) -> String {
        match level {
            Level::Error => self.in_colour("1;31", text),
            Level::Warning => self.in_colour("33", text),
            Level::Note => self.in_colour("2", text),
        }
    }
}

fn write_block(block: &Block, paint: Paint, out: &mut String) {
    // Destruction must be seen without colours, too.
    let title = match block.level {
        Level::Error => block.title.to_uppercase(),
        Level::Warning | Level::Note => block.title.to_owned(),
    };
    let _ = writeln!(out, "\n  {}", paint.level(block.level, &title));
    let width = |of: fn(&Row) -> &str| {
        block
            .rows
            .iter()
            .map(|row| of(row).chars().count())
            .max()
            .unwrap_or_default()
    };
    let (subjects, kinds) = (width(|row| &row.subject), width(|row| &row.kind));
    for row in &block.rows {
        let verdict = paint.level(block.level, &row.verdict);
        let _ = writeln!(
            out,
            "  {} {:subjects$}  {:kinds$}  {verdict}",
            row.mark, row.subject, row.kind
        );
        for value in &row.values {
            let _ = writeln!(out, "      {value}");
        }
        for reason in &row.reasons {
            let _ = writeln!(out, "      because {reason}");
        }
        if let Some(source) = &row.source {
            let _ = writeln!(out, "      at {source}");
        }
    }
}
