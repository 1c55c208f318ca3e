//! The derives of `shared`: they walk the fields of contracts and of the types that contracts exchange.
#![warn(missing_docs)]

mod fields;
mod json_names;
mod ports;
mod variants;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Expanded;
use syn::{DeriveInput, Error, parse_macro_input};

/// Implements `Ports` for `struct Name<P: Phase> { pub field: P::ReadObjects, pub setting: P::Setting<T>, ... }`.
#[proc_macro_derive(Ports)]
pub fn derive_ports(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    tokens(ports::expand(&input))
}

/// Implements `Fields` for a struct that travels as a JSON object, and writes the struct of its fields: `NameFields<P>` has
/// the same fields, each as the projection `P` has it.
///
/// The JSON names are serde's: `rename` and `rename_all` are read. What makes the JSON differ from the struct's own shape
/// (`flatten`, `untagged`, `with` ...) is refused.
#[proc_macro_derive(Fields, attributes(serde))]
pub fn derive_fields(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    tokens(fields::expand(&input))
}

/// Implements `Variants` for an enum without data: all its values, and the text that serde writes for each.
#[proc_macro_derive(Variants, attributes(serde))]
pub fn derive_variants(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    tokens(variants::expand(&input))
}

fn tokens(expanded: Result<Expanded, Error>) -> TokenStream {
    expanded.unwrap_or_else(Error::into_compile_error).into()
}
