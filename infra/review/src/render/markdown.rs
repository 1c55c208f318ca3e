//! For a comment on a pull request.
//!
//! Counts and destruction come first, in the open; everything else is folded away, a stack each. A comment of GitHub takes
//! 65,536 characters (its API refuses longer bodies): what does not fit is left out at the end, and the end says so.

use std::fmt::Write as _;

use super::rows::{Block, Level, Row, blocks, counts};
use crate::SourceLines;
use crate::model::{Review, StackReview};

/// Most characters of a comment.
const BUDGET: usize = 65_536;

/// What the last lines may take.
const RESERVE: usize = 400;

/// By this a later run finds the comment that it has to replace.
const MARKER: &str = "<!-- infra diff -->";

pub(super) fn write(review: &Review, lines: &SourceLines) -> String {
    let mut page = Page::default();
    page.add(MARKER);
    if review.stacks.is_empty() {
        page.add("**The templates do not change.**");
        return page.text;
    }
    let stacks = review.stacks.len();
    let noun = if stacks == 1 {
        "stack changes"
    } else {
        "stacks change"
    };
    page.add(&format!("**{stacks} {noun}: {}**", counts(&review.summary)));
    // What is lost stands in the open, above the rest.
    let (mut lost, mut folded) = (Vec::new(), Vec::new());
    for stack in &review.stacks {
        let is_lost = |block: &Block| block.level == Level::Error;
        let (open, rest): (Vec<_>, Vec<_>) = blocks(stack, lines).into_iter().partition(is_lost);
        lost.extend(open);
        folded.push((stack, rest));
    }
    lost.sort_by_key(|block| block.title);
    page.add_losses(&lost);
    for (stack, blocks) in folded.iter().filter(|(_, blocks)| !blocks.is_empty()) {
        page.add_folded(stack, blocks);
    }
    page.finish()
}

/// Text that stays within its budget.
#[derive(Default)]
struct Page {
    text: String,
    /// Characters so far.
    length: usize,
    /// Rows that found no room.
    left_out: usize,
}

impl Page {
    /// Whether there was room. After the first line that found none there is none any more: the order says what matters.
    fn add(&mut self, line: &str) -> bool {
        if self.left_out > 0 || self.length + line.chars().count() + 1 > BUDGET - RESERVE {
            return false;
        }
        self.push(line);
        true
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.length += line.chars().count() + 1;
    }

    /// Blocks of one title are one box.
    fn add_losses(&mut self, lost: &[Block]) {
        for blocks in lost.chunk_by(|one, next| one.title == next.title) {
            let title = sentence(blocks[0].title);
            self.add(&format!("\n> [!CAUTION]\n> **{title}**"));
            for row in blocks.iter().flat_map(|block| &block.rows) {
                self.add_row(row, "> ");
            }
        }
    }

    fn add_folded(&mut self, stack: &StackReview, blocks: &[Block]) {
        let (name, counts) = (entities(&stack.name), counts(&stack.summary));
        let opening = format!("\n<details><summary><b>{name}</b>: {counts}</summary>");
        if !self.add(&opening) {
            self.left_out += blocks.iter().map(|block| block.rows.len()).sum::<usize>();
            return;
        }
        for block in blocks {
            self.add(&format!("\n#### {}\n", block.title));
            for row in &block.rows {
                self.add_row(row, "");
            }
        }
        // There is always room for this: it is part of the reserve.
        self.push("\n</details>");
    }

    fn add_row(&mut self, row: &Row, quote: &str) {
        let mut text = format!(
            "{quote}- `{}` {} ({}): {}",
            row.mark,
            code(&row.subject),
            code(&row.kind),
            prose(&row.verdict)
        );
        for value in &row.values {
            let _ = write!(text, "\n{quote}  - {}", code(value));
        }
        for reason in &row.reasons {
            let _ = write!(text, "\n{quote}  - because {}", prose(reason));
        }
        if let Some(source) = &row.source {
            let _ = write!(text, "\n{quote}  - at {}", code(source));
        }
        if !self.add(&text) {
            self.left_out += 1;
        }
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let note = format!(
                "\n**{} rows are left out: a comment takes no more than {BUDGET} characters. The whole review: `cargo infra diff`.**",
                self.left_out
            );
            self.push(&note);
        }
        self.text
    }
}

fn sentence(title: &str) -> String {
    let mut letters = title.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}

/// Text that is no markup of HTML, and mentions nobody.
fn entities(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// Text that is no markup of Markdown either. Backticks stay: our own words put names between them.
fn prose(text: &str) -> String {
    let mut escaped = String::new();
    for letter in entities(text).chars() {
        if "*_[]~|\\".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Text as code: fenced by more backticks than it has in a row.
fn code(text: &str) -> String {
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{blank}{text}{blank}{fence}")
}
