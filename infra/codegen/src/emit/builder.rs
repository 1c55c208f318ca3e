//! Builders: one type for each object, with a type argument for each required property.

use std::fmt::Write as _;

use super::doc;
use crate::naming;
use crate::plan::{Builder, Module, Setter};

/// The type, its constructors and its setters.
pub(super) fn struct_of(builder: &Builder) -> String {
    let name = &builder.name;
    let mut text = String::from("\n");
    text.push_str(
        &builder
            .summary
            .as_deref()
            .map_or_else(|| doc(&format!("`{name}`.")), doc),
    );
    let _ = writeln!(
        text,
        "#[derive(Clone, Debug)]\n#[must_use]\npub struct {name}{} {{ object: Object, state: PhantomData<({})> }}",
        declared(builder, " = Set"),
        arguments(builder, state_parameter),
    );
    text.push_str(&constructors(builder));
    let parameters = declared(builder, "");
    let _ = writeln!(text, "impl{parameters} {name}{parameters} {{");
    let in_branches: Vec<&String> = builder.branches.iter().flatten().collect();
    for (property, setter) in &builder.setters {
        if !in_branches.contains(&property) {
            text.push_str(&setter_method(builder, property, setter));
        }
    }
    text.push_str(RAW);
    text.push_str("}\n");
    text
}

const RAW: &str = "
/// Sets a property to JSON that nothing checks: for what the specification does not know yet.
pub fn raw(mut self, property: impl Into<Cow<'static, str>>, value: impl Into<Node>) -> Self {
    self.object.set(property, value);
    self
}
";

fn constructors(builder: &Builder) -> String {
    let name = &builder.name;
    let mut text = String::new();
    if builder.branches.is_empty() {
        let initial = initial(builder, &[]);
        let _ = writeln!(
            text,
            "impl {name}{initial} {{\n/// A builder without properties.\npub fn new() -> Self {{ Self {{ object: Object::new(), state: PhantomData }} }}\n}}\n\
             impl Default for {name}{initial} {{\nfn default() -> Self {{ Self::new() }}\n}}"
        );
        return text;
    }
    for branch in &builder.branches {
        let setters: Vec<(&String, &Setter)> = branch
            .iter()
            .filter_map(|property| builder.setters.get_key_value(property))
            .collect();
        let methods: Vec<&str> = setters
            .iter()
            .map(|(_, setter)| setter.method.as_str())
            .collect();
        let listed: Vec<String> = branch
            .iter()
            .map(|property| format!("`{property}`"))
            .collect();
        let _ = writeln!(text, "impl {name}{} {{", initial(builder, branch));
        text.push_str(&doc(&format!(
            "A builder with {}, one of the alternatives.",
            listed.join(" and ")
        )));
        let parameters = setters
            .iter()
            .map(|(_, setter)| format!("{}: impl IntoValue<{}>,", setter.method, setter.value));
        let _ = writeln!(
            text,
            "pub fn with_{}({}) -> Self {{",
            methods.join("_and_"),
            parameters.collect::<String>()
        );
        text.push_str("let mut object = Object::new();\n");
        for (property, setter) in &setters {
            let _ = writeln!(
                text,
                "object.set(\"{property}\", {}.into_value());",
                setter.method
            );
        }
        text.push_str("Self { object, state: PhantomData }\n}\n}\n");
    }
    text
}

fn setter_method(builder: &Builder, property: &str, setter: &Setter) -> String {
    let Setter {
        method,
        value,
        summary,
        ..
    } = setter;
    let mut text = summary
        .as_deref()
        .map_or_else(|| doc(&format!("Sets `{property}`.")), doc);
    if !setter.required {
        let _ = writeln!(
            text,
            "pub fn {method}(mut self, value: impl IntoValue<{value}>) -> Self {{ self.object.set(\"{property}\", value.into_value()); self }}"
        );
        return text;
    }
    let after = arguments(builder, |other| {
        if other == property {
            "Set".to_owned()
        } else {
            state_parameter(other)
        }
    });
    let (name, parameter) = (&builder.name, state_parameter(property));
    let _ = write!(
        text,
        "///\n/// Required.\npub fn {method}(mut self, value: impl IntoValue<{value}>) -> {name}<{after}> where {parameter}: Unset {{\n\
         self.object.set(\"{property}\", value.into_value());\n{name} {{ object: self.object, state: PhantomData }}\n}}\n"
    );
    text
}

/// Makes a nested builder a value once it is complete.
pub(super) fn nested(builder: &Builder) -> String {
    let complete = complete_name(builder);
    format!(
        "impl{bounds} IntoValue<{complete}> for {name}{parameters} {{\n\
         fn into_value(self) -> Value<{complete}> {{ Value::from_node(self.object.into()) }}\n}}\n",
        name = builder.name,
        bounds = declared(builder, ": IsSet"),
        parameters = declared(builder, ""),
    )
}

/// How the builder's own `impl` calls the complete type: `Self`, unless a type argument tells the two apart.
fn complete_name(builder: &Builder) -> &str {
    if required(builder).next().is_none() {
        "Self"
    } else {
        &builder.name
    }
}

/// Makes the resource's own builder a resource once it is complete.
pub(super) fn resource(module: &Module) -> String {
    let name = &module.root.name;
    let tagging = module.tags.as_ref().map_or_else(
        || "None".to_owned(),
        |(property, is_list)| {
            let form = if *is_list { "List" } else { "Map" };
            format!("Some(Tagging {{ property: \"{property}\", form: TagForm::{form} }})")
        },
    );
    format!(
        "impl {name} {{\n/// The type's name in templates.\npub const TYPE: &'static str = \"{resource_type}\";\n}}\n\
         impl{bounds} crate::Resource for {name}{parameters} {{\n\
         type Handle = {name}Ref;\n\
         const TAGGING: Option<Tagging> = {tagging};\n\
         fn into_parts(self) -> (Cow<'static, str>, Object) {{ (Cow::Borrowed({complete}::TYPE), self.object) }}\n\
         fn from_parts(_: Cow<'static, str>, object: Object) -> Self {{ Self {{ object, state: PhantomData }} }}\n}}\n",
        resource_type = module.resource_type,
        complete = complete_name(&module.root),
        bounds = declared(&module.root, ": IsSet"),
        parameters = declared(&module.root, ""),
    )
}

/// The marker of a required property.
pub(super) fn marker_name(property: &str) -> String {
    naming::words(property)
        .iter()
        .map(|word| naming::capitalized(&word.to_ascii_lowercase()))
        .collect()
}

fn state_parameter(property: &str) -> String {
    format!("Has{}", marker_name(property))
}

fn required(builder: &Builder) -> impl Iterator<Item = &str> {
    let required = builder.setters.iter().filter(|(_, setter)| setter.required);
    required.map(|(property, _)| property.as_str())
}

/// `HasAction, HasPrincipal`, each mapped; with a comma behind a single one, so that it also reads as a tuple.
fn arguments(builder: &Builder, argument: impl Fn(&str) -> String) -> String {
    required(builder)
        .flat_map(|property| [argument(property), ",".to_owned()])
        .collect()
}

/// `<HasAction = Set, HasPrincipal = Set>`, or nothing.
fn declared(builder: &Builder, suffix: &str) -> String {
    bracketed(arguments(builder, |property| {
        format!("{}{suffix}", state_parameter(property))
    }))
}

/// `<missing::Action, missing::Principal>`, or nothing; properties that are given count as set.
fn initial(builder: &Builder, given: &[String]) -> String {
    let argument = |property: &str| {
        if given.iter().any(|given| given == property) {
            "Set".to_owned()
        } else {
            format!("missing::{}", marker_name(property))
        }
    };
    bracketed(arguments(builder, argument))
}

fn bracketed(arguments: String) -> String {
    if arguments.is_empty() {
        arguments
    } else {
        format!("<{arguments}>")
    }
}
