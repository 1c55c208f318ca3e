//! Types of properties that accept values of several types of resources, and of ARNs that are not a resource's own.

use crate::plan::Marker;
use crate::relations::Several;

/// The type, and what converts into it.
pub(super) fn target(name: &str, several: &Several) -> String {
    let arns = several.arns.iter().map(|path| format!("Arn<{path}>"));
    let ids = several.ids.iter().map(|path| format!("Id<{path}>"));
    let text = several.text.then_some("String");
    let values = arns.clone().chain(ids).chain(text.map(str::to_owned));
    let literals = arns.chain(text.map(|text| format!("{text}, &{text}, &str")));
    let described: Vec<String> = several
        .arns
        .iter()
        .chain(&several.ids)
        .map(|path| format!("`{path}`"))
        .collect();
    let beside = if several.text {
        "; any text will do as well"
    } else {
        ""
    };
    format!(
        "\n/// What the property of that name accepts: values of {}{beside}.\n#[derive(Clone, Copy, Debug)]\npub enum {name} {{}}\n\
         accept!({name}: values[{}], literals[{}]);\n",
        described.join(", "),
        values.collect::<Vec<_>>().join(", "),
        literals
            .chain(["AssumedArn".to_owned()])
            .collect::<Vec<_>>()
            .join(", "),
    )
}

/// A type that only ever stands in `Arn<…>`.
pub(super) fn marker(marker: &Marker) -> String {
    let Marker { name, attribute } = marker;
    format!(
        "\n/// What the attribute `{attribute}` is the ARN of.\n#[derive(Clone, Copy, Debug)]\npub enum {name} {{}}\n"
    )
}
