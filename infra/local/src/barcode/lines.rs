//! From a line of brightness to the widths of its black and white runs, to a fraction of a pixel.

/// Pixels per block in which the darkest and the brightest are looked for: wider than the widest run of a symbol that
/// is small enough to need care.
const BLOCK: usize = 16;
/// Less contrast than this in a neighbourhood is paper and noise.
const LEAST_CONTRAST: u8 = 50;

/// The widths of the runs of a line, the first one white (possibly of width zero), then alternating.
pub(super) fn runs(line: &[u8]) -> Vec<f32> {
    let thresholds = thresholds(line);
    let is_black = |index: usize| line[index] < thresholds[index / BLOCK];
    let mut edges = Vec::new();
    let mut black = false;
    for index in 0..line.len() {
        if is_black(index) != black {
            black = !black;
            edges.push(edge(line, index, thresholds[index / BLOCK]));
        }
    }
    edges.push(position(line.len()));
    let mut start = 0.0;
    edges
        .into_iter()
        .map(|end| {
            let width = (end - start).max(0.0);
            start = end;
            width
        })
        .collect()
}

/// Where between this pixel and the one before it the brightness crosses the threshold.
fn edge(line: &[u8], index: usize, threshold: u8) -> f32 {
    let Some(before) = index.checked_sub(1).map(|before| f32::from(line[before])) else {
        return 0.0;
    };
    let after = f32::from(line[index]);
    let across = after - before;
    let fraction = if across.abs() < 1.0 {
        0.5
    } else {
        ((f32::from(threshold) - before) / across).clamp(0.0, 1.0)
    };
    position(index) - 1.0 + fraction
}

#[expect(clippy::cast_precision_loss, reason = "a line has at most 8000 pixels")]
fn position(index: usize) -> f32 {
    index as f32
}

/// The middle between dark and bright around each block; zero (nothing is darker) where there is no contrast.
fn thresholds(line: &[u8]) -> Vec<u8> {
    let extremes: Vec<(u8, u8)> = line
        .chunks(BLOCK)
        .map(|block| {
            block.iter().fold((u8::MAX, u8::MIN), |(low, high), value| {
                (low.min(*value), high.max(*value))
            })
        })
        .collect();
    (0..extremes.len())
        .map(|index| {
            let around = &extremes[index.saturating_sub(1)..(index + 2).min(extremes.len())];
            let (low, high) = around.iter().fold((u8::MAX, u8::MIN), |all, one| {
                (all.0.min(one.0), all.1.max(one.1))
            });
            if high - low < LEAST_CONTRAST {
                0
            } else {
                low + (high - low) / 2
            }
        })
        .collect()
}
