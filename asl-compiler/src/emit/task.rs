//! Task states.

use super::after::emit_after;
use super::expression::{Sees, emit_expression, emit_with_query};
use super::path::{emit_select, emit_with_input};
use super::template::{emit_parameters, emit_template};
use crate::ir::{Seconds, Settings, State, Task};
use asl_language::resource::is_http_invoke;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn emit_enter(task: &Task, settings: Settings) -> TokenStream {
    // Every field is named, so that a new one does not compile before it is emitted.
    let Task {
        resource,
        input,
        parameters,
        credentials,
        timeout,
        heartbeat,
        // They count when there is a result, or an error.
        after: _,
        retriers: _,
        catchers: _,
    } = task;
    let parameters = emit_parameters(parameters.as_ref());
    let timeout = emit_seconds(timeout.as_ref(), "TimeoutSecondsPath");
    let heartbeat = emit_seconds(heartbeat.as_ref(), "HeartbeatSecondsPath");
    let effect = quote!(rt::task(#resource, #parameters, #timeout, #heartbeat));
    let effect = match credentials {
        None => effect,
        Some(template) => {
            let credentials = emit_template(template, &quote!(input));
            quote!(rt::with_credentials(#effect, #credentials))
        }
    };
    let tell = settings.tell("AfterInputPath", &quote!(input));
    let sees = if task.gives_token() { Sees::TaskToken } else { Sees::Input };
    emit_with_query(sees, emit_with_input(input, quote!(#tell #effect)))
}

fn emit_seconds(seconds: Option<&Seconds>, field: &str) -> TokenStream {
    match seconds {
        None => quote!(rt::None),
        Some(Seconds::Constant(seconds)) => {
            let seconds = Literal::u64_unsuffixed(*seconds);
            quote!(rt::seconds(#seconds))
        }
        Some(Seconds::Expression(expression)) => emit_expression(expression, "seconds"),
        Some(Seconds::Path(path)) => {
            let (value, text) = (emit_select(path, &quote!(&*data)), &path.text);
            quote!(rt::seconds_path(&#value, #field, #text)?)
        }
    }
}

pub(super) fn emit_resume(states: &[State], task: &Task, settings: Settings) -> TokenStream {
    let is_unwrapped = settings.unwrap_response_body && is_http_invoke(&task.resource);
    let unwrap = is_unwrapped.then(|| quote!(let result = &mut rt::response_body(rt::take(result));));
    let after = emit_after(states, &task.after, settings);
    quote!(#unwrap #after)
}
