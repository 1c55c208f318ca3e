//! Decoding a sequential scan into planes.

use super::JpegError;
use super::bits::{Bits, EntropyData};
use super::header::{Frame, Header};
use super::huffman::HuffmanTable;
use super::idct::{self, Block, Factors};

/// Row and column of the coefficients in the order they are coded (T.81 figure A.6).
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
/// The slot of a [`Block`] for coefficients that no pixel needs.
const UNUSED: u8 = 64;
/// Indices that one symbol can reach: the last coefficient, and the end of the block beyond it.
const REACH: usize = 128;

/// Pixels that a block of 8 by 8 becomes, in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Full = 8,
    Half = 4,
    Quarter = 2,
}

/// One decoded component.
pub(crate) struct Plane {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Distance between rows.
    pub(crate) stride: usize,
    pub(crate) pixels: Vec<u8>,
}

/// A component while it is decoded.
struct Decoding<'a> {
    plane: Plane,
    scale: Scale,
    /// Blocks of a minimum coded unit.
    across: usize,
    down: usize,
    dc_table: &'a HuffmanTable,
    ac_table: &'a HuffmanTable,
    /// Where the coefficient of each index goes.
    slots: [u8; REACH],
    factors: Factors,
    /// The last index that any pixel needs.
    last: usize,
    mean: i32,
}

/// Whether this module decodes the file: 8-bit samples, sequential, Huffman-coded, one scan of all components in order.
pub(crate) fn decodes(header: &Header) -> bool {
    let Frame {
        process,
        precision,
        components,
        ..
    } = &header.frame;
    let same = components.len() == header.scan.components.len()
        && components
            .iter()
            .zip(&header.scan.components)
            .all(|(frame, scan)| frame.id == scan.id);
    // The result's planes are laid out for luma in full and chroma in as many samples or fewer.
    let luma_is_full = header.frame.first_is_full();
    matches!(process, 0 | 1) && *precision == 8 && header.scan.complete && same && luma_is_full
}

/// Visible width and height of a component at a scale.
pub(crate) fn plane_size(header: &Header, component: usize, scale: Scale) -> (usize, usize) {
    let (most_across, most_down) = header.frame.sampling();
    let component = &header.frame.components[component];
    let length = |pixels: u16, factor: u8, most: usize| {
        let full = (usize::from(pixels) * usize::from(factor)).div_ceil(most);
        (full * scale as usize).div_ceil(8)
    };
    (
        length(header.frame.width, component.horizontal, most_across),
        length(header.frame.height, component.vertical, most_down),
    )
}

/// Decodes all components, each at its scale.
pub(crate) fn decode(
    file: &[u8],
    header: &Header,
    scales: &[Scale],
) -> Result<Vec<Plane>, JpegError> {
    let mut components = prepare(header, scales)?;
    let data = EntropyData::read(file.get(header.data..).unwrap_or_default());
    let (across, down) = units(header);
    let interval = if header.restart_interval == 0 {
        across * down
    } else {
        header.restart_interval
    };
    let mut segments = data.segments();
    let mut block = [0; 128];
    for first in (0..across * down).step_by(interval) {
        let mut bits = segments.next().ok_or(JpegError::Truncated)?;
        for component in &mut components {
            component.mean = 0;
        }
        for unit in first..(first + interval).min(across * down) {
            for component in &mut components {
                component.decode_unit(unit % across, unit / across, &mut bits, &mut block)?;
            }
        }
        if bits.overrun() {
            return Err(JpegError::Truncated);
        }
    }
    Ok(components
        .into_iter()
        .map(|component| component.plane)
        .collect())
}

/// Minimum coded units across and down.
fn units(header: &Header) -> (usize, usize) {
    let (horizontal, vertical) = header.frame.sampling();
    (
        usize::from(header.frame.width).div_ceil(8 * horizontal),
        usize::from(header.frame.height).div_ceil(8 * vertical),
    )
}

fn prepare<'a>(header: &'a Header, scales: &[Scale]) -> Result<Vec<Decoding<'a>>, JpegError> {
    let (across, down) = units(header);
    let components = header
        .frame
        .components
        .iter()
        .zip(&header.scan.components)
        .zip(scales);
    components
        .enumerate()
        .map(|(index, ((component, scan), &scale))| {
            let side = scale as usize;
            let blocks = (
                usize::from(component.horizontal),
                usize::from(component.vertical),
            );
            let stride = across * blocks.0 * side;
            let (width, height) = plane_size(header, index, scale);
            let quantiser = header
                .quantisers
                .get(component.quantiser)
                .and_then(Option::as_deref);
            let (slots, factors, last) = coefficients(
                scale,
                quantiser.ok_or(JpegError::Corrupt("quantisation table"))?,
            );
            let table = |tables: &'a [Option<Box<HuffmanTable>>; 4], index: usize| {
                tables
                    .get(index)
                    .and_then(Option::as_deref)
                    .ok_or(JpegError::Corrupt("Huffman table"))
            };
            Ok(Decoding {
                plane: Plane {
                    width,
                    height,
                    stride,
                    pixels: vec![0; stride * down * blocks.1 * side],
                },
                scale,
                across: blocks.0,
                down: blocks.1,
                dc_table: table(&header.dc_tables, scan.dc_table)?,
                ac_table: table(&header.ac_tables, scan.ac_table)?,
                slots,
                factors,
                last,
                mean: 0,
            })
        })
        .collect()
}

fn coefficients(scale: Scale, quantiser: &[u16; 64]) -> ([u8; REACH], Factors, usize) {
    let side = scale as u8;
    let mut slots = [UNUSED; REACH];
    let mut factors = [0.0; 64];
    let mut last = 0;
    for (index, (&position, &step)) in ZIGZAG.iter().zip(quantiser).enumerate() {
        let (row, column) = (position / 8, position % 8);
        if row < side && column < side {
            let slot = row * side + column;
            slots[index] = slot;
            factors[usize::from(slot)] = f32::from(step) * idct::factor(row.into(), column.into());
            last = index;
        }
    }
    (slots, factors, last)
}

impl Decoding<'_> {
    #[inline(always)]
    fn decode_unit(
        &mut self,
        x: usize,
        y: usize,
        bits: &mut Bits<'_>,
        block: &mut Block,
    ) -> Result<(), JpegError> {
        match self.scale {
            Scale::Full => self.decode_blocks::<8>(x, y, bits, block),
            Scale::Half => self.decode_blocks::<4>(x, y, bits, block),
            Scale::Quarter => self.decode_blocks::<2>(x, y, bits, block),
        }
    }

    fn decode_blocks<const N: usize>(
        &mut self,
        x: usize,
        y: usize,
        bits: &mut Bits<'_>,
        block: &mut Block,
    ) -> Result<(), JpegError> {
        for down in 0..self.down {
            for across in 0..self.across {
                let row = (y * self.down + down) * N;
                let column = (x * self.across + across) * N;
                let flat = self.read_block::<N>(bits, block)?;
                let stride = self.plane.stride;
                let output = &mut self.plane.pixels[row * stride + column..];
                if flat {
                    let mean = self.mean as f32 * self.factors[0];
                    idct::write_flat::<N>(mean, output, stride);
                } else {
                    idct::write_block::<N>(block, &self.factors, output, stride);
                }
            }
        }
        Ok(())
    }

    /// Reads the coefficients of a block; true if only its mean is not zero.
    #[inline(always)]
    fn read_block<const N: usize>(
        &mut self,
        position: &mut Bits<'_>,
        block: &mut Block,
    ) -> Result<bool, JpegError> {
        let mut bits = *position;
        let (table, last) = (self.ac_table, self.last);
        bits.refill();
        let difference = self.dc_table.next(&mut bits)?.value;
        self.mean = self.mean.wrapping_add(difference);

        bits.refill();
        let mut symbol = table.next(&mut bits)?;
        let mut index = 1 + symbol.run as usize;
        let flat = index >= 64;
        if !flat {
            block[..N * N].fill(0);
            loop {
                block[usize::from(self.slots[index % REACH]) % 128] = symbol.value;
                index += 1;
                if index > last {
                    break;
                }
                bits.refill();
                symbol = table.next(&mut bits)?;
                index += symbol.run as usize;
            }
            while index < 64 {
                bits.refill();
                index += 1 + table.pass(&mut bits)? as usize;
            }
        }
        block[0] = self.mean;
        *position = bits;
        Ok(flat)
    }
}
