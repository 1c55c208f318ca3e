//! Finds and reads an EAN-13 in an image, in any of the four upright orientations.

use std::collections::BTreeMap;

use image::GrayImage;

use super::{DIGITS, MODULES, PARITIES, check_digit, is_isbn, lines};

/// Runs of a whole symbol: guards of 3, 5 and 3, and twelve digits of 4.
const RUNS: usize = 3 + 6 * 4 + 5 + 6 * 4 + 3;
/// How far the runs of a digit may be off, summed, in modules.
const TOLERANCE: f32 = 1.6;
/// The same for the second best digit less the best: closer is ambiguous.
const DISTINCTION: f32 = 0.25;
/// Fewer lines than this may be a chance pattern.
const LEAST_LINES: u32 = 3;

/// A barcode that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// ISBN-13, digits only.
    pub(crate) isbn: String,
    /// How much of the symbol's height could be read, 0 to 1: lines that gave this number, of the lines from the
    /// first that did to the last.
    pub(crate) agreement: f64,
}

/// Lines that gave a number.
#[derive(Debug, Clone, Copy)]
struct Votes {
    count: u32,
    first: u32,
    last: u32,
}

/// Scans every row and every column, both ways. `None` when there is no ISBN that enough lines agree on.
pub(crate) fn read(pixels: &GrayImage) -> Option<Reading> {
    let rows = pixels
        .rows()
        .map(|row| row.map(|pixel| pixel.0[0]).collect::<Vec<u8>>());
    let columns = (0..pixels.width()).map(|x| {
        (0..pixels.height())
            .map(|y| pixels.get_pixel(x, y).0[0])
            .collect::<Vec<u8>>()
    });
    let best = best(rows)
        .into_iter()
        .chain(best(columns))
        .max_by_key(|(_, votes)| votes.count)?;
    let (isbn, votes) = best;
    let height = votes.last - votes.first + 1;
    Some(Reading {
        isbn,
        agreement: f64::from(votes.count) / f64::from(height),
    })
}

/// The number that most of the lines gave.
fn best(lines: impl Iterator<Item = Vec<u8>>) -> Option<(String, Votes)> {
    let mut ballot: BTreeMap<String, Votes> = BTreeMap::new();
    for (index, line) in (0..).zip(lines) {
        if let Some(isbn) = scan(&line) {
            let votes = ballot.entry(isbn).or_insert(Votes {
                count: 0,
                first: index,
                last: index,
            });
            votes.count += 1;
            votes.last = index;
        }
    }
    ballot
        .into_iter()
        .filter(|(_, votes)| votes.count >= LEAST_LINES)
        .max_by_key(|(_, votes)| votes.count)
}

/// The ISBN on this line, read from either end.
fn scan(line: &[u8]) -> Option<String> {
    let mut runs = lines::runs(line);
    if runs.len() < RUNS + 1 {
        return None;
    }
    find(&runs).or_else(|| {
        // Backwards the first run must be white again.
        if runs.len().is_multiple_of(2) {
            runs.push(0.0);
        }
        runs.reverse();
        find(&runs)
    })
}

/// Tries every black run that could begin a symbol.
fn find(runs: &[f32]) -> Option<String> {
    (1..runs.len().saturating_sub(RUNS - 1))
        .step_by(2)
        .find_map(|start| {
            let symbol = &runs[start..start + RUNS];
            let module = symbol.iter().sum::<f32>() / f32::from(MODULES);
            // A quiet zone before it, narrower than the specification's: covers crop it.
            let quiet = runs[start - 1] > 4.0 * module;
            let guards = [0, 1, 2, 27, 28, 29, 30, 31, 56, 57, 58]
                .iter()
                .all(|guard| (symbol[*guard] - module).abs() < 0.7 * module);
            (quiet && guards).then(|| decode(symbol)).flatten()
        })
}

fn decode(symbol: &[f32]) -> Option<String> {
    let mut digits = vec![0];
    let mut parity = 0;
    for group in symbol[3..27].chunks(4) {
        let (digit, even) = digit(group)?;
        digits.push(digit);
        parity = parity << 1 | u8::from(even);
    }
    for group in symbol[32..56].chunks(4) {
        let (digit, even) = digit(group)?;
        // The right half has no even digits.
        if even {
            return None;
        }
        digits.push(digit);
    }
    let leading = PARITIES.iter().position(|known| *known == parity)?;
    digits[0] = u8::try_from(leading).ok()?;
    if check_digit(&digits[..12]) != digits[12] {
        return None;
    }
    let text: String = digits
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect();
    is_isbn(&text).then_some(text)
}

/// The digit whose runs are nearest, and whether it is of even parity.
fn digit(group: &[f32]) -> Option<(u8, bool)> {
    let module = group.iter().sum::<f32>() / 7.0;
    let mut distances: Vec<(f32, u8, bool)> = (0..)
        .zip(DIGITS)
        .flat_map(|(digit, pattern)| {
            let distance = |pattern: [u8; 4]| -> f32 {
                pattern
                    .iter()
                    .zip(group)
                    .map(|(ideal, seen)| (f32::from(*ideal) - seen / module).abs())
                    .sum()
            };
            let mut backwards = pattern;
            backwards.reverse();
            [
                (distance(pattern), digit, false),
                (distance(backwards), digit, true),
            ]
        })
        .collect();
    distances.sort_by(|one, other| one.0.total_cmp(&other.0));
    let [(nearest, digit, even), (second, ..), ..] = distances[..] else {
        return None;
    };
    (nearest < TOLERANCE && second - nearest > DISTINCTION).then_some((digit, even))
}
