//! What a program has as constants about an action, made of what the compiler says about it. It stays for as long as the process runs.

use asl_compiler::services::wire::{self, Request};
use asl_engine::generated::action::{Action, Form, Question, Shape, WirePart};

/// The action of a request.
pub(crate) fn action(request: Request) -> Action {
    let Request {
        protocol,
        prefix,
        endpoint,
        signing,
        target,
        version,
        namespace,
        hosts,
        // It decides the names of the members, and nothing else.
        sdk_names: _,
        operation,
        method,
        path,
        host_prefix,
        root,
        checksum,
        errors,
        codes,
        input,
        output,
        shapes,
        form,
    } = request;
    Action {
        protocol,
        prefix,
        endpoint,
        signing,
        target,
        version,
        namespace,
        hosts: hosts.leak(),
        operation: operation.leak(),
        method,
        path: path.leak(),
        host_prefix: host_prefix.leak(),
        root: root.leak(),
        checksum,
        errors: list(errors, |error| &*error.leak()),
        codes: codes.leak(),
        input,
        output,
        shapes: list(shapes, shape),
        form: form.map(self::form),
    }
}

fn form(form: wire::Formed) -> Form {
    let wire::Formed { taken, given, lookup } = form;
    let lookup = lookup.map(|(request, parameters, finding)| {
        let action: &'static Action = Box::leak(Box::new(action(*request)));
        (Question { action, parameters }, finding)
    });
    Form { taken, given, lookup }
}

fn shape(parts: wire::Parts) -> Shape {
    match parts {
        wire::Parts::Structure(members) => Shape::Structure(list(members, part)),
        wire::Parts::List(element) => Shape::List(part(element)),
        wire::Parts::Map(key, value) => Shape::Map(part(key), part(value)),
    }
}

fn part(part: wire::WirePart) -> WirePart {
    let wire::WirePart { name, wire, type_, sent } = part;
    let wire::Sent { place, format, flattened, is_token, is_json } = sent;
    WirePart { name: name.leak(), wire: wire.leak(), type_, place, format, flattened, is_token, is_json }
}

fn list<T, U>(elements: Vec<T>, convert: impl FnMut(T) -> U) -> &'static [U] {
    elements.into_iter().map(convert).collect::<Vec<_>>().leak()
}
