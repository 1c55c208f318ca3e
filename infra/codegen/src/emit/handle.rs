//! Handles: references to resources of a template, with typed attributes.

use std::fmt::Write as _;

use crate::plan::Module;

/// The type that `Template::add` returns for the resource.
pub(super) fn handle(module: &Module) -> String {
    let name = &module.root.name;
    let reference = &module.reference;
    let mut text = format!(
        "\n/// A reference to an `{resource_type}` of a template.\n#[derive(Clone, Debug, PartialEq, Eq)]\npub struct {name}Ref {{ logical_id: LogicalId }}\n\
         impl crate::Handle for {name}Ref {{\n\
         type Resource = {name};\n\
         fn from_logical_id(logical_id: LogicalId) -> Self {{ Self {{ logical_id }} }}\n\
         fn logical_id(&self) -> &LogicalId {{ &self.logical_id }}\n}}\n\
         impl {name}Ref {{\n/// What `Ref` returns.\npub fn reference(&self) -> Value<{reference}> {{ typed_reference(&self.logical_id) }}\n",
        resource_type = module.resource_type,
    );
    for getter in &module.attributes {
        let _ = writeln!(
            text,
            "/// The attribute `{attribute}`.\npub fn {method}(&self) -> Value<{value}> {{ typed_attribute(&self.logical_id, \"{attribute}\") }}",
            attribute = getter.attribute,
            method = getter.method,
            value = getter.value,
        );
    }
    text.push_str("}\n");
    text
}
