//! The image step: sizes, formats, orientation, limits and damage.

use crate::support::pictures::{cover, encoded, exif, jpeg, pixels, png, png_cover};
use ::image::RgbImage;
use ::image::imageops::{self, FilterType};
use extract::image::{Format, ImageError, Limits, Prepared, Size, prepare, prepare_within};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, SamplingFactor};
use png::BitDepth;
use proptest::prelude::*;

fn decoded(prepared: &Prepared) -> RgbImage {
    let image = ::image::load_from_memory_with_format(&prepared.jpeg, ::image::ImageFormat::Jpeg);
    image.unwrap().into_rgb8()
}

/// Mean difference of two pictures per sample, 0 to 255.
fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one
        .as_raw()
        .iter()
        .zip(other.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    {
        sum as f64 / one.as_raw().len() as f64
    }
}

fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

/// What `prepare` should give: decoded and resampled by the `image` crate, with the losses of the same encoder.
fn expected(content: &[u8]) -> RgbImage {
    let whole = ::image::load_from_memory(content).unwrap().into_rgb8();
    let Size { width, height } = size(whole.width(), whole.height()).fitted();
    let small = imageops::resize(&whole, width, height, FilterType::Lanczos3);
    let jpeg = encoded(small.as_raw(), width, height, ColorType::Rgb, |encoder| {
        encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    });
    ::image::load_from_memory(&jpeg).unwrap().into_rgb8()
}

#[track_caller]
fn assert_as_expected(content: &[u8], tolerance: f64) {
    let prepared = prepare(content).unwrap();
    let found = difference(&decoded(&prepared), &expected(content));
    assert!(found < tolerance, "mean difference {found}");
}

#[test]
fn large_images_fit_the_box_and_keep_their_proportions() {
    let prepared = prepare(&cover(2000, 1500)).unwrap();
    assert_eq!(prepared.size, size(1024, 768));
    assert_eq!(prepared.original, size(2000, 1500));
    assert_eq!(decoded(&prepared).dimensions(), (1024, 768));
}

#[test]
fn small_images_keep_their_size() {
    for (width, height) in [(1, 1), (7, 5), (640, 480), (1024, 1024), (17, 1024)] {
        let prepared = prepare(&cover(width, height)).unwrap();
        assert_eq!(prepared.size, size(width, height));
    }
}

/// Pillow's results for `thumbnail((1024, 1024))`.
#[test]
fn sizes_are_rounded_as_pillow_rounds_them() {
    let cases = [
        ((4032, 3024), (1024, 768)),
        ((3000, 2000), (1024, 683)),
        ((2000, 3000), (683, 1024)),
        ((1025, 1), (1024, 1)),
        ((1, 5000), (1, 1024)),
        ((5000, 2), (1024, 1)),
        ((1537, 1025), (1024, 683)),
        ((1025, 1025), (1024, 1024)),
        ((2049, 1366), (1024, 683)),
    ];
    for ((width, height), (fitted_width, fitted_height)) in cases {
        assert_eq!(
            size(width, height).fitted(),
            size(fitted_width, fitted_height)
        );
    }
}

#[test]
fn every_sampling_and_every_odd_size_gives_the_picture_that_another_decoder_gives() {
    let samplings = [
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_1_1,
    ];
    for sampling in samplings {
        for (width, height) in [
            (1, 1),
            (8, 8),
            (17, 33),
            (640, 427),
            (1291, 777),
            (2401, 1803),
        ] {
            let content = jpeg(width, height, |encoder| {
                encoder.set_sampling_factor(sampling);
            });
            let prepared = prepare(&content).unwrap();
            let found = difference(&decoded(&prepared), &expected(&content));
            // In a picture of a few pixels nearly everything is an edge.
            let tolerance = if width < 64 { 9.0 } else { 2.5 };
            assert!(found < tolerance, "{sampling:?} {width}x{height}: {found}");
        }
    }
}

#[test]
fn pictures_far_larger_than_the_box_are_decoded_at_a_half_and_a_quarter() {
    assert_as_expected(&cover(3500, 2300), 4.0);
    assert_as_expected(&cover(7000, 1400), 4.0);
}

#[test]
fn restart_markers_are_followed() {
    for interval in [1, 7, 64] {
        let content = jpeg(1300, 900, |encoder| encoder.set_restart_interval(interval));
        assert_as_expected(&content, 4.0);
    }
}

#[test]
fn optimised_tables_have_long_codes_and_are_read() {
    assert_as_expected(
        &jpeg(1300, 900, |encoder| {
            encoder.set_optimized_huffman_tables(true);
        }),
        4.0,
    );
}

#[test]
fn progressive_images_are_read() {
    assert_as_expected(
        &jpeg(1300, 900, |encoder| encoder.set_progressive(true)),
        4.0,
    );
}

#[test]
fn grey_images_are_read() {
    let grey: Vec<u8> = pixels(1300, 900).into_iter().step_by(3).collect();
    assert_as_expected(&encoded(&grey, 1300, 900, ColorType::Luma, |_| {}), 3.0);
    // A single component's sampling factors mean nothing, but some programs write them.
    let mut odd = encoded(&grey[..100 * 90], 100, 90, ColorType::Luma, |_| {});
    let frame = odd
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    odd[frame + 11] = 0x22;
    assert_as_expected(&odd, 3.0);
}

/// Ink on white: what there is of cyan is missing of red, and so on; black is missing of all.
#[test]
fn cmyk_images_are_read() {
    let colours = [
        ([0, 0, 0, 0], [255, 255, 255]),
        ([0, 255, 255, 0], [255, 0, 0]),
        ([255, 0, 255, 0], [0, 255, 0]),
        ([0, 0, 0, 255], [0, 0, 0]),
        ([0, 0, 0, 100], [155, 155, 155]),
    ];
    for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        for (ink, light) in colours {
            let content = encoded(&ink.repeat(64 * 64), 64, 64, color, |encoder| {
                encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
            });
            let found = decoded(&prepare(&content).unwrap()).get_pixel(30, 30).0;
            let close = found
                .iter()
                .zip(light)
                .all(|(found, light)| found.abs_diff(light) < 12);
            assert!(close, "{color:?} {ink:?} became {found:?}");
        }
    }
}

/// The other decoder gets these wrong without a word.
#[test]
fn a_first_colour_with_fewer_samples_than_another_is_refused() {
    let content = encoded(&[0, 255, 255, 0].repeat(64), 8, 8, ColorType::Cmyk, |_| {});
    assert_eq!(prepare(&content).unwrap_err().reason(), "undecodable_image");
}

#[test]
fn exif_orientation_is_applied() {
    let upright = decoded(&prepare(&jpeg(1200, 800, |_| {})).unwrap());
    let turned = [
        upright.clone(),
        imageops::flip_horizontal(&upright),
        imageops::rotate180(&upright),
        imageops::flip_vertical(&upright),
        imageops::flip_horizontal(&imageops::rotate90(&upright)),
        imageops::rotate90(&upright),
        imageops::flip_horizontal(&imageops::rotate270(&upright)),
        imageops::rotate270(&upright),
    ];
    for (orientation, expected) in (1..).zip(&turned) {
        for progressive in [false, true] {
            let content = jpeg(1200, 800, |encoder| {
                encoder.add_exif_metadata(&exif(orientation)).unwrap();
                encoder.set_progressive(progressive);
            });
            let prepared = prepare(&content).unwrap();
            assert_eq!(prepared.original, size(1200, 800));
            let found = difference(&decoded(&prepared), expected);
            assert!(found < 4.0, "orientation {orientation}: {found}");
        }
    }
}

#[test]
fn an_orientation_that_makes_no_sense_is_upright() {
    let content = jpeg(40, 20, |encoder| {
        encoder.add_exif_metadata(&exif(77)).unwrap();
    });
    assert_eq!(prepare(&content).unwrap().size, size(40, 20));
}

#[test]
fn png_images_are_read() {
    for (width, height) in [(1, 1), (40, 30), (1300, 900), (900, 2777), (3001, 47)] {
        let content = png_cover(width, height);
        let prepared = prepare(&content).unwrap();
        assert_eq!(prepared.format, Format::Png);
        let found = difference(&decoded(&prepared), &expected(&content));
        assert!(found < 3.0, "{width}x{height}: {found}");
    }
}

#[test]
fn png_in_16_bits_grey_and_palette_is_read() {
    let wide: Vec<u8> = pixels(1300, 700)
        .iter()
        .flat_map(|&sample| [sample, 0x55])
        .collect();
    assert_as_expected(
        &png(
            1300,
            700,
            png::ColorType::Rgb,
            BitDepth::Sixteen,
            &wide,
            |_| {},
        ),
        3.0,
    );
    let grey: Vec<u8> = pixels(1300, 700).into_iter().step_by(3).collect();
    assert_as_expected(
        &png(
            1300,
            700,
            png::ColorType::Grayscale,
            BitDepth::Eight,
            &grey,
            |_| {},
        ),
        3.0,
    );
    let indices: Vec<u8> = grey.iter().map(|sample| sample / 64).collect();
    let palette = png(
        1300,
        700,
        png::ColorType::Indexed,
        BitDepth::Eight,
        &indices,
        |encoder| {
            encoder.set_palette(vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90]);
        },
    );
    assert_as_expected(&palette, 12.0); // saturated colours side by side lose most to halved chroma
    let bits = png(
        16,
        2,
        png::ColorType::Grayscale,
        BitDepth::One,
        &[0xFF, 0, 0xFF, 0],
        |_| {},
    );
    let prepared = decoded(&prepare(&bits).unwrap());
    assert!(prepared.get_pixel(2, 1).0[0] > 240 && prepared.get_pixel(12, 1).0[0] < 15);
}

#[test]
fn what_is_transparent_shows_white() {
    let hidden_black = [0, 0, 0, 0].repeat(32 * 32);
    let half_black = [0, 0, 0, 128].repeat(32 * 32);
    let grey = [0, 0].repeat(32 * 32);
    let cases = [
        (png::ColorType::Rgba, hidden_black, 255),
        (png::ColorType::Rgba, half_black, 127),
        (png::ColorType::GrayscaleAlpha, grey, 255),
    ];
    for (color, data, white) in cases {
        let content = png(32, 32, color, BitDepth::Eight, &data, |_| {});
        let sample = decoded(&prepare(&content).unwrap()).get_pixel(9, 9).0[0];
        assert!(sample.abs_diff(white) <= 2, "{color:?}: {sample}");
    }
    let keyed = png(
        8,
        8,
        png::ColorType::Indexed,
        BitDepth::Eight,
        &[0; 64],
        |encoder| {
            encoder.set_palette(vec![10, 20, 30]);
            encoder.set_trns(vec![0]);
        },
    );
    assert!(decoded(&prepare(&keyed).unwrap()).get_pixel(4, 4).0[0] > 250);
}

#[test]
fn of_an_animation_the_first_picture_counts() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 16, 16);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[200; 256]).unwrap();
    writer.write_image_data(&[20; 256]).unwrap();
    writer.finish().unwrap();
    let sample = decoded(&prepare(&file).unwrap()).get_pixel(8, 8).0[0];
    assert!(sample.abs_diff(200) <= 2, "{sample}");
}

/// Adam7 by hand, because encoders do not write it: 8 by 8 grey pixels, each of its own value.
#[test]
fn interlaced_images_are_read() {
    let passes: [(u8, u8, u8, u8); 7] = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let mut rows = Vec::new();
    for (left, top, across, down) in passes {
        for y in (top..8).step_by(down.into()) {
            rows.push(0); // no filter
            rows.extend((left..8).step_by(across.into()).map(|x| x * 8 + y * 20));
        }
    }
    let length = u16::try_from(rows.len()).unwrap();
    let mut stored = vec![0x78, 0x01, 0x01];
    stored.extend(length.to_le_bytes());
    stored.extend((!length).to_le_bytes());
    stored.extend(&rows);
    stored.extend(adler32(&rows).to_be_bytes());
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [
        (b"IHDR", &[0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 1][..]),
        (b"IDAT", &stored),
        (b"IEND", &[]),
    ] {
        let chunk = [&kind[..], data].concat();
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(&chunk);
        file.extend(crc32(&chunk).to_be_bytes());
    }
    let picture = decoded(&prepare(&file).unwrap());
    for (x, y) in [(0, 0), (5, 2), (3, 7), (7, 7)] {
        let found = u32::from(picture.get_pixel(x, y).0[0]);
        assert!(found.abs_diff(x * 8 + y * 20) <= 6, "{x} {y}: {found}");
    }
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut one, mut two) = (1, 0);
    for &byte in bytes {
        one = (one + u32::from(byte)) % 65521;
        two = (two + one) % 65521;
    }
    two << 16 | one
}

#[test]
fn png_orientation_is_applied() {
    let mut info = png::Info::with_size(40, 20);
    info.color_type = png::ColorType::Grayscale;
    info.exif_metadata = Some(exif(6).into());
    let mut file = Vec::new();
    let encoder = png::Encoder::with_info(&mut file, info).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[9; 800]).unwrap();
    writer.finish().unwrap();
    assert_eq!(prepare(&file).unwrap().size, size(20, 40));
}

#[test]
fn the_content_decides_what_an_image_is() {
    assert_eq!(prepare(&png_cover(8, 8)).unwrap().format, Format::Png);
    assert_eq!(prepare(&cover(8, 8)).unwrap().format, Format::Jpeg);
    let others: [(&[u8], &str); 6] = [
        (b"GIF89a...", "a GIF image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP image"),
        (b"\0\0\0\x18ftypheic", "a HEIC or AVIF image or a video"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<svg/>", "a text in XML or HTML"),
        (b"not an image", "of an unknown kind"),
    ];
    for (content, name) in others {
        assert_eq!(prepare(content), Err(ImageError::UnsupportedFormat(name)));
    }
    assert_eq!(prepare(b""), Err(ImageError::Empty));
}

#[test]
fn bombs_are_refused_by_their_header() {
    // 30,000 by 30,000 pixels that compress to nothing: 2.7 GB decoded.
    let mut bomb = png_cover(1, 1);
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let refused = prepare(&bomb).unwrap_err();
    assert_eq!(refused.reason(), "image_too_large");
    assert!(refused.to_string().contains("30000x30000"), "{refused}");

    let mut jpeg_bomb = cover(8, 8);
    let frame = jpeg_bomb
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    jpeg_bomb[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(prepare(&jpeg_bomb).unwrap_err().reason(), "image_too_large");

    let limits = Limits {
        pixels: 99,
        side: 64,
    };
    assert!(prepare_within(&cover(11, 9), &limits).is_ok());
    assert!(prepare_within(&cover(10, 10), &limits).is_err());
    assert!(prepare_within(&cover(65, 1), &limits).is_err());
    // Decoding these takes several times the memory of their pixels.
    let progressive = jpeg(11, 9, |encoder| encoder.set_progressive(true));
    assert_eq!(
        prepare_within(&progressive, &limits).unwrap_err().reason(),
        "image_too_large"
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[test]
fn truncated_files_are_told_apart_from_broken_ones() {
    let files = [
        cover(300, 200),
        jpeg(300, 200, |encoder| encoder.set_progressive(true)),
        jpeg(300, 200, |encoder| encoder.set_restart_interval(3)),
        png_cover(300, 200),
    ];
    for file in &files {
        for cut in [20, file.len() / 3, file.len() / 2, file.len() - 40] {
            assert_eq!(
                prepare(&file[..cut]),
                Err(ImageError::Truncated),
                "{cut} of {}",
                file.len()
            );
        }
    }
}

#[test]
fn broken_files_are_undecodable() {
    let mut tables = cover(300, 200);
    let huffman = tables
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC4])
        .unwrap();
    tables[huffman + 5..huffman + 21].fill(0xFF);
    let mut png = png_cover(300, 200);
    let middle = png.len() / 2;
    png[middle] ^= 0xFF;
    for content in [tables, png] {
        let error = prepare(&content).unwrap_err();
        assert!(
            matches!(error.reason(), "undecodable_image" | "truncated_image"),
            "{error}"
        );
    }
    assert_eq!(prepare(b"\xFF\xD8\xFF").unwrap_err(), ImageError::Truncated);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever strangers upload: a result or an error, within the limits, and no decoder that gives up by panicking.
    #[test]
    fn damage_is_survived(
        which in 0..6_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        shortened in any::<bool>(),
    ) {
        let mut content = match which {
            0 => cover(90, 70),
            1 => jpeg(90, 70, |encoder| encoder.set_sampling_factor(SamplingFactor::R_4_1_1)),
            2 => jpeg(90, 70, |encoder| encoder.set_restart_interval(2)),
            3 => jpeg(90, 70, |encoder| encoder.set_optimized_huffman_tables(true)),
            4 => jpeg(90, 70, |encoder| encoder.set_progressive(true)),
            _ => png_cover(90, 70),
        };
        for (index, value) in &changes {
            let at = index.index(content.len());
            content[at] = *value;
        }
        if shortened {
            content.truncate(cut.index(content.len()));
        }
        match prepare_within(&content, &Limits { pixels: 1 << 20, side: 4096 }) {
            Ok(prepared) => prop_assert!(prepared.size.width <= 1024 && prepared.size.height <= 1024),
            Err(error) => prop_assert!(!error.to_string().contains("gave up"), "{error}"),
        }
    }
}
