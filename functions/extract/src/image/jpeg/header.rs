//! Everything of a JPEG file that comes before its first pixel (ITU-T T.81 annex B).

use super::JpegError;
use super::huffman::{Class, HuffmanTable};

/// A marker segment that is shorter than what it says it holds.
const SEGMENT: &str = "marker segment";

/// What the marker segments up to the first scan say.
#[derive(Default)]
pub(crate) struct Header {
    pub(crate) frame: Frame,
    /// The TIFF part of the EXIF segment.
    pub(crate) exif: Option<Vec<u8>>,
    pub(super) quantisers: [Option<Box<[u16; 64]>>; 4],
    pub(super) dc_tables: [Option<Box<HuffmanTable>>; 4],
    pub(super) ac_tables: [Option<Box<HuffmanTable>>; 4],
    /// In minimum coded units; 0 for none.
    pub(super) restart_interval: usize,
    pub(super) scan: Scan,
    /// Where entropy-coded data begins.
    pub(super) data: usize,
    jfif: bool,
    /// The transform an Adobe segment names: 0 for none, 1 for `YCbCr`, 2 for `YCCK`.
    adobe: Option<u8>,
}

/// The frame header.
#[derive(Default)]
pub(crate) struct Frame {
    /// The coding process: the marker's low nibble (0 is baseline, 2 is progressive).
    pub(crate) process: u8,
    pub(crate) precision: u8,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) components: Vec<Component>,
}

/// A colour component of the frame.
pub(crate) struct Component {
    pub(crate) id: u8,
    /// Sampling factors.
    pub(crate) horizontal: u8,
    pub(crate) vertical: u8,
    pub(super) quantiser: usize,
}

/// The first scan header.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) components: Vec<ScanComponent>,
    /// Whether it codes whole coefficients of all frequencies, as sequential files do.
    pub(super) complete: bool,
}

pub(super) struct ScanComponent {
    pub(super) id: u8,
    pub(super) dc_table: usize,
    pub(super) ac_table: usize,
}

impl Header {
    /// Reads up to the first scan.
    pub(crate) fn read(file: &[u8]) -> Result<Self, JpegError> {
        let mut header = Self::default();
        let mut position = 2; // after the start-of-image marker
        loop {
            let (marker, segment, next) = segment(file, position)?;
            position = next;
            match marker {
                0xC4 => header.huffman_tables(segment)?,
                // 0xC8 is reserved and 0xCC is arithmetic conditioning; the others begin a frame.
                0xC0..=0xCF if marker != 0xC8 && marker != 0xCC => header.frame(marker, segment)?,
                0xDA => {
                    header.scan(segment)?;
                    header.data = next;
                    return Ok(header);
                }
                0xDB => header.quantisers(segment)?,
                0xDD => header.restart_interval = usize::from(word(segment, 0)?),
                0xE0 if segment.starts_with(b"JFIF\0") => header.jfif = true,
                0xE1 => header.exif(segment),
                0xEE if segment.starts_with(b"Adobe") => header.adobe = segment.get(11).copied(),
                0xD9 => return Err(JpegError::Corrupt("file without an image")),
                _ => {}
            }
        }
    }

    /// Whether the components are luma and two chroma planes, by the rules of libjpeg.
    pub(crate) fn is_ycbcr(&self) -> bool {
        let ids: Vec<u8> = self.frame.components.iter().map(|c| c.id).collect();
        match (self.jfif, self.adobe) {
            _ if ids.len() != 3 => false,
            (true, _) => true,
            (false, Some(transform)) => transform == 1,
            (false, None) => ids != *b"RGB",
        }
    }

    fn frame(&mut self, marker: u8, segment: &[u8]) -> Result<(), JpegError> {
        if !self.frame.components.is_empty() {
            return Err(JpegError::Corrupt("second frame"));
        }
        let count = usize::from(byte(segment, 5)?);
        let components = segment
            .get(6..6 + 3 * count)
            .ok_or(JpegError::Corrupt(SEGMENT))?;
        let (components, _) = components.as_chunks::<3>();
        self.frame = Frame {
            process: marker & 0x0F,
            precision: byte(segment, 0)?,
            height: word(segment, 1)?,
            width: word(segment, 3)?,
            components: components
                .iter()
                .copied()
                .map(Component::new)
                .collect::<Result<_, _>>()?,
        };
        // A single component has one block in a unit, whatever its factors say (T.81 A.2.2).
        if let [single] = &mut self.frame.components[..] {
            (single.horizontal, single.vertical) = (1, 1);
        }
        if self.frame.width == 0 || self.frame.height == 0 || count == 0 {
            return Err(JpegError::Corrupt("frame header"));
        }
        Ok(())
    }

    fn scan(&mut self, segment: &[u8]) -> Result<(), JpegError> {
        let count = usize::from(byte(segment, 0)?);
        let components = segment
            .get(1..1 + 2 * count)
            .ok_or(JpegError::Corrupt(SEGMENT))?;
        let (components, _) = components.as_chunks::<2>();
        self.scan.components = components
            .iter()
            .map(|&[id, tables]| ScanComponent {
                id,
                dc_table: usize::from(tables >> 4),
                ac_table: usize::from(tables & 15),
            })
            .collect();
        let spectrum = segment
            .get(1 + 2 * count..)
            .ok_or(JpegError::Corrupt(SEGMENT))?;
        self.scan.complete = spectrum == [0, 63, 0];
        Ok(())
    }

    fn quantisers(&mut self, mut segment: &[u8]) -> Result<(), JpegError> {
        while let Some((&kind, rest)) = segment.split_first() {
            let width = if kind >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest
                .split_at_checked(64 * width)
                .ok_or(JpegError::Corrupt(SEGMENT))?;
            let mut table = Box::new([0; 64]);
            for (entry, value) in table.iter_mut().zip(values.chunks_exact(width)) {
                *entry = value
                    .iter()
                    .fold(0, |sum, &byte| sum << 8 | u16::from(byte));
            }
            let slot = self.quantisers.get_mut(usize::from(kind & 15));
            *slot.ok_or(JpegError::Corrupt("quantisation table"))? = Some(table);
            segment = rest;
        }
        Ok(())
    }

    fn huffman_tables(&mut self, mut segment: &[u8]) -> Result<(), JpegError> {
        while let Some((&kind, rest)) = segment.split_first() {
            let (counts, rest) = rest
                .split_first_chunk::<16>()
                .ok_or(JpegError::Corrupt(SEGMENT))?;
            let total = counts.iter().copied().map(usize::from).sum();
            let (symbols, rest) = rest
                .split_at_checked(total)
                .ok_or(JpegError::Corrupt(SEGMENT))?;
            let (class, tables) = match kind >> 4 {
                0 => (Class::Dc, &mut self.dc_tables),
                1 => (Class::Ac, &mut self.ac_tables),
                _ => return Err(JpegError::Corrupt("Huffman table")),
            };
            let slot = tables.get_mut(usize::from(kind & 15));
            *slot.ok_or(JpegError::Corrupt("Huffman table"))? =
                Some(Box::new(HuffmanTable::new(class, counts, symbols)?));
            segment = rest;
        }
        Ok(())
    }

    fn exif(&mut self, segment: &[u8]) {
        if let Some(tiff) = segment.strip_prefix(b"Exif\0\0") {
            self.exif.get_or_insert_with(|| tiff.to_vec());
        }
    }
}

impl Frame {
    /// Whether no component has more samples than the first.
    pub(crate) fn first_is_full(&self) -> bool {
        self.components.first().is_some_and(|first| {
            (usize::from(first.horizontal), usize::from(first.vertical)) == self.sampling()
        })
    }

    /// The largest sampling factors: blocks of a minimum coded unit, across and down.
    pub(super) fn sampling(&self) -> (usize, usize) {
        let most = |factor: fn(&Component) -> u8| self.components.iter().map(factor).max();
        (
            most(|c| c.horizontal).unwrap_or(1).into(),
            most(|c| c.vertical).unwrap_or(1).into(),
        )
    }
}

impl Component {
    fn new([id, sampling, quantiser]: [u8; 3]) -> Result<Self, JpegError> {
        let component = Self {
            id,
            horizontal: sampling >> 4,
            vertical: sampling & 15,
            quantiser: usize::from(quantiser),
        };
        let valid =
            (1..=4).contains(&component.horizontal) && (1..=4).contains(&component.vertical);
        if valid {
            Ok(component)
        } else {
            Err(JpegError::Corrupt("frame header"))
        }
    }
}

/// The marker segment at or after `position`: marker, payload, and where the next one begins.
fn segment(file: &[u8], position: usize) -> Result<(u8, &[u8], usize), JpegError> {
    let rest = file.get(position..).ok_or(JpegError::Truncated)?;
    // Between segments, decoders pass over anything up to the next marker; so do we.
    let start = rest
        .windows(2)
        .position(|pair| pair[0] == 0xFF && pair[1] != 0 && pair[1] != 0xFF)
        .ok_or(JpegError::Truncated)?;
    let marker = rest[start + 1];
    let payload = &rest[start + 2..];
    // Markers without a segment: restart, start and end of image, and the reserved TEM.
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Ok((marker, &[], position + start + 2));
    }
    let length = word(payload, 0).map_err(|_| JpegError::Truncated)?;
    let length = usize::from(length);
    if length < 2 {
        return Err(JpegError::Corrupt(SEGMENT));
    }
    let segment = payload.get(2..length).ok_or(JpegError::Truncated)?;
    Ok((marker, segment, position + start + 2 + length))
}

fn byte(segment: &[u8], at: usize) -> Result<u8, JpegError> {
    segment.get(at).copied().ok_or(JpegError::Corrupt(SEGMENT))
}

fn word(segment: &[u8], at: usize) -> Result<u16, JpegError> {
    Ok(u16::from_be_bytes([
        byte(segment, at)?,
        byte(segment, at + 1)?,
    ]))
}

/// Whether the file goes on to its end marker; a scan that was cut off has none.
pub(crate) fn has_end(file: &[u8], header: &Header) -> bool {
    let mut rest = file.get(header.data..).unwrap_or_default();
    while let Some(position) = memchr::memchr(0xFF, rest) {
        match rest.get(position + 1) {
            Some(0xD9) => return true,
            // Stuffed bytes, fill bytes and restart markers belong to the entropy-coded data.
            Some(0 | 0xFF | 0xD0..=0xD7) => rest = &rest[position + 1..],
            // A segment between scans: pass over it, it may contain anything.
            Some(_) => match segment(rest, position) {
                Ok((_, _, next)) => rest = &rest[next..],
                Err(_) => return false,
            },
            None => return false,
        }
    }
    false
}
