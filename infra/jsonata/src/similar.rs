//! Did you mean ...?

/// The most similar name, if it is similar enough to be a misspelling.
pub(crate) fn similar<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = name.to_lowercase();
    let distance = |known: &'n str| {
        (
            strsim::damerau_levenshtein(&wanted, &known.to_lowercase()),
            known,
        )
    };
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    let nearest = known.into_iter().map(distance).min();
    nearest
        .filter(|(distance, _)| *distance <= allowed)
        .map(|(_, known)| known)
}

/// More names than this are not listed.
const MOST_LISTED: usize = 12;

/// What to do about an unknown name: the similar one, or all there are. `none` is said when there are none.
pub(crate) fn help<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str> + Clone,
    none: &str,
) -> String {
    if let Some(similar) = similar(name, known.clone()) {
        return format!("did you mean `{similar}`?");
    }
    let all: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
    match all.len() {
        0 => none.to_owned(),
        1..=MOST_LISTED => format!("there is {}", all.join(", ")),
        more => format!(
            "there is {} and {} more",
            all[..MOST_LISTED].join(", "),
            more - MOST_LISTED
        ),
    }
}
