//! References to resources in resolved texts.

/// The logical ids in a text: `Submit` of `${Submit}` and of `${Submit.Arn}`.
pub(super) fn references(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split("${").skip(1);
    inside.filter_map(|rest| {
        let (path, _) = rest.split_once('}')?;
        path.split('.').next()
    })
}
