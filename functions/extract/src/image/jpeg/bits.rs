//! Entropy-coded data: byte stuffing removed, then read bit by bit.

use memchr::memchr;

/// The entropy-coded data of one scan without stuffed bytes, cut at its restart markers.
pub(super) struct EntropyData {
    bytes: Vec<u8>,
    /// Where each segment ends in `bytes`.
    ends: Vec<usize>,
}

impl EntropyData {
    /// Reads until the first marker that is not a restart marker, or the end of the file.
    pub(super) fn read(scan: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(scan.len());
        let mut ends = Vec::new();
        let mut rest = scan;
        while let Some(position) = memchr(0xFF, rest) {
            match rest.get(position + 1) {
                Some(0) => bytes.extend_from_slice(&rest[..=position]),
                Some(0xD0..=0xD7) => {
                    bytes.extend_from_slice(&rest[..position]);
                    ends.push(bytes.len());
                }
                // A fill byte: the marker is still to come.
                Some(0xFF) => {
                    bytes.extend_from_slice(&rest[..position]);
                    rest = &rest[position + 1..];
                    continue;
                }
                _ => {
                    rest = &rest[..position];
                    break;
                }
            }
            rest = &rest[position + 2..];
        }
        bytes.extend_from_slice(rest);
        ends.push(bytes.len());
        Self { bytes, ends }
    }

    /// The segments between restart markers, in order.
    pub(super) fn segments(&self) -> impl Iterator<Item = Bits<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| Bits::new(&self.bytes[start..end]))
    }
}

/// Reads bits, most significant first. Past the end it reads zeros and remembers that it did.
///
/// `Copy`, and its rare paths take and return it by value: only then does the compiler keep it in registers.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    /// What is not in the window yet.
    rest: &'a [u8],
    /// The next bits, left-aligned.
    window: u64,
    /// How many bits of `window` are valid.
    available: u32,
    /// How many of them are invented, because the data ended.
    invented: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            window: 0,
            available: 0,
            invented: 0,
        }
    }

    /// Makes at least 56 bits available: more than the longest code and the longest magnitude together.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let Some(chunk) = self.rest.first_chunk() else {
            *self = self.refilled_at_end();
            return;
        };
        self.window |= u64::from_be_bytes(*chunk) >> self.available;
        let taken = (63 - self.available) / 8;
        self.rest = &self.rest[taken as usize..];
        // Whole bytes were added up to at least 56 bits: the same as adding eight times `taken`.
        self.available |= 0b11_1000;
    }

    #[cold]
    fn refilled_at_end(mut self) -> Self {
        while self.available <= 56 {
            let byte = self.rest.split_off_first().copied();
            if byte.is_none() {
                self.invented += 8;
            }
            let byte = byte.unwrap_or(0);
            self.window |= u64::from(byte) << (56 - self.available);
            self.available += 8;
        }
        self
    }

    /// The next `count` bits (1 to 32), which stay.
    #[inline(always)]
    pub(super) fn peek(&self, count: u32) -> usize {
        (self.window >> (64 - count)) as usize
    }

    /// Drops bits that are available.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.window <<= count;
        self.available -= count;
    }

    /// A signed magnitude of `size` bits (1 to 15), T.81 figure F.12.
    #[inline(always)]
    pub(super) fn magnitude(&mut self, size: u32) -> i32 {
        let bits = self.peek(size);
        self.skip(size);
        super::huffman::extend(bits, size)
    }

    /// Whether more bits were used than there are.
    pub(super) fn overrun(&self) -> bool {
        self.invented > self.available
    }
}
