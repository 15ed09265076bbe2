//! `|pattern|update,delete|`

use super::Emitter;
use super::code::Code;
use crate::jsonata::tree::Transform;
use quote::quote;

impl Emitter {
    pub(super) fn transform(&mut self, transform: &Transform) -> Code {
        self.scope.enter_closure();
        let check = self.scope.is_declared("clone").then(|| {
            let clone = self.variable("clone").view_tokens();
            quote!(jsonata::check_clone(#clone)?;)
        });
        let outer = self.scope.enter_context();
        let pattern = self.expression(&transform.pattern).data_tokens();
        let update = self.expression(&transform.update).data_tokens();
        let delete = transform.delete.as_ref().map(|delete| self.expression(delete).data_tokens());
        let delete = delete.unwrap_or_else(|| quote!(jsonata::Data::Nothing));
        self.scope.leave_context(outer);
        let captured = self.scope.leave_closure();
        let (before, inside) = (captured.before, captured.inside);
        Code::data(quote!({
            #before
            jsonata::Data::Function(jsonata::transformer(move |evaluation, document| {
                #inside
                #check
                let mut transformation = jsonata::Transformation::of(document);
                let document = transformation.document();
                let context = jsonata::View::Value(&document);
                let matches = #pattern;
                for matched in matches.view().elements() {
                    evaluation.step()?;
                    let current = transformation.current(matched);
                    let context = current.view();
                    let update = #update;
                    transformation.update(matched, update.view())?;
                    let current = transformation.current(matched);
                    let context = current.view();
                    let delete = #delete;
                    transformation.delete(matched, delete.view())?;
                }
                transformation.result(evaluation)
            }))
        }))
    }
}
