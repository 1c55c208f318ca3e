//! `#[derive(Variants)]`: all values of an enum without data.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Error, Fields, Variant};

use crate::json_names::SerdeAttributes;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream, Error> {
    let Data::Enum(data) = &input.data else {
        let message = "`Variants` is derived for enums";
        return Err(Error::new(input.ident.span(), message));
    };
    let rule = SerdeAttributes::read(&input.attrs)?.rename_all;
    let name = &input.ident;
    let variants = data.variants.iter().collect::<Vec<_>>();
    let names = variants
        .iter()
        .map(|variant| json_name(variant, rule))
        .collect::<Result<Vec<_>, _>>()?;
    let idents = variants
        .iter()
        .map(|variant| &variant.ident)
        .collect::<Vec<_>>();
    Ok(quote! {
        impl ::shared::Variants for #name {
            const ALL: &'static [Self] = &[#(Self::#idents),*];
            fn name(self) -> &'static str {
                match self { #(Self::#idents => #names,)* }
            }
        }
    })
}

fn json_name(variant: &Variant, rule: Option<crate::json_names::Rule>) -> Result<String, Error> {
    if !matches!(variant.fields, Fields::Unit) {
        let message = "a variant with data is no text in JSON: `Variants` needs variants without";
        return Err(Error::new(variant.ident.span(), message));
    }
    let written = SerdeAttributes::read(&variant.attrs)?.rename;
    let ident = variant.ident.unraw().to_string();
    Ok(written
        .unwrap_or_else(|| rule.map_or_else(|| ident.clone(), |rule| rule.of_variant(&ident))))
}
