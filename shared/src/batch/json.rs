//! Texts as JSON, fast: prompts and cells are most of what a run writes.

/// Appends a text in quotes, with the escapes that `serde_json` writes.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    write_inside(text, out);
    out.push(b'"');
}

/// Appends what stands between the quotes of a text. The insides of two texts, one behind the other, are that of both.
pub(super) fn write_inside(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    loop {
        let (plain, from) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let Some((&special, after)) = from.split_first() else {
            break;
        };
        write_escape(special, out);
        rest = after;
    }
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// How many bytes come before the first that needs an escape. Blocks without any are passed over by vector instructions,
/// which compilers make of this loop on every processor.
fn plain_length(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let plain = |block: &&[u8; 32]| {
        let special = |found, &byte: &u8| found | is_special(byte);
        !block.iter().fold(false, special)
    };
    let passed = blocks.iter().take_while(plain).count() * 32;
    passed + plain_length_by_words(&bytes[passed..])
}

/// As [`plain_length`]. Eight bytes are looked at as one number: of each byte of the number the highest bit is set where it is
/// special, and exactly so for the first one.
fn plain_length_by_words(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equals = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let special = below(word, 0x20) | equals(word, b'"') | equals(word, b'\\');
        let special = special & (ONES << 7);
        if special != 0 {
            return place * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let special = rest.iter().position(|&byte| is_special(byte));
    let length = special.unwrap_or(rest.len());
    words.len() * 8 + length
}

fn write_escape(special: u8, out: &mut Vec<u8>) {
    let short = match special {
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        b'"' | b'\\' => special,
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let [high, low] = [special >> 4, special & 15].map(|half| DIGITS[usize::from(half)]);
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::write_text;

    proptest! {
        #[test]
        fn it_is_what_serde_writes(text in r#"[ -~\x00-\x1f"\\é日😀\x7f\u{2028}]{0,100}"#) {
            let mut written = b"before".to_vec();
            write_text(&text, &mut written);
            let expected = format!("before{}", serde_json::to_string(&text).unwrap());
            prop_assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}
