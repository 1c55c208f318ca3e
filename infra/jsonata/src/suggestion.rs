//! Did you mean ...?

/// Shorter names begin too many others.
const SHORTEST_BEGINNING: usize = 4;

/// More names than this are not listed: no state has more fields.
const MOST_LISTED: usize = 24;

/// The most similar name, if it is similar enough to be a misspelling, or the one name that begins like it.
pub fn similar<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let known: Vec<&str> = known.into_iter().collect();
    misspelt(name, known.iter().copied()).or_else(|| {
        let wanted = name.to_lowercase();
        let long_enough = wanted.chars().count() >= SHORTEST_BEGINNING;
        let mut longer = known
            .iter()
            .filter(|known| long_enough && known.to_lowercase().starts_with(&wanted));
        longer.next().filter(|_| longer.next().is_none()).copied()
    })
}

/// The most similar name, if it is similar enough to be meant.
pub(crate) fn misspelt<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = name.to_lowercase();
    let distance = |known: &'n str| {
        (
            strsim::damerau_levenshtein(&wanted, &known.to_lowercase()),
            known,
        )
    };
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    let (distance, nearest) = known.map(distance).min()?;
    (distance <= allowed).then_some(nearest)
}

/// What to do about an unknown name: take the similar one, or one of all there are. `none` is said when there are none.
///
/// ```
/// use jsonata::suggestion::help;
///
/// let states = ["Submit", "Wait"];
/// assert_eq!(help("Sumbit", states, "add one"), "did you mean `Submit`?");
/// assert_eq!(help("Archive", states, "add one"), "use one of `Submit`, `Wait`");
/// assert_eq!(help("Archive", [], "add one"), "add one");
/// ```
pub fn help<'n>(name: &str, known: impl IntoIterator<Item = &'n str>, none: &str) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    similar_or(name, known.iter().copied(), || listed(&known, none))
}

/// The same where the names are too many to list: `otherwise` says what to do when none is similar.
pub fn similar_or<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    similar(name, known).map_or_else(otherwise, |similar| format!("did you mean `{similar}`?"))
}

fn listed(names: &[&str], none: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.len() {
        0 => none.to_owned(),
        1 => format!("there is only {}", quoted[0]),
        2..=MOST_LISTED => format!("use one of {}", quoted.join(", ")),
        more => format!(
            "use one of {}, or of {} more",
            quoted[..MOST_LISTED].join(", "),
            more - MOST_LISTED
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn only_misspellings_and_beginnings_are_similar() {
        let known = ["Submit", "Wait", "Notify"];
        assert_eq!(similar("Sumbit", known), Some("Submit"));
        assert_eq!(similar("wait", known), Some("Wait"));
        assert_eq!(similar("noti", known), Some("Notify"));
        assert_eq!(similar("not", known), None);
        assert_eq!(similar("Archive", known), None);
    }
}
