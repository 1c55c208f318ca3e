//! Draws a cover: a coloured gradient, the title, the author, the barcode on its white label, and the grain.

use font8x8::{BASIC_FONTS, LATIN_FONTS, UnicodeFonts};
use image::{Rgb, RgbImage};

use crate::barcode;
use crate::catalogue::Book;

const WIDTH: u32 = 1600;
const HEIGHT: u32 = 2400;
const MARGIN: u32 = 100;
/// Pixels of a glyph's side.
const GLYPH: u32 = 8;
const TITLE_SCALE: u32 = 16;
const AUTHOR_SCALE: u32 = 9;
const DIGIT_SCALE: u32 = 6;
/// Pixels per module: after the reduction to 1024 pixels there are still three of them.
const MODULE: u32 = 8;
const BAR_HEIGHT: u32 = 330;
/// How bright a cover is at the top and at the bottom, of 256.
const LIGHT: (u32, u32) = (255, 140);
/// Bytes of the grain that is laid over the cover again and again; a power of two.
const GRAIN: usize = 1 << 16;
const GRAIN_STRENGTH: u8 = 7;

const WHITE: Rgb<u8> = Rgb([250, 250, 246]);
const INK: Rgb<u8> = Rgb([18, 18, 22]);

/// The upright cover, with a barcode when there is an ISBN.
pub(super) fn draw(book: &Book, isbn: Option<&str>) -> RgbImage {
    let colour = colour(&book.title);
    let mut canvas = RgbImage::from_fn(WIDTH, HEIGHT, |_, y| {
        let light = LIGHT.0 - (LIGHT.0 - LIGHT.1) * y / HEIGHT;
        Rgb(colour.map(|channel| low_byte(u32::from(channel) * light / 256)))
    });
    let mut y = 2 * MARGIN;
    for line in wrap(&book.title, (WIDTH - 2 * MARGIN) / (GLYPH * TITLE_SCALE)) {
        write(&mut canvas, &line, (MARGIN, y), TITLE_SCALE, WHITE);
        y += (GLYPH + 2) * TITLE_SCALE;
    }
    write(
        &mut canvas,
        &book.author,
        (MARGIN, y + 2 * MARGIN),
        AUTHOR_SCALE,
        WHITE,
    );
    if let Some(modules) = isbn.and_then(barcode::encode) {
        label(&mut canvas, &modules, isbn.unwrap_or_default());
    }
    canvas
}

/// A dark, saturated colour that depends on the title.
fn colour(title: &str) -> [u8; 3] {
    let mut noise = Noise::new(title.bytes().fold(7, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    }));
    [(); 3].map(|()| low_byte(60 + u32::from(noise.byte()) % 120))
}

/// Breaks at spaces so that no line is longer than `width` characters, where words allow it.
fn wrap(text: &str, width: u32) -> Vec<String> {
    let width = width as usize;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn write(canvas: &mut RgbImage, text: &str, (left, top): (u32, u32), scale: u32, ink: Rgb<u8>) {
    for (column, character) in (0..).zip(text.chars()) {
        let glyph = BASIC_FONTS
            .get(character)
            .or_else(|| LATIN_FONTS.get(character))
            .unwrap_or([0; 8]);
        for (y, row) in (0..).zip(glyph) {
            for x in (0..GLYPH).filter(|x| row >> x & 1 == 1) {
                let corner = (left + (column * GLYPH + x) * scale, top + y * scale);
                fill(canvas, corner, (scale, scale), ink);
            }
        }
    }
}

/// The white label at the foot, the bars, and the number in digits below them.
fn label(canvas: &mut RgbImage, modules: &[bool; barcode::MODULES as usize], isbn: &str) {
    let symbol = MODULE * u32::from(barcode::MODULES);
    let quiet = MODULE * u32::from(barcode::QUIET);
    let width = symbol + 2 * quiet;
    let height = BAR_HEIGHT + GLYPH * DIGIT_SCALE + 3 * quiet / 2;
    let corner = ((WIDTH - width) / 2, HEIGHT - MARGIN - height);
    fill(canvas, corner, (width, height), WHITE);
    let bars = (corner.0 + quiet, corner.1 + quiet / 2);
    for (index, _) in (0..).zip(modules).filter(|(_, black)| **black) {
        fill(
            canvas,
            (bars.0 + index * MODULE, bars.1),
            (MODULE, BAR_HEIGHT),
            INK,
        );
    }
    let digits = (
        bars.0 + (symbol - 13 * GLYPH * DIGIT_SCALE) / 2,
        bars.1 + BAR_HEIGHT + quiet / 4,
    );
    write(canvas, isbn, digits, DIGIT_SCALE, INK);
}

/// Whatever sticks out is cut off.
fn fill(canvas: &mut RgbImage, (left, top): (u32, u32), (width, height): (u32, u32), ink: Rgb<u8>) {
    for y in top..(top + height).min(HEIGHT) {
        for x in left..(left + width).min(WIDTH) {
            canvas.put_pixel(x, y, ink);
        }
    }
}

/// Lays photographic grain over the whole cover; the number of the cover is its seed.
pub(super) fn add_grain(canvas: &mut RgbImage, index: usize) {
    let mut noise = Noise::new(index as u64 + 1);
    let grain: Vec<i8> = (0..GRAIN)
        .map(|_| noise.around_zero(GRAIN_STRENGTH))
        .collect();
    let row = WIDTH as usize * 3;
    let mut offset = 0;
    for line in canvas.chunks_exact_mut(row) {
        // Each row begins elsewhere in the grain, so that no pattern shows.
        offset = (offset + row + usize::from(noise.byte())) % (GRAIN - row);
        for (channel, grain) in line.iter_mut().zip(&grain[offset..]) {
            *channel = channel.saturating_add_signed(*grain);
        }
    }
}

/// xorshift64*: a few lines, and the same numbers on every machine and for ever.
struct Noise(u64);

impl Noise {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    }

    fn byte(&mut self) -> u8 {
        low_byte((self.next() & 0xFF) as u32)
    }

    /// Between `-strength` and `strength`, the middle being more likely: one die against another.
    fn around_zero(&mut self, strength: u8) -> i8 {
        let faces = strength + 1;
        (self.byte() % faces).cast_signed() - (self.byte() % faces).cast_signed()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "callers pass less than 256"
)]
fn low_byte(value: u32) -> u8 {
    value as u8
}
