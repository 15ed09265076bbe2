//! What states tell of their data on its way through their fields, in code that is generated for tests of single states.

use super::ident;
use crate::ir::Settings;
use proc_macro2::TokenStream;
use quote::quote;

impl Settings {
    /// `context.passed(rt::Stage::AfterInputPath, input);`
    pub(super) fn tell(self, stage: &str, value: &TokenStream) -> TokenStream {
        if !self.tell_stages {
            return TokenStream::new();
        }
        // The runtime's enum has the same names.
        let stage = ident(stage);
        quote!(context.passed(rt::Stage::#stage, #value);)
    }
}
