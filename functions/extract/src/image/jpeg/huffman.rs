//! Huffman tables, laid out so that most symbols cost one look-up.

use super::JpegError;
use super::bits::Bits;

/// Bits looked up at once. Most symbols with their values fit; tables of this size stay in the first-level cache.
const LOOKUP_BITS: u32 = 11;
/// A run that ends every block: no coefficient index comes after it.
pub(super) const END_OF_BLOCK: u32 = 64;

/// The signed value of `size` magnitude bits (1 to 15), T.81 figure F.12.
#[inline(always)]
pub(super) fn extend(bits: usize, size: u32) -> i32 {
    let bits = bits as i32;
    if bits < 1 << (size - 1) {
        bits - (1 << size) + 1
    } else {
        bits
    }
}

/// What a symbol means: skip `run` coefficients, then comes one of `value`.
#[derive(Clone, Copy)]
pub(super) struct Symbol {
    pub(super) run: u32,
    pub(super) value: i32,
}

/// What the next bits begin with, packed into one word so that a look-up is one load.
///
/// From the low end: 5 bits to drop, 4 bits size of a magnitude that did not fit the index and is still to be read,
/// 7 bits run, 16 bits value. Nothing to drop means that the code is longer than the index.
#[derive(Clone, Copy, Default)]
struct Entry(u32);

impl Entry {
    fn new(length: u32, pending: u32, run: u32, value: i32) -> Self {
        Self(length | pending << 5 | run << 9 | (value as u32) << 16)
    }

    #[inline(always)]
    fn length(self) -> u32 {
        self.0 & 31
    }

    #[inline(always)]
    fn pending(self) -> u32 {
        self.0 >> 5 & 15
    }

    #[inline(always)]
    fn run(self) -> u32 {
        self.0 >> 9 & 127
    }

    #[inline(always)]
    fn value(self) -> i32 {
        self.0 as i32 >> 16
    }
}

/// A Huffman table for DC differences or AC coefficients.
pub(super) struct HuffmanTable {
    lookup: [Entry; 1 << LOOKUP_BITS],
    /// Largest code of each length, left-aligned to 16 bits and exclusive; for codes longer than the index.
    limits: [u32; 17],
    /// Index of the first symbol of each length minus its first code.
    offsets: [i32; 17],
    symbols: Vec<u8>,
    class: Class,
}

/// What a table codes: the same symbol byte means different things.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// The symbol is the size of a DC difference.
    Dc,
    /// The symbol is a run of zeros and the size of the coefficient after it.
    Ac,
}

impl Class {
    /// Run and magnitude size of a symbol.
    fn parts(self, symbol: u8) -> (u32, u32) {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match self {
            Self::Dc => (0, size),
            // Size 0 is the end of the block, but for a run of 15: sixteen zeros.
            Self::Ac if size == 0 && run < 15 => (END_OF_BLOCK, 0),
            Self::Ac => (run, size),
        }
    }
}

impl HuffmanTable {
    /// Builds a table from the counts per code length and the symbols in order of their codes (T.81 annex C).
    pub(super) fn new(class: Class, counts: &[u8; 16], symbols: &[u8]) -> Result<Self, JpegError> {
        let mut table = Self {
            lookup: [Entry::default(); 1 << LOOKUP_BITS],
            limits: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
            class,
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16_u32 {
            let count = usize::from(counts[length as usize - 1]);
            table.offsets[length as usize] = index as i32 - code as i32;
            for &symbol in &symbols[index..index + count] {
                if code >= 1 << length || (class == Class::Dc && symbol > 11) {
                    return Err(JpegError::Corrupt("Huffman table"));
                }
                if length <= LOOKUP_BITS {
                    table.enter(code, length, symbol);
                }
                code += 1;
            }
            index += count;
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(table)
    }

    /// Fills every look-up that begins with the code.
    fn enter(&mut self, code: u32, length: u32, symbol: u8) {
        let (run, size) = self.class.parts(symbol);
        let free = LOOKUP_BITS - length;
        for suffix in 0..1_u32 << free {
            let resolved = size <= free;
            let value = if resolved && size > 0 {
                extend((suffix >> (free - size)) as usize, size)
            } else {
                0
            };
            let entry = if resolved {
                Entry::new(length + size, 0, run, value)
            } else {
                Entry::new(length, size, run, 0)
            };
            self.lookup[((code << free) | suffix) as usize] = entry;
        }
    }

    /// The next symbol with its value; needs 32 bits available.
    #[inline(always)]
    pub(super) fn next(&self, bits: &mut Bits<'_>) -> Result<Symbol, JpegError> {
        let entry = self.lookup[bits.peek(LOOKUP_BITS)];
        let run = entry.run();
        if entry.length() == 0 {
            let (after, symbol) = self.next_long(*bits)?;
            *bits = after;
            return Ok(symbol);
        }
        bits.skip(entry.length());
        let value = if entry.pending() == 0 {
            entry.value()
        } else {
            bits.magnitude(entry.pending())
        };
        Ok(Symbol { run, value })
    }

    /// Passes over the next symbol and its value; needs 32 bits available. Returns its run.
    #[inline(always)]
    pub(super) fn pass(&self, bits: &mut Bits<'_>) -> Result<u32, JpegError> {
        let entry = self.lookup[bits.peek(LOOKUP_BITS)];
        if entry.length() == 0 {
            let (after, symbol) = self.next_long(*bits)?;
            *bits = after;
            return Ok(symbol.run);
        }
        bits.skip(entry.length() + entry.pending());
        Ok(entry.run())
    }

    #[cold]
    fn next_long<'a>(&self, mut bits: Bits<'a>) -> Result<(Bits<'a>, Symbol), JpegError> {
        let ahead = bits.peek(16) as u32;
        let length = (LOOKUP_BITS as usize + 1..=16)
            .find(|&length| ahead < self.limits[length])
            .ok_or(JpegError::Corrupt("Huffman code"))?;
        let code = (ahead >> (16 - length)) as i32;
        let symbol = usize::try_from(code + self.offsets[length])
            .ok()
            .and_then(|index| self.symbols.get(index))
            .ok_or(JpegError::Corrupt("Huffman code"))?;
        let (run, size) = self.class.parts(*symbol);
        bits.skip(length as u32);
        let value = if size == 0 { 0 } else { bits.magnitude(size) };
        Ok((bits, Symbol { run, value }))
    }
}
