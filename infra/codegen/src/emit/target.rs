//! Types of properties that accept values of several types of resources, and of ARNs that are not a resource's own.

use crate::plan::Marker;
use crate::relations::Several;

/// The type, and what converts into it.
pub(super) fn target(name: &str, several: &Several) -> String {
    let arns = several.arns.iter().flat_map(|path| {
        [
            format!("Arn<{path}>"),
            format!("Value<Arn<{path}>>"),
            format!("&Value<Arn<{path}>>"),
        ]
    });
    let ids = several
        .ids
        .iter()
        .flat_map(|path| [format!("Value<Id<{path}>>"), format!("&Value<Id<{path}>>")]);
    let texts: &[&str] = if several.text {
        &[
            "&str",
            "String",
            "&String",
            "Value<String>",
            "&Value<String>",
        ]
    } else {
        &[]
    };
    let accepted = arns
        .chain(ids)
        .chain(texts.iter().map(ToString::to_string))
        .chain(["AssumedArn".to_owned()]);
    let described: Vec<String> = several
        .arns
        .iter()
        .chain(&several.ids)
        .map(|path| format!("`{path}`"))
        .collect();
    let text = if several.text {
        "; any text will do as well"
    } else {
        ""
    };
    format!(
        "\n/// What the property of that name accepts: values of {}{text}.\n#[derive(Clone, Copy, Debug)]\npub enum {name} {{}}\n\
         accept!({name}: {});\n",
        described.join(", "),
        accepted.collect::<Vec<_>>().join(", "),
    )
}

/// A type that only ever stands in `Arn<…>`.
pub(super) fn marker(marker: &Marker) -> String {
    let Marker { name, attribute } = marker;
    format!(
        "\n/// What the attribute `{attribute}` is the ARN of.\n#[derive(Clone, Copy, Debug)]\npub enum {name} {{}}\n"
    )
}
