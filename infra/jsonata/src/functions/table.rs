//! The signature table.
//!
//! Signatures are in JSONata's own notation (<https://docs.jsonata.org/programming#function-signatures>): `b`oolean, `n`umber,
//! `s`tring, `l` null, `a`rray, `o`bject, `f`unction, `j` any JSON, `x` anything; `?` optional, `+` one or more, `-` the context
//! when it is left out. They are those of the reference implementation, and of Step Functions' manual for its own six.

/// A built-in function.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its name without `$`.
    pub(crate) name: &'static str,
    /// Parameters and result.
    pub(crate) signature: &'static str,
    /// How its result follows from its arguments where the signature says too little.
    pub(crate) special: Option<Special>,
}

/// Results that depend on the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    /// A number, and nothing of no items.
    Aggregate,
    /// Both arguments in one array.
    Append,
    /// Nothing, or a failure.
    Assert,
    /// A number even of nothing.
    Count,
    /// What the function makes of each field.
    Each,
    /// Never comes back.
    Error,
    /// Whether there is something.
    Exists,
    /// The items for which the function holds.
    Filter,
    /// The names of the fields.
    Keys,
    /// The value of a field.
    Lookup,
    /// What the function makes of each item.
    Map,
    /// The matches of a pattern.
    Match,
    /// The fields of all objects.
    Merge,
    /// Any JSON.
    Parse,
    /// Arrays of arrays.
    Partition,
    /// An array of numbers.
    Range,
    /// What the function makes of all items.
    Reduce,
    /// A text; calls the function for each match.
    Replace,
    /// The items in another order, or each once.
    SameItems,
    /// As that, but each only once.
    Distinct,
    /// The fields for which the function holds.
    Sift,
    /// One item.
    Single,
    /// The items, sorted.
    Sort,
    /// Parts of a text.
    Split,
    /// An object for each field.
    Spread,
    /// A text, the same of a text.
    Text,
    /// A text that is no longer.
    PartOfText,
    /// The name of a type.
    TypeName,
    /// A text of 36 characters.
    Uuid,
    /// Tuples of items.
    Zip,
}

const fn plain(name: &'static str, signature: &'static str) -> Function {
    Function {
        name,
        signature,
        special: None,
    }
}

const fn special(name: &'static str, signature: &'static str, special: Special) -> Function {
    Function {
        name,
        signature,
        special: Some(special),
    }
}

/// Every function that an expression may call.
pub(crate) const FUNCTIONS: &[Function] = &[
    plain("abs", "<n-:n>"),
    special("append", "<xx:a>", Special::Append),
    special("assert", "<bs?:x>", Special::Assert),
    special("average", "<a<n>:n>", Special::Aggregate),
    plain("base64decode", "<s-:s>"),
    plain("base64encode", "<s-:s>"),
    plain("boolean", "<x-:b>"),
    plain("ceil", "<n-:n>"),
    plain("contains", "<s-(sf):b>"),
    special("count", "<a:n>", Special::Count),
    plain("decodeUrl", "<s-:s>"),
    plain("decodeUrlComponent", "<s-:s>"),
    special("distinct", "<x:x>", Special::Distinct),
    special("each", "<o-f:a>", Special::Each),
    plain("encodeUrl", "<s-:s>"),
    plain("encodeUrlComponent", "<s-:s>"),
    special("error", "<s?:x>", Special::Error),
    special("exists", "<x:b>", Special::Exists),
    special("filter", "<af>", Special::Filter),
    plain("floor", "<n-:n>"),
    plain("formatBase", "<n-n?:s>"),
    plain("formatInteger", "<n-s:s>"),
    plain("formatNumber", "<n-so?:s>"),
    plain("fromMillis", "<n-s?s?:s>"),
    plain("hash", "<s-s:s>"),
    plain("join", "<a<s>s?:s>"),
    special("keys", "<x-:a<s>>", Special::Keys),
    plain("length", "<s-:n>"),
    special("lookup", "<x-s:x>", Special::Lookup),
    plain("lowercase", "<s-:s>"),
    special("map", "<af>", Special::Map),
    special("match", "<s-f<s:o>n?:a<o>>", Special::Match),
    special("max", "<a<n>:n>", Special::Aggregate),
    special("merge", "<a<o>:o>", Special::Merge),
    plain("millis", "<:n>"),
    special("min", "<a<n>:n>", Special::Aggregate),
    plain("not", "<x-:b>"),
    plain("now", "<s?s?:s>"),
    plain("number", "<(nsb)-:n>"),
    plain("pad", "<s-ns?:s>"),
    special("parse", "<s-:j>", Special::Parse),
    plain("parseInteger", "<s-s:n>"),
    special("partition", "<an:a<a>>", Special::Partition),
    plain("power", "<n-n:n>"),
    plain("random", "<n?:n>"),
    special("range", "<nnn:a<n>>", Special::Range),
    special("reduce", "<afj?:j>", Special::Reduce),
    special("replace", "<s-(sf)(sf)n?:s>", Special::Replace),
    special("reverse", "<a:a>", Special::SameItems),
    plain("round", "<n-n?:n>"),
    special("shuffle", "<a:a>", Special::SameItems),
    special("sift", "<o-f?:o>", Special::Sift),
    special("single", "<af?>", Special::Single),
    special("sort", "<af?:a>", Special::Sort),
    special("split", "<s-(sf)n?:a<s>>", Special::Split),
    special("spread", "<x-:a<o>>", Special::Spread),
    plain("sqrt", "<n-:n>"),
    special("string", "<x-b?:s>", Special::Text),
    special("substring", "<s-nn?:s>", Special::PartOfText),
    special("substringAfter", "<s-s:s>", Special::PartOfText),
    special("substringBefore", "<s-s:s>", Special::PartOfText),
    plain("sum", "<a<n>:n>"),
    plain("toMillis", "<s-s?:n>"),
    special("trim", "<s-:s>", Special::PartOfText),
    special("type", "<x:s>", Special::TypeName),
    plain("uppercase", "<s-:s>"),
    special("uuid", "<:s>", Special::Uuid),
    special("zip", "<a+>", Special::Zip),
];

/// The function of this name, without `$`.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
