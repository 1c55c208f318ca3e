//! The text of `Fn::Sub`.

/// The names in `${...}`, without the escaped `${!...}`.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim())
        .filter(|name| !name.starts_with('!'))
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn escapes_and_open_ends_are_no_variables() {
        let found: Vec<_> = variables("a${A}b${!Literal}c${ B.Arn }$d}${open").collect();
        assert_eq!(found, ["A", "B.Arn"]);
    }
}
