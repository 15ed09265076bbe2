//! The types of the input and the output: structs and enums, and how they are read from JSON and written as JSON.

use super::ident;
use super::module::emit_doc;
use crate::typed::{Content, Field, Named, Type, Types};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit_types(types: &Types) -> TokenStream {
    let named = types.named.iter().map(|named| emit_named(named, types));
    let is_named = matches!(&types.root, Type::Named(name) if *name == types.name);
    let alias = (!is_named).then(|| {
        let (doc, name, root) = (emit_doc(whole(types), None), ident(&types.name), emit_type(&types.root));
        quote!(#doc pub type #name = #root;)
    });
    quote!(#(#named)* #alias)
}

fn emit_type(found: &Type) -> TokenStream {
    match found {
        Type::Value => quote!(rt::Value),
        Type::Bool => quote!(rt::core::primitive::bool),
        Type::Integer => quote!(rt::core::primitive::i64),
        Type::Number => quote!(rt::core::primitive::f64),
        Type::String => quote!(rt::String),
        Type::Array(inner) => {
            let inner = emit_type(inner);
            quote!(rt::Vec<#inner>)
        }
        Type::Map(inner) => {
            let inner = emit_type(inner);
            quote!(rt::BTreeMap<rt::String, #inner>)
        }
        Type::Optional(inner) => {
            let inner = emit_type(inner);
            quote!(rt::Option<#inner>)
        }
        Type::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// What the whole is.
fn whole(types: &Types) -> &'static str {
    if types.name == "Input" {
        "The input of an execution, as the schema describes it"
    } else {
        "The output of an execution, as the definition makes it"
    }
}

fn emit_named(named: &Named, types: &Types) -> TokenStream {
    let title = if named.name == types.name {
        whole(types).to_owned()
    } else if types.name == "Input" {
        format!("`{}` of the schema of the input", named.name)
    } else {
        format!("`{}` of the output", named.name)
    };
    let doc = emit_doc(&title, named.description.as_deref());
    match &named.content {
        Content::Fields(fields) => emit_struct(&named.name, &doc, fields),
        Content::Variants(variants) => emit_enum(&named.name, &doc, variants),
    }
}

fn emit_struct(name: &str, doc: &TokenStream, fields: &[Field]) -> TokenStream {
    let name = ident(name);
    let declared = fields.iter().map(|field| {
        let doc = emit_doc(&format!("`{}`", field.key), field.description.as_deref());
        let (name, found) = (ident(&field.name), emit_type(&field.r#type));
        quote!(#doc pub #name: #found,)
    });
    let written = fields.iter().map(|field| {
        let (key, name) = (&field.key, ident(&field.name));
        if field.required {
            quote!(rt::typed::write(&mut fields, #key, &self.#name)?;)
        } else {
            quote!(rt::typed::write_some(&mut fields, #key, self.#name.as_ref())?;)
        }
    });
    let read = fields.iter().map(|field| {
        let (key, name) = (&field.key, ident(&field.name));
        let read = if field.required { quote!(read) } else { quote!(read_or_null) };
        quote!(#name: rt::typed::#read(&fields, #key)?,)
    });
    quote! {
        #doc
        #[derive(rt::core::clone::Clone, rt::core::fmt::Debug, rt::core::cmp::PartialEq)]
        pub struct #name {
            #(#declared)*
        }

        impl rt::Serialize for #name {
            fn serialize<S: rt::Serializer>(&self, serializer: S) -> rt::Result<S::Ok, S::Error> {
                let mut fields = rt::typed::no_fields();
                #(#written)*
                rt::Serialize::serialize(&fields, serializer)
            }
        }

        impl<'de> rt::Deserialize<'de> for #name {
            fn deserialize<D: rt::Deserializer<'de>>(deserializer: D) -> rt::Result<Self, D::Error> {
                let fields = rt::typed::fields(deserializer)?;
                rt::Ok(Self { #(#read)* })
            }
        }
    }
}

fn emit_enum(name: &str, doc: &TokenStream, variants: &[(String, String)]) -> TokenStream {
    let name = ident(name);
    let declared = variants.iter().map(|(variant, text)| {
        let (doc, variant) = (emit_doc(&format!("`{text}`"), None), ident(variant));
        quote!(#doc #variant,)
    });
    let written = variants.iter().map(|(variant, text)| {
        let variant = ident(variant);
        quote!(Self::#variant => #text,)
    });
    let read = variants.iter().map(|(variant, text)| {
        let variant = ident(variant);
        quote!((#text, Self::#variant),)
    });
    quote! {
        #doc
        #[derive(
            rt::core::clone::Clone, rt::core::marker::Copy, rt::core::fmt::Debug, rt::core::cmp::PartialEq,
            rt::core::cmp::Eq,
        )]
        pub enum #name {
            #(#declared)*
        }

        impl rt::Serialize for #name {
            fn serialize<S: rt::Serializer>(&self, serializer: S) -> rt::Result<S::Ok, S::Error> {
                serializer.serialize_str(match self { #(#written)* })
            }
        }

        impl<'de> rt::Deserialize<'de> for #name {
            fn deserialize<D: rt::Deserializer<'de>>(deserializer: D) -> rt::Result<Self, D::Error> {
                rt::typed::variant(deserializer, &[#(#read)*])
            }
        }
    }
}
