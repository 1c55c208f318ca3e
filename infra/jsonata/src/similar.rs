//! Did you mean ...?

/// Shorter names begin too many others.
const SHORTEST_BEGINNING: usize = 4;

/// The most similar name, if it is similar enough to be a misspelling, or the one name that begins like it.
pub(crate) fn similar<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let known: Vec<&str> = known.into_iter().collect();
    let wanted = name.to_lowercase();
    let distance = |known: &&'n str| {
        (
            strsim::damerau_levenshtein(&wanted, &known.to_lowercase()),
            *known,
        )
    };
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    let nearest = known.iter().map(distance).min();
    if let Some((_, nearest)) = nearest.filter(|(distance, _)| *distance <= allowed) {
        return Some(nearest);
    }
    let mut longer = known.iter().filter(|known| {
        wanted.chars().count() >= SHORTEST_BEGINNING && known.to_lowercase().starts_with(&wanted)
    });
    longer.next().filter(|_| longer.next().is_none()).copied()
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
