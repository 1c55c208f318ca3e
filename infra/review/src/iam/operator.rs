//! Operators of conditions.

/// How the values of a request are quantified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quantifier {
    One,
    Some,
    Every,
}

/// How a value is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Text,
    Pattern,
    Arn,
    Truth,
    Presence,
    /// Equal values are equal; others may be, such as numbers and addresses.
    Equality(String),
    /// Whether a value is on the right side is not worked out.
    Order(String),
    /// Not an operator of IAM that is known here.
    Unknown(String),
}

/// An operator, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Operator {
    pub(super) quantifier: Quantifier,
    pub(super) family: Family,
    pub(super) negated: bool,
    /// Whether it holds of a request without the key.
    pub(super) holds_if_absent: bool,
}

impl Operator {
    pub(super) fn read(text: &str) -> Self {
        let (quantifier, rest) = match text.split_once(':') {
            Some(("ForAnyValue", rest)) => (Quantifier::Some, rest),
            Some(("ForAllValues", rest)) => (Quantifier::Every, rest),
            _ => (Quantifier::One, text),
        };
        let bare = rest.strip_suffix("IfExists");
        let (family, negated) = family(bare.unwrap_or(rest));
        let holds_if_absent = match quantifier {
            Quantifier::Every => true,
            Quantifier::Some => bare.is_some(),
            Quantifier::One => bare.is_some() || negated,
        };
        Self {
            quantifier,
            family,
            negated,
            holds_if_absent,
        }
    }

    pub(super) fn equals() -> Self {
        Self::read("Bool")
    }
}

fn family(base: &str) -> (Family, bool) {
    match base {
        "StringEquals" => (Family::Text, false),
        "StringNotEquals" => (Family::Text, true),
        "StringLike" => (Family::Pattern, false),
        "StringNotLike" => (Family::Pattern, true),
        "ArnEquals" | "ArnLike" => (Family::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Family::Arn, true),
        "Bool" => (Family::Truth, false),
        "Null" => (Family::Presence, false),
        "BinaryEquals"
        | "DateEquals"
        | "IpAddress"
        | "NumericEquals"
        | "StringEqualsIgnoreCase" => (Family::Equality(base.to_owned()), false),
        "DateNotEquals" => (Family::Equality("DateEquals".to_owned()), true),
        "NotIpAddress" => (Family::Equality("IpAddress".to_owned()), true),
        "NumericNotEquals" => (Family::Equality("NumericEquals".to_owned()), true),
        "StringNotEqualsIgnoreCase" => {
            (Family::Equality("StringEqualsIgnoreCase".to_owned()), true)
        }
        "DateGreaterThan"
        | "DateGreaterThanEquals"
        | "DateLessThan"
        | "DateLessThanEquals"
        | "NumericGreaterThan"
        | "NumericGreaterThanEquals"
        | "NumericLessThan"
        | "NumericLessThanEquals" => (Family::Order(base.to_owned()), false),
        _ => (Family::Unknown(base.to_owned()), false),
    }
}
