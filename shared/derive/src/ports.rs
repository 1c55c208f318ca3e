//! `#[derive(Ports)]`: implements `shared::Ports` for a struct whose fields are ports of a phase.
//!
//! The derive only walks the fields: what a port means is decided by the phase, not here.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{
    Data, DeriveInput, Error, Field, Fields, GenericArgument, GenericParam, Ident, PathArguments,
    Type,
};

/// The ports without type argument: associated type of `Phase`, and method of the visitor and of the source.
const CAPABILITIES: [(&str, &str); 17] = [
    ("ReadObjects", "read_objects"),
    ("ListObjects", "list_objects"),
    ("WriteObjects", "write_objects"),
    ("DeleteObjects", "delete_objects"),
    ("InvokeModel", "invoke_model"),
    ("SendMessages", "send_messages"),
    ("ReadBuckets", "read_buckets"),
    ("ReadItems", "read_items"),
    ("WriteItems", "write_items"),
    ("QueryItems", "query_items"),
    ("InvokeModels", "invoke_models"),
    ("SubmitJobs", "submit_jobs"),
    ("ReadJobs", "read_jobs"),
    ("FindJobs", "find_jobs"),
    ("StopJobs", "stop_jobs"),
    ("AnswerTasks", "answer_tasks"),
    ("ReadSecret", "read_secret"),
];

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream, Error> {
    let phase = phase_parameter(input)?;
    let ports = fields(input)?
        .iter()
        .map(|field| Port::parse(field, phase))
        .collect::<Result<Vec<_>, _>>()?;
    let name = &input.ident;
    let visits = ports.iter().map(Port::visit);
    let builds = ports.iter().map(Port::build);
    Ok(quote! {
        impl<#phase: ::shared::Phase> ::shared::Ports<#phase> for #name<#phase> {
            fn visit<V: ::shared::PortVisitor<#phase>>(&self, visitor: &mut V) {
                #(#visits)*
            }
            fn build<S: ::shared::PortSource<#phase>>(source: &mut S) -> ::core::result::Result<Self, S::Error> {
                ::core::result::Result::Ok(Self { #(#builds)* })
            }
        }
    })
}

fn phase_parameter(input: &DeriveInput) -> Result<&Ident, Error> {
    let mut parameters = input.generics.params.iter();
    match (parameters.next(), parameters.next()) {
        (Some(GenericParam::Type(parameter)), None) => Ok(&parameter.ident),
        _ => Err(Error::new(
            input.ident.span(),
            "`Ports` needs exactly one type parameter, the phase: `struct Name<P: Phase> { ... }`",
        )),
    }
}

fn fields(
    input: &DeriveInput,
) -> Result<&syn::punctuated::Punctuated<Field, syn::Token![,]>, Error> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(&fields.named),
            other => Err(Error::new_spanned(
                other,
                "ports have names: use a struct with named fields",
            )),
        },
        _ => Err(Error::new(
            input.ident.span(),
            "`Ports` is derived for structs",
        )),
    }
}

struct Port<'a> {
    field: &'a Ident,
    method: Ident,
    setting: Option<&'a Type>,
}

impl<'a> Port<'a> {
    fn parse(field: &'a Field, phase: &Ident) -> Result<Self, Error> {
        let unknown = || {
            let known = CAPABILITIES
                .map(|(capability, _)| format!("{phase}::{capability}"))
                .join("`, `");
            Error::new_spanned(
                &field.ty,
                format!("not a port: use one of `{known}` or `{phase}::Setting<T>`"),
            )
        };
        let name = field.ident.as_ref().ok_or_else(unknown)?;
        let Type::Path(path) = &field.ty else {
            return Err(unknown());
        };
        let segments: Vec<_> = path.path.segments.iter().collect();
        let [owner, capability] = segments.as_slice() else {
            return Err(unknown());
        };
        if owner.ident != *phase {
            return Err(unknown());
        }
        if capability.ident == "Setting" {
            let PathArguments::AngleBracketed(arguments) = &capability.arguments else {
                return Err(unknown());
            };
            let Some(GenericArgument::Type(value)) = arguments.args.first() else {
                return Err(unknown());
            };
            return Ok(Self {
                field: name,
                method: Ident::new("setting", name.span()),
                setting: Some(value),
            });
        }
        let (_, method) = CAPABILITIES
            .iter()
            .find(|(known, _)| capability.ident == known)
            .ok_or_else(unknown)?;
        Ok(Self {
            field: name,
            method: Ident::new(method, name.span()),
            setting: None,
        })
    }

    fn call(&self) -> TokenStream {
        let method = &self.method;
        let value = self.setting.iter();
        quote!(#method #(::<#value>)*)
    }

    fn visit(&self) -> TokenStream {
        let (field, call) = (self.field, self.call());
        let name = field.unraw().to_string();
        quote!(visitor.#call(#name, &self.#field);)
    }

    fn build(&self) -> TokenStream {
        let (field, call) = (self.field, self.call());
        let name = field.unraw().to_string();
        quote!(#field: source.#call(#name)?,)
    }
}
