//! Texts as JSON, fast: prompts and cells are most of what a run writes.

/// Appends a text in quotes, with the escapes that `serde_json` writes.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
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
    out.push(b'"');
}

/// How many bytes come before the first that needs an escape. Blocks are looked at as a whole, which compilers do with few
/// instructions.
fn plain_length(bytes: &[u8]) -> usize {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let plain = blocks
        .iter()
        .take_while(|block| {
            !block
                .iter()
                .fold(false, |any, &byte| any | is_special(byte))
        })
        .count();
    let tail = blocks.get(plain).map_or(rest, |block| block.as_slice());
    let length = tail.iter().position(|&byte| is_special(byte));
    plain * 32 + length.unwrap_or(tail.len())
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
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
