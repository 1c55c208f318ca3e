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

/// What to do about an unknown name: the similar one, or all there are.
pub(crate) fn help<'n>(name: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> String {
    if let Some(similar) = similar(name, known.clone()) {
        return format!("did you mean `{similar}`?");
    }
    let all: Vec<_> = known.into_iter().collect();
    if all.is_empty() {
        return "there is none to choose from: add it".to_owned();
    }
    format!("use one of {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{help, similar};

    #[test]
    fn only_misspellings_are_similar() {
        let known = ["Submit", "Wait", "Notify"];
        assert_eq!(similar("Sumbit", known), Some("Submit"));
        assert_eq!(similar("wait", known), Some("Wait"));
        assert_eq!(similar("Archive", known), None);
        assert_eq!(help("Archive", known), "use one of Submit, Wait, Notify");
    }
}
