//! CloudFormation names as Rust names.

/// Words that cannot be method names, and methods that every builder or handle has.
const RESERVED_METHODS: &[&str] = &[
    "as",
    "async",
    "await",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "logical_id",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "new",
    "override",
    "priv",
    "pub",
    "raw",
    "ref",
    "reference",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Types that every generated module sees.
const RESERVED_TYPES: &[&str] = &[
    "Arn",
    "AssumedArn",
    "Cow",
    "Id",
    "IntoValue",
    "IsSet",
    "List",
    "LogicalId",
    "Map",
    "Node",
    "Object",
    "Option",
    "PhantomData",
    "PolicyDocument",
    "Self",
    "Set",
    "String",
    "Tag",
    "TagForm",
    "Tagging",
    "Unset",
    "Value",
    "Vec",
];

/// `SSEKMSKeyArns` -> `["SSEKMS", "Key", "Arns"]`: the words of a name, cut at case changes and at anything that is no letter or digit.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|character: char| !character.is_ascii_alphanumeric()) {
        let characters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (index, character) in characters.iter().enumerate() {
            if !word.is_empty() && starts_word(&characters, index) {
                words.push(std::mem::take(&mut word));
            }
            word.push(*character);
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// Whether a word starts at `index`: at a capital after a small letter or digit, and at the last capital of a row of them
/// (`KMSKey`), except before the plural of an abbreviation (`ARNs`).
fn starts_word(characters: &[char], index: usize) -> bool {
    let current = characters[index];
    let previous = characters[index - 1];
    if !current.is_ascii_uppercase() {
        return false;
    }
    if !previous.is_ascii_uppercase() {
        return true;
    }
    let following = |offset: usize| characters.get(index + offset).copied();
    let is_small =
        |character: Option<char>| character.is_some_and(|character| character.is_ascii_lowercase());
    let is_plural = following(1) == Some('s') && !is_small(following(2));
    is_small(following(1)) && !is_plural
}

/// The method that sets a property or returns an attribute.
pub fn method(name: &str) -> String {
    let words: Vec<String> = words(name)
        .iter()
        .map(|word| word.to_ascii_lowercase())
        .collect();
    let joined = words.join("_");
    if RESERVED_METHODS.contains(&joined.as_str())
        || joined.starts_with(|first: char| first.is_ascii_digit())
    {
        return format!("{joined}_");
    }
    joined
}

/// The module of a resource.
pub fn module(name: &str) -> String {
    method(name)
}

/// The type of a resource or definition. Names that every module uses get a suffix.
pub fn type_name(name: &str) -> String {
    let mut result = String::new();
    for word in name.split(|character: char| !character.is_ascii_alphanumeric()) {
        result.push_str(&capitalized(word));
    }
    if RESERVED_TYPES.contains(&result.as_str()) {
        result.push_str("Property");
    }
    result
}

/// The variant of an enumeration's value, or nothing when it has neither letters nor digits and no entry in `symbol`.
pub fn variant(value: &str) -> Option<String> {
    if let Some(name) = symbol(value) {
        return Some(name.to_owned());
    }
    let shouts = !value.contains(|character: char| character.is_ascii_lowercase());
    let mut result = String::new();
    for word in value
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let ends_in_digit = result.ends_with(|last: char| last.is_ascii_digit());
        if ends_in_digit && word.starts_with(|first: char| first.is_ascii_digit()) {
            result.push('_');
        }
        result.push_str(&capitalized(&if shouts {
            word.to_ascii_lowercase()
        } else {
            word.to_owned()
        }));
    }
    if result.starts_with(|first: char| first.is_ascii_digit()) {
        result.insert(0, 'V');
    }
    if result == "Other" || result == "Self" {
        result.push_str("Value");
    }
    (!result.is_empty()).then_some(result)
}

/// Names of values that have no letters.
fn symbol(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("Empty"),
        "*" => Some("Any"),
        _ => None,
    }
}

/// The word with a capital first letter.
pub(crate) fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_cut_at_words() {
        let cases = [
            ("BucketName", "bucket_name"),
            ("S3Bucket", "s3_bucket"),
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("ManagedPolicyArns", "managed_policy_arns"),
            ("SourceKMSKeyArn", "source_kms_key_arn"),
            ("ResourceARNs", "resource_arns"),
            ("deadLetterTargetArn", "dead_letter_target_arn"),
            (
                "MetadataConfiguration.JournalTable.TableArn",
                "metadata_configuration_journal_table_table_arn",
            ),
            ("Type", "type_"),
            ("Ref", "ref_"),
        ];
        for (name, expected) in cases {
            assert_eq!(method(name), expected, "{name}");
        }
    }

    #[test]
    fn variants_keep_digits_apart() {
        let cases = [
            ("provided.al2023", "ProvidedAl2023"),
            ("python3.12", "Python3_12"),
            ("x86_64", "X86_64"),
            ("AWS_IAM", "AwsIam"),
            ("BucketOwnerEnforced", "BucketOwnerEnforced"),
            ("aws:kms", "AwsKms"),
            ("1.0", "V1_0"),
            ("*", "Any"),
            ("Other", "OtherValue"),
        ];
        for (value, expected) in cases {
            assert_eq!(variant(value).as_deref(), Some(expected), "{value}");
        }
        assert_eq!(variant(">="), None);
    }

    #[test]
    fn types_do_not_hide_what_every_module_uses() {
        assert_eq!(type_name("Tag"), "TagProperty");
        assert_eq!(type_name("TagFilter"), "TagFilter");
    }
}
