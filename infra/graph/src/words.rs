//! Texts of strangers, made fit to be shown.

/// A text on one line without what cannot be seen: control characters, and those that turn the writing direction, by which
/// a name could pretend to be another.
pub(crate) fn legible(text: &str) -> String {
    let visible = |letter: char| match letter {
        letter if letter.is_whitespace() => ' ',
        letter if letter.is_control() => '\u{fffd}',
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // No characters of XML.
        | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        letter => letter,
    };
    let shown: String = text.chars().map(visible).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many letters, the last one an ellipsis if some are left out.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `one`, or `one and 2 more`, or nothing.
pub(crate) fn first_and_more(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first}, {second}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

/// A number of seconds as people say it: `90 s`, `5 min`, `2 h`, `1 d`.
pub(crate) fn duration(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    let fits = |&(size, _): &(u64, &str)| seconds > 0 && seconds.is_multiple_of(size);
    match units.into_iter().find(fits) {
        Some((size, unit)) => format!("{} {unit}", seconds / size),
        None => format!("{seconds} s"),
    }
}

/// A text as people read it: a reference (`{Name.Arn}`, `${Name}`) that stands alone by its name only, others in braces.
pub(crate) fn without_holes(text: &str) -> String {
    let inner = text.strip_prefix('$').unwrap_or(text);
    let inner = inner
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    match inner {
        Some(name) if !name.contains(['{', '}', '%']) => {
            let name = name.split('.').next().unwrap_or(name);
            name.trim_start_matches('@').to_owned()
        }
        _ => text.replace("{@", "{"),
    }
}

/// What people said of something, and what is shown of it, as two sentences.
pub(crate) fn summary(said: &str, shown: &str) -> String {
    let said = legible(said);
    let said = said.trim_end_matches(['.', ' ']);
    if said.is_empty() {
        return format!("{shown}.");
    }
    format!("{said}. {shown}.")
}
