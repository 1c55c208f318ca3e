//! Sorted texts of many lines, of which one look-up reads a few.

/// The rest of a text from its first line on that is not `before` what is wanted.
///
/// The lines are sorted, so this is a binary search. Every line ends with a line feed.
pub(crate) fn skip_lines(text: &'static str, before: impl Fn(&str) -> bool) -> &'static str {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let start = start_of_line(text, low, low.midpoint(high));
        let line = first_line(&text[start..]);
        if before(line) {
            low = start + line.len() + 1;
        } else {
            high = start;
        }
    }
    &text[low..]
}

/// The text up to the first line feed.
pub(crate) fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// Where the line around `position` starts, at `low` at the earliest.
fn start_of_line(text: &str, low: usize, position: usize) -> usize {
    let before = &text[low..text.floor_char_boundary(position)];
    before.rfind('\n').map_or(low, |feed| low + feed + 1)
}

#[cfg(test)]
mod tests {
    use super::skip_lines;

    #[test]
    fn starts_at_the_first_line_that_is_not_before() {
        let text = "a\nbb\nbb\nd\n";
        for (wanted, rest) in [
            ("", text),
            ("a", text),
            ("b", "bb\nbb\nd\n"),
            ("bb", "bb\nbb\nd\n"),
            ("c", "d\n"),
            ("e", ""),
        ] {
            assert_eq!(skip_lines(text, |line| line < wanted), rest, "{wanted}");
        }
        assert_eq!(skip_lines("", |_| true), "");
    }
}
