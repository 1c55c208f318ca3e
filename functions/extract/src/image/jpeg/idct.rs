//! Inverse DCT of a block to `N` by `N` pixels: 8 is the full size, 4 and 2 are a half and a quarter.
//!
//! A smaller transform of the lowest frequencies is a picture of the block at that size: what would be thrown away
//! afterwards is never computed. Plain `f32` arithmetic on short arrays, which compilers turn into vector instructions
//! on every target's baseline.

/// Coefficients of a block before dequantisation: row by row, `N` in a row. The last slots take those that no pixel needs.
pub(super) type Block = [i32; 128];

/// What the coefficients of a block are multiplied with, in the same order.
pub(super) type Factors = [f32; 64];

/// Adding this leaves the nearest integer of a small positive number in the low bits of its representation.
const ROUND: f32 = 12_582_912.0;

/// `cos(index * pi / 16)`.
const fn cosine(index: usize) -> f32 {
    const QUARTER: [f32; 9] = [
        1.0,
        0.980_785_25,
        0.923_879_5,
        0.831_469_6,
        0.707_106_77,
        0.555_570_2,
        0.382_683_43,
        0.195_090_32,
        0.0,
    ];
    match index % 32 {
        i @ 0..=8 => QUARTER[i],
        i @ 9..=16 => -QUARTER[16 - i],
        i @ 17..=24 => -QUARTER[i - 16],
        i => QUARTER[32 - i],
    }
}

/// The transform's size as a type, so that its constants exist per size.
struct Transform<const N: usize>;

impl<const N: usize> Transform<N> {
    /// `BASIS[frequency][pixel]`.
    const BASIS: [[f32; N]; N] = {
        let mut basis = [[0.0; N]; N];
        let mut frequency = 0;
        while frequency < N {
            let mut pixel = 0;
            while pixel < N {
                basis[frequency][pixel] = cosine((2 * pixel + 1) * frequency * (8 / N));
                pixel += 1;
            }
            frequency += 1;
        }
        basis
    };
}

/// What a coefficient is multiplied with besides its quantiser: the transform's own factors.
pub(super) fn factor(row: usize, column: usize) -> f32 {
    let half = |frequency: usize| {
        if frequency == 0 {
            std::f32::consts::FRAC_1_SQRT_2 / 2.0
        } else {
            0.5
        }
    };
    half(row) * half(column)
}

/// Transforms `block` and writes its pixels to `output`, whose rows are `stride` apart.
///
/// Columns first, all of them in one vector; then rows, where each column's value is spread over a vector.
#[inline(always)]
pub(super) fn write_block<const N: usize>(
    block: &Block,
    factors: &Factors,
    output: &mut [u8],
    stride: usize,
) {
    let (rows, _) = block.as_chunks::<N>();
    let (factors, _) = factors.as_chunks::<N>();
    let basis = &Transform::<N>::BASIS;
    let mut columns = [[0.0; N]; N];
    for frequency in 0..N {
        let (row, factors) = (&rows[frequency], &factors[frequency]);
        let values = std::array::from_fn(|column| row[column] as f32 * factors[column]);
        for pixel in 0..N {
            columns[pixel] = plus(columns[pixel], values, basis[frequency][pixel]);
        }
    }
    for (pixel, row) in columns.iter().enumerate() {
        let mut samples = [128.0; N];
        for column in 0..N {
            samples = plus(samples, basis[column], row[column]);
        }
        output[pixel * stride..][..N].copy_from_slice(&samples.map(to_byte));
    }
}

/// `sums + values * weight`.
#[inline(always)]
fn plus<const N: usize>(sums: [f32; N], values: [f32; N], weight: f32) -> [f32; N] {
    std::array::from_fn(|lane| sums[lane] + values[lane] * weight)
}

/// Writes a block that has nothing but its mean.
#[inline(always)]
pub(super) fn write_flat<const N: usize>(mean: f32, output: &mut [u8], stride: usize) {
    let value = to_byte(mean + 128.0);
    for row in 0..N {
        output[row * stride..][..N].fill(value);
    }
}

#[inline(always)]
fn to_byte(value: f32) -> u8 {
    let value = if value > 0.0 { value } else { 0.0 };
    let value = if value < 255.0 { value } else { 255.0 };
    (value + ROUND).to_bits() as u8
}
