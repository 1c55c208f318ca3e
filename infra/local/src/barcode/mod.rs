//! EAN-13, the barcode on the back of every book: drawn for the sample covers, read by the vision model.

mod lines;
mod reader;

pub(crate) use reader::{Reading, read};

/// Modules of a whole symbol: guards of 3, 5 and 3, and twice six digits of 7.
pub(crate) const MODULES: u8 = 95;
/// Blank modules that a symbol needs on each side; the specification asks for 11 and 7.
pub(crate) const QUIET: u8 = 11;

/// Runs of a digit in the left half with odd parity: white, black, white, black, in modules. The right half has the
/// same runs in the opposite colours; even parity is the same backwards.
const DIGITS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the six left digits have even parity, the first one in the highest bit: it encodes the leading digit.
const PARITIES: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];

/// The last digit of an EAN-13, from the twelve before it.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum();
    // Below ten by construction.
    ((10 - sum % 10) % 10) as u8
}

/// The digits of a text of exactly thirteen with a right check digit.
fn ean(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
    let valid = digits.len() == 13
        && digits.iter().all(|digit| *digit < 10)
        && check_digit(&digits[..12]) == digits[12];
    valid.then_some(digits)
}

/// Whether this is an ISBN-13: thirteen digits, Bookland prefix, right check digit.
pub(crate) fn is_isbn(text: &str) -> bool {
    ean(text).is_some() && (text.starts_with("978") || text.starts_with("979"))
}

/// The modules of a symbol, true for black; `None` when the text is no EAN-13.
pub(crate) fn encode(text: &str) -> Option<[bool; MODULES as usize]> {
    let digits = ean(text)?;
    let mut runs: Vec<u8> = vec![1, 1, 1];
    for (position, digit) in digits[1..7].iter().enumerate() {
        let mut pattern = DIGITS[usize::from(*digit)];
        if PARITIES[usize::from(digits[0])] >> (5 - position) & 1 == 1 {
            pattern.reverse();
        }
        runs.extend(pattern);
    }
    runs.extend([1; 5]);
    runs.extend(
        digits[7..]
            .iter()
            .flat_map(|digit| DIGITS[usize::from(*digit)]),
    );
    runs.extend([1; 3]);

    let mut modules = [false; MODULES as usize];
    let mut at = 0;
    for (index, run) in runs.into_iter().enumerate() {
        let end = at + usize::from(run);
        modules[at..end].fill(index % 2 == 0);
        at = end;
    }
    Some(modules)
}
