//! How wide texts are, and how they are broken into lines.
//!
//! Nobody knows the reader's fonts when a picture is made. Widths are those of Helvetica and Arial, and every line of the
//! picture says how wide it is (`textLength`), so that another font is set closer or wider instead of leaving its box.

/// Widths of the printable ASCII letters from space to `~`, in thousandths of the font size: Helvetica's metrics.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A size of text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) bold: bool,
    /// From one line to the next.
    pub(super) leading: f64,
}

/// Names of nodes.
pub(super) const TITLE: Font = Font {
    size: 13.0,
    bold: true,
    leading: 17.0,
};
/// What else stands in nodes.
pub(super) const NOTE: Font = Font {
    size: 11.0,
    bold: false,
    leading: 14.0,
};
/// What stands on arrows.
pub(super) const LABEL: Font = Font {
    size: 11.0,
    bold: false,
    leading: 14.0,
};
/// The name of the picture.
pub(super) const HEADING: Font = Font {
    size: 16.0,
    bold: true,
    leading: 22.0,
};

impl Font {
    /// How wide a text is.
    pub(super) fn width(self, text: &str) -> f64 {
        let thousandths: f64 = text.chars().map(letter).sum();
        let bold = if self.bold { 1.07 } else { 1.0 };
        thousandths * self.size * bold / 1000.0
    }

    /// Breaks a text into lines that are at most so wide: at spaces, or else after a sign, or else anywhere.
    pub(super) fn wrap(self, text: &str, most: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&longer) <= most {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.broken(word, most, &mut lines);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Pushes all but the last piece of a word that may be too long.
    fn broken(self, word: &str, most: f64, lines: &mut Vec<String>) -> String {
        let mut rest = word;
        while self.width(rest) > most {
            let fits = self.fitting(rest, most);
            let at = rest[..fits]
                .rfind(['/', ':', '.', '-', '_', ','])
                .map_or(fits, |sign| sign + 1);
            lines.push(rest[..at].to_owned());
            rest = &rest[at..];
        }
        rest.to_owned()
    }

    /// How many bytes of a text fit, one letter at least.
    fn fitting(self, text: &str, most: f64) -> usize {
        let ends = text
            .char_indices()
            .map(|(start, letter)| start + letter.len_utf8());
        let mut fits = 0;
        for end in ends {
            if fits > 0 && self.width(&text[..end]) > most {
                break;
            }
            fits = end;
        }
        fits
    }
}

fn letter(letter: char) -> f64 {
    let index = u32::from(letter).wrapping_sub(32) as usize;
    match WIDTHS.get(index) {
        Some(width) => f64::from(*width),
        // From here on there are the wide scripts of East Asia, and pictograms.
        None if letter >= '\u{1100}' => 1000.0,
        None => 600.0,
    }
}
