//! A piece of emitted code and what it yields, so that numbers and conditions are computed as such.

use super::float;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// What a piece of code yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `View<'_>`
    View,
    /// `Operand<'_>`
    Operand,
    /// `Selection<'_>`: chosen elements, not settled yet; always after some setup.
    Selection,
    /// `Settled<'_>`: what chosen elements stand for; always after some setup.
    Settled,
    /// `Data`
    Data,
    /// `Data` that is not settled yet.
    Raw,
    /// `Option<f64>`
    Number,
    /// `bool`
    Boolean,
    /// `Option<bool>`
    Maybe,
    /// `Text`
    Text,
    /// `&'static str`
    Literal,
}

/// The choice of elements by a condition.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The function of the runtime that chooses.
    pub(super) function: &'static str,
    /// What it chooses from: a view.
    pub(super) source: TokenStream,
    /// The closure that says whether an element is chosen.
    pub(super) holds: TokenStream,
    /// The closure changes nothing, so that it can be beside another.
    pub(super) plain: bool,
}

/// A piece of code.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) shape: Shape,
    /// Statements before it, for what it borrows from.
    pub(super) setup: TokenStream,
    pub(super) tokens: TokenStream,
    /// How it is as a side of an operator, where there is a quicker form.
    as_side: Option<TokenStream>,
    /// It depends on nothing that changes while the expression is evaluated: it consists of numbers and of variables from outside.
    pub(super) steady: bool,
    /// How the elements of a selection are chosen.
    pub(super) choice: Option<Box<Choice>>,
}

impl Code {
    pub(super) fn new(shape: Shape, tokens: TokenStream) -> Self {
        Self { shape, setup: TokenStream::new(), tokens, as_side: None, steady: false, choice: None }
    }

    pub(super) fn view(tokens: TokenStream) -> Self {
        Self::new(Shape::View, tokens)
    }

    pub(super) fn operand(tokens: TokenStream) -> Self {
        Self::new(Shape::Operand, tokens)
    }

    /// How the elements of a settled selection are chosen, if that may be done together with what follows.
    pub(super) fn plain_choice(&self) -> Option<&Choice> {
        self.choice.as_deref().filter(|choice| choice.plain && self.shape == Shape::Settled)
    }

    /// `start.name` of a view that is cheap to name twice.
    pub(super) fn field(start: &TokenStream, name: &str) -> Self {
        let as_side = Some(quote!(jsonata::side(#start, #name)));
        Self { as_side, ..Self::operand(quote!(jsonata::field(#start, #name))) }
    }

    pub(super) fn data(tokens: TokenStream) -> Self {
        Self::new(Shape::Data, tokens)
    }

    pub(super) fn raw(tokens: TokenStream) -> Self {
        Self::new(Shape::Raw, tokens)
    }

    pub(super) fn number(tokens: TokenStream) -> Self {
        Self::new(Shape::Number, tokens)
    }

    pub(super) fn boolean(tokens: TokenStream) -> Self {
        Self::new(Shape::Boolean, tokens)
    }

    pub(super) fn maybe(tokens: TokenStream) -> Self {
        Self::new(Shape::Maybe, tokens)
    }

    pub(super) fn text(tokens: TokenStream) -> Self {
        Self::new(Shape::Text, tokens)
    }

    pub(super) fn literal(text: String) -> Self {
        Self::new(Shape::Literal, quote!(#text))
    }

    pub(super) fn number_literal(number: f64) -> Self {
        let number = float(number);
        Self::number(quote!(rt::Some(#number))).steady()
    }

    /// The same, known to depend on nothing that changes.
    pub(super) fn steady(self) -> Self {
        Self { steady: true, ..self }
    }

    pub(super) fn selection(setup: TokenStream, choice: Choice) -> Self {
        let Choice { source, holds, .. } = &choice;
        let function = format_ident!("{}", choice.function);
        let tokens = quote!(jsonata::#function(evaluation, #source, &mut #holds)?);
        Self { setup, choice: Some(Box::new(choice)), ..Self::new(Shape::Selection, tokens) }
    }

    /// Items in order, or chosen by a key, which lend their elements as a selection does.
    pub(super) fn chosen(setup: TokenStream, tokens: TokenStream) -> Self {
        Self { setup, ..Self::new(Shape::Selection, tokens) }
    }

    pub(super) fn nothing() -> Self {
        Self::view(quote!(jsonata::View::Nothing))
    }

    /// The end of its evaluation.
    pub(super) fn settled(self) -> Self {
        match self.shape {
            Shape::Raw => {
                let tokens = self.tokens;
                Self::data(quote!(#tokens.settled()))
            }
            Shape::Selection => {
                let Self { setup, tokens, choice, .. } = self;
                Self { setup, choice, ..Self::new(Shape::Settled, quote!(#tokens.settled())) }
            }
            _ => self,
        }
    }

    /// As `Data` at the end of its evaluation.
    pub(super) fn data_tokens(self) -> TokenStream {
        self.settled().raw_data()
    }

    /// As `Option<Value>` at the end of its evaluation. Numbers and conditions become values where they are wanted, because copying a
    /// value that has just been written costs more than the addition before it.
    pub(super) fn json_tokens(self) -> TokenStream {
        match self.shape {
            Shape::Number | Shape::Boolean | Shape::Maybe => {
                let tokens = self.tokens;
                quote!(jsonata::Scalar::json(#tokens))
            }
            _ => {
                let data = self.data_tokens();
                quote!(#data.into_json())
            }
        }
    }

    /// The end of its evaluation where a `[]` keeps a sequence of one.
    pub(super) fn kept(self) -> Self {
        match self.shape {
            Shape::Number | Shape::Boolean | Shape::Maybe | Shape::Text | Shape::Literal => self,
            Shape::View | Shape::Operand | Shape::Selection | Shape::Settled | Shape::Data | Shape::Raw => {
                let data = self.raw_data();
                Self::data(quote!(#data.kept().settled()))
            }
        }
    }

    /// As `Data`, settled or not.
    pub(super) fn raw_data(self) -> TokenStream {
        let Self { shape, setup, tokens, .. } = self;
        match shape {
            Shape::Data | Shape::Raw => tokens,
            Shape::View => quote!(#tokens.to_data()),
            Shape::Operand => quote!(#tokens.into_data()),
            Shape::Selection | Shape::Settled => quote!({ #setup #tokens.into_data() }),
            Shape::Number => quote!(jsonata::of_number(#tokens)),
            Shape::Boolean => quote!(jsonata::of_boolean(#tokens)),
            Shape::Maybe => quote!(jsonata::of_maybe(#tokens)),
            Shape::Text => quote!(jsonata::of_text(#tokens)),
            Shape::Literal => quote!(jsonata::constant(#tokens)),
        }
    }

    /// As `View<'_>`, which lives as long as the statement that it is in.
    pub(super) fn view_tokens(self) -> TokenStream {
        match self.shape {
            Shape::View => self.tokens,
            Shape::Operand | Shape::Data | Shape::Raw => {
                let tokens = self.settled().tokens;
                quote!(#tokens.view())
            }
            Shape::Selection
            | Shape::Settled
            | Shape::Number
            | Shape::Boolean
            | Shape::Maybe
            | Shape::Text
            | Shape::Literal => {
                let data = self.data_tokens();
                quote!(#data.view())
            }
        }
    }

    /// As a side of an operator that calculates or compares.
    pub(super) fn side(self) -> TokenStream {
        if let (Shape::Operand, Some(side)) = (self.shape, &self.as_side) {
            return side.clone();
        }
        match self.shape {
            Shape::Number | Shape::Literal => self.tokens,
            _ => self.view_tokens(),
        }
    }

    /// As `bool`: whether it holds.
    pub(super) fn condition(self) -> TokenStream {
        match self.shape {
            Shape::Boolean => self.tokens,
            Shape::Maybe => {
                let tokens = self.tokens;
                quote!((#tokens == rt::Some(true)))
            }
            _ => {
                let view = self.view_tokens();
                quote!(#view.holds())
            }
        }
    }

    /// As something with the method `elements`, in a variable, with what must be before the variable.
    pub(super) fn elements_source(self) -> (TokenStream, TokenStream) {
        match self.shape {
            Shape::View | Shape::Operand | Shape::Data | Shape::Selection | Shape::Settled => {
                (self.setup, self.tokens)
            }
            _ => (TokenStream::new(), self.data_tokens()),
        }
    }

    /// Whether it can be kept in a variable as it is, without borrowing from anything.
    pub(super) const fn is_independent(&self) -> bool {
        matches!(self.shape, Shape::Number | Shape::Boolean | Shape::Maybe | Shape::Text | Shape::Literal)
    }

    /// Without borrowing from anything.
    pub(super) fn independent(self) -> Self {
        if self.is_independent() {
            return self;
        }
        match self.shape {
            Shape::Raw | Shape::Selection => Self::raw(self.raw_data()),
            _ => Self::data(self.data_tokens()),
        }
    }
}
