//! Figures and foreign text, as people read them.

/// A number with commas between its thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// US dollars: cents, and below one cent hundredths of cents, of which there is at least one.
pub(crate) fn dollars(amount: f64) -> String {
    if amount >= 0.01 || amount == 0.0 {
        return format!("${amount:.2}");
    }
    format!("${:.4}", amount.max(0.0001))
}

/// `1 job`, `2 jobs`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number))
}

/// Text from outside without what would steer a terminal: control characters, and marks that reverse the direction.
pub(crate) fn printable(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|letter| if steers(letter) { ' ' } else { letter })
        .collect()
}

/// The beginning of a text, on one line.
pub(crate) fn shortened(text: &str, length: usize) -> String {
    let line = printable(text);
    if line.chars().count() <= length {
        return line;
    }
    let mut short: String = line.chars().take(length.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_in_thousands() {
        let grouped = [0, 7, 999, 1_000, 100_000, 1_234_567].map(grouped);
        assert_eq!(grouped, ["0", "7", "999", "1,000", "100,000", "1,234,567"]);
    }

    #[test]
    fn small_amounts_are_not_shown_as_nothing() {
        let amounts = [0.0, 12.345, 0.0123, 0.0012, 0.000_01].map(dollars);
        assert_eq!(amounts, ["$0.00", "$12.35", "$0.01", "$0.0012", "$0.0001"]);
    }

    #[test]
    fn foreign_text_does_not_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31m\r\n\u{9b}b\u{202e}c"), "a [31m   b c");
        assert_eq!(shortened("abcdef", 4), "abc…");
        assert_eq!(shortened("abcd", 4), "abcd");
    }
}
