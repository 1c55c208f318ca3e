//! The wildcards of IAM policies.

/// Whether a text is what a pattern stands for: `*` is any text, `?` any one character, and ASCII case does not matter.
///
/// This is how actions are compared. Resources are compared by case, so not by this.
pub fn matches_wildcard(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut after_star = None;
    loop {
        let wanted = pattern.next();
        if wanted == Some('*') {
            after_star = Some((pattern.clone(), text.clone()));
            continue;
        }
        match (wanted, text.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || wanted.eq_ignore_ascii_case(&found) => {
                continue;
            }
            _ => {}
        }
        // The last star takes one character more.
        let Some((rest, taken)) = &mut after_star else {
            return false;
        };
        if taken.next().is_none() {
            return false;
        }
        (pattern, text) = (rest.clone(), taken.clone());
    }
}
