//! Output lines, read as far as the join needs them: half of a line repeats the model's input, which nobody reads again.

use memchr::{memchr, memchr2};
use shared::batch::record::OutputLine;
use simdutf8::basic::from_utf8;

/// The record of a line; nothing when the line is none. What no result is made of is passed over from quote to quote and
/// from bracket to bracket, and may be anything between them.
pub(super) fn read(line: &[u8]) -> Option<OutputLine<'_>> {
    let Some(members) = Members::find(line) else {
        return serde_json::from_str(from_utf8(line).ok()?).ok();
    };
    let text = |value: Option<_>| value.map(from_utf8).transpose();
    let output = text(members.model_output).ok()?;
    let error = text(members.error).ok()?;
    OutputLine::of_members(from_utf8(members.record_id?).ok()?, output, error).ok()
}

/// Members of an output line, as they are written.
#[derive(Default)]
struct Members<'a> {
    record_id: Option<&'a [u8]>,
    model_output: Option<&'a [u8]>,
    error: Option<&'a [u8]>,
}

impl<'a> Members<'a> {
    /// Nothing when the line is broken, has a member twice, or writes the name of one with escapes.
    fn find(line: &'a [u8]) -> Option<Self> {
        let mut found = Self::default();
        let mut rest = line.trim_ascii().strip_prefix(b"{")?.strip_suffix(b"}")?;
        loop {
            let (name, after) = split_value(rest.trim_ascii_start())?;
            let after = after.trim_ascii_start().strip_prefix(b":")?;
            let (value, after) = split_value(after.trim_ascii_start())?;
            found.take(name, value)?;
            rest = match after.trim_ascii_start() {
                [] => return Some(found),
                after => after.strip_prefix(b",")?,
            };
        }
    }

    fn take(&mut self, name: &[u8], value: &'a [u8]) -> Option<()> {
        let member = match name {
            br#""recordId""# => &mut self.record_id,
            br#""modelOutput""# => &mut self.model_output,
            br#""error""# => &mut self.error,
            [b'"', ..] if memchr(b'\\', name).is_none() => return Some(()),
            _ => return None,
        };
        member.replace(value).is_none().then_some(())
    }
}

/// The value that a text begins with, and what is behind it.
fn split_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match text.first()? {
        b'"' => string_length(text)?,
        b'{' | b'[' => nested_length(text)?,
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b':') || byte.is_ascii_whitespace();
            text.iter().position(ends).unwrap_or(text.len())
        }
    };
    text.split_at_checked(length)
}

/// Bytes of the object or list that a text begins with.
fn nested_length(text: &[u8]) -> Option<usize> {
    let (mut depth, mut place) = (0_usize, 0);
    loop {
        match text.get(place)? {
            b'"' => place += string_length(&text[place..])? - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        place += 1;
        if depth == 0 {
            return Some(place);
        }
    }
}

/// Bytes of the JSON string that a text begins with, its quotes among them.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut place = 1;
    loop {
        place += memchr2(b'"', b'\\', text.get(place..)?)?;
        match text[place] {
            b'"' => return Some(place + 1),
            _ => place += 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::batch::record::OutputLine;

    use super::read;

    fn by_serde(line: &str) -> Option<OutputLine<'_>> {
        serde_json::from_str(line).ok()
    }

    fn agree(line: &str) {
        assert_eq!(
            format!("{:?}", read(line.as_bytes())),
            format!("{:?}", by_serde(line)),
            "{line}"
        );
    }

    #[test]
    fn it_reads_what_serde_reads() {
        for line in [
            r#"{"recordId":"a","modelOutput":{"x":[1,{"y":"}]\\\""}]}}"#,
            r#" { "modelInput" : [ ] , "recordId" : "a" , "error" : { "errorCode" : 400 } } "#,
            r#"{"recordI\u0064":"a","modelOutput":null,"error":null}"#,
            r#"{"recordId":"a\u00e9\"","other":-1.5e3,"modelOutput":{}}"#,
            r#"{"recordId":"a","error":{"errorCode":"x","errorMessage":"no \"request\""}}"#,
            r#"{"recordId":"a","recordId":"b"}"#,
            r#"{"recordId":"a","modelOutput":{},"modelOutput":{}}"#,
            r#"{"recordId":7}"#,
            r#"{"recordId":null}"#,
            r#"{"recordId":"a","error":7}"#,
            r#"{"recordId":"a",}"#,
            r#"{"recordId":"a"}}"#,
            r#"{"recordId":"a"} {}"#,
            r#"{"recordId":"a" "b":1}"#,
            r#"{"recordId":"a","modelInput":{"x":"y}"#,
            r#"{"recordId":"a","modelInput":}"#,
            r#"{"recordId" "a"}"#,
            r#"{"x":"\"#,
            "{}",
            "{",
            "}",
            "[]",
            "",
        ] {
            agree(line);
        }
    }

    #[test]
    fn what_is_not_read_may_be_torn() {
        let line = b"{\"modelInput\":\"\xff\",\"recordId\":\"a\",\"modelOutput\":{}}";
        assert_eq!(read(line).unwrap().record_id, "a");
        assert!(read(b"{\"recordId\":\"\xff\"}").is_none());
        assert!(read(b"{\"recordId\":\"a\",\"modelOutput\":\"\xff\"}").is_none());
    }

    proptest! {
        #[test]
        fn every_line_that_is_cut_off_is_unreadable(text in r#"[ -~é"\\{}\[\]]{0,20}"#, end in 0_usize..200) {
            let line = serde_json::json!({"modelInput": {"t": [text]}, "recordId": text, "modelOutput": {"t": text}});
            let line = line.to_string();
            agree(&line);
            if let Some(part) = line.get(..end.min(line.len() - 1)) {
                prop_assert!(read(part.as_bytes()).is_none(), "{}", part);
            }
        }

        #[test]
        fn no_line_is_too_broken(line in r#"[{}\[\]",:\\ a1]{0,30}"#) {
            read(line.as_bytes());
        }
    }
}
