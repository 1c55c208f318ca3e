//! `#[derive(Fields)]`: one struct, two readings. The struct is the data; the struct of its fields is whatever a projection
//! makes of each field.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DeriveInput, Error, Field, Fields, Ident, Type, Visibility};

use crate::json_names::{Rule, SerdeAttributes};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream, Error> {
    if let Some(parameter) = input.generics.params.first() {
        let message =
            "`Fields` is derived for structs without parameters: every field has one type in JSON";
        return Err(Error::new_spanned(parameter, message));
    }
    let rule = SerdeAttributes::read(&input.attrs)?.rename_all;
    let members = named_fields(input)?
        .iter()
        .map(|field| Member::read(field, rule))
        .collect::<Result<Vec<_>, _>>()?;
    let (whole, visibility) = (&input.ident, &input.vis);
    let projected = format_ident!("{whole}Fields");
    let doc = format!("The fields of [`{whole}`], each as the projection `P` has it.");
    let declarations = members.iter().map(Member::declaration);
    let projections = members.iter().map(Member::projection);
    let visits = members.iter().map(Member::visit);
    Ok(quote! {
        #[doc = #doc]
        #visibility struct #projected<P: ::shared::Projection> {
            #(#declarations)*
        }
        impl ::shared::Fields for #whole {
            type Fields<P: ::shared::Projection> = #projected<P>;
            fn project<P: ::shared::Projection>(maker: &impl ::shared::FieldMaker<P>) -> #projected<P> {
                #projected { #(#projections)* }
            }
        }
        impl<P: ::shared::Projection> ::shared::FieldsOf<P> for #projected<P> {
            type Whole = #whole;
            fn visit(&self, visitor: &mut impl ::shared::FieldVisitor<P>) {
                #(#visits)*
            }
        }
    })
}

fn named_fields(
    input: &DeriveInput,
) -> Result<&syn::punctuated::Punctuated<Field, syn::Token![,]>, Error> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(&fields.named),
            _ => Err(Error::new(
                input.ident.span(),
                "only a struct with named fields is an object in JSON",
            )),
        },
        _ => Err(Error::new(
            input.ident.span(),
            "`Fields` is derived for structs; an enum without data derives `Variants`",
        )),
    }
}

struct Member<'a> {
    ident: &'a Ident,
    kind: &'a Type,
    visibility: &'a Visibility,
    documentation: Vec<&'a Attribute>,
    name: String,
    optional: bool,
}

impl<'a> Member<'a> {
    fn read(field: &'a Field, rule: Option<Rule>) -> Result<Self, Error> {
        let attributes = SerdeAttributes::read(&field.attrs)?;
        let optional = is_option(&field.ty);
        if attributes.may_be_left_out && !optional {
            let message = "a field that may be left out of the JSON needs the type `Option<...>`, so that its readers know";
            return Err(Error::new_spanned(&field.ty, message));
        }
        let ident = field
            .ident
            .as_ref()
            .ok_or_else(|| Error::new_spanned(field, "a field without a name"))?;
        let plain = ident.unraw().to_string();
        Ok(Self {
            ident,
            kind: &field.ty,
            visibility: &field.vis,
            documentation: field
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("doc"))
                .collect(),
            name: attributes.rename.unwrap_or_else(|| {
                rule.map_or_else(|| plain.clone(), |rule| rule.of_field(&plain))
            }),
            optional,
        })
    }

    fn declaration(&self) -> TokenStream {
        let (documentation, visibility) = (&self.documentation, self.visibility);
        let (ident, kind) = (self.ident, self.kind);
        quote!(#(#documentation)* #visibility #ident: P::Of<#kind>,)
    }

    fn presence(&self) -> TokenStream {
        if self.optional {
            quote!(::shared::Presence::Optional)
        } else {
            quote!(::shared::Presence::Required)
        }
    }

    fn projection(&self) -> TokenStream {
        let (ident, kind, name, presence) = (self.ident, self.kind, &self.name, self.presence());
        quote!(#ident: maker.field::<#kind>(#name, #presence),)
    }

    fn visit(&self) -> TokenStream {
        let (ident, kind, name) = (self.ident, self.kind, &self.name);
        quote!(visitor.field::<#kind>(#name, &self.#ident);)
    }
}

/// Whether the type is written `Option<...>`, also where a macro has written it.
fn is_option(kind: &Type) -> bool {
    match kind {
        Type::Group(group) => is_option(&group.elem),
        Type::Paren(paren) => is_option(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|segment| segment.ident == "Option")
        }
        _ => false,
    }
}
