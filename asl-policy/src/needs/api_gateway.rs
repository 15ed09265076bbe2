//! Management of API Gateway: its actions of IAM are HTTP methods, and its resources the paths of requests.
//!
//! In: an action of the API. Out: the ARN with the path of its request, where the reference has a form like it. A wrong ARN is worse than `*`.

use super::resources::{self, AMBIGUOUS, is_arn};
use super::{DYNAMIC, Need};
use crate::arn::{Arn, Piece};
use crate::authorization::{self, Action};
use crate::workflow::{Argument, ServiceCall};
use asl_compiler::services::sdk;
use asl_compiler::services::wire::{Parts, Request, Type, WirePlace};

const GUIDE: &str = "API Gateway Developer Guide, Control access to a REST API with IAM permissions";

/// What an action needs: its method on its path.
pub(super) fn needs(call: &ServiceCall<'_>, service: &str, action: &str) -> Vec<Need> {
    let actions = authorization::actions(service, action);
    let request = sdk(service)
        .and_then(|service| service.action(&authorization::small(action)))
        .and_then(|action| action.request(true));
    // Private domains have an identifier in their ARNs that is not in the path.
    let request = request.filter(|_| call.parameters.get("DomainNameId").is_none());
    let Some(request) = request else { return resources::needs(call, &actions) };
    actions.iter().map(|action| one(call, action, &request)).collect()
}

fn one(call: &ServiceCall<'_>, action: &Action, request: &Request) -> Need {
    if action.name != format!("apigateway:{}", request.method) {
        return resources::one(call, action);
    }
    let path = request.path.split('?').next().unwrap_or_default();
    let path = path.strip_prefix("/v2").unwrap_or(path);
    let forms =
        action.types.iter().filter_map(|kind| kind.arn.find(":/").map(|at| kind.arn.split_at(at + 1)));
    let form = forms.clone().find(|(_, form)| is_like(form, path));
    let (arn, wide) = match form {
        Some((place, form)) => filled(call, request, place, form, path),
        None => (Arn::any(), Some(AMBIGUOUS)),
    };
    Need::new(call, &[&action.name], vec![arn]).wide(wide).source(GUIDE)
}

/// Whether a path has the parts of a form, some of which are open: `/restapis/${RestApiId}` and `/restapis/{0}`.
fn is_like(form: &str, path: &str) -> bool {
    let is_open = |part: &str| part.starts_with("${") && part.ends_with('}') && !part.contains('+');
    let same = |(form, part): (&str, &str)| form == part || (is_open(form) && label(part).is_some());
    form.split('/').count() == path.split('/').count() && form.split('/').zip(path.split('/')).all(same)
}

/// The number of the parameter that a part of a path is.
fn label(part: &str) -> Option<usize> {
    part.strip_prefix('{')?.trim_end_matches(['}', '+']).parse().ok()
}

fn filled(
    call: &ServiceCall<'_>,
    request: &Request,
    place: &str,
    form: &str,
    path: &str,
) -> (Arn, Option<&'static str>) {
    let labels: Vec<&str> = labels(request).collect();
    let mut arn = resources::place(place);
    let mut wide = None;
    for (form, part) in form.split('/').zip(path.split('/')).skip(1) {
        arn = arn.and_text("/");
        let Some(number) = label(part) else {
            arn = arn.and_text(part);
            continue;
        };
        let value = labels.get(number).and_then(|name| call.parameters.any_case(name));
        let encodes = form.starts_with("${UrlEncoded");
        arn = match value.as_deref() {
            Some([Argument::Constant(text)]) if !encodes => arn.and_text(text),
            Some([Argument::Constant(text)]) if is_arn(text) && text.starts_with("arn:") => {
                arn.and_text(&text.replace(':', "%3A").replace('/', "%2F"))
            }
            _ => {
                wide = Some(DYNAMIC);
                arn.and(Piece::Many)
            }
        };
    }
    (arn, wide)
}

/// The parameters that are parts of the path, in the order in which it counts them.
fn labels(request: &Request) -> impl Iterator<Item = &str> {
    let shape = if let Type::Shape(number) = request.input { Some(usize::from(number)) } else { None };
    let members = shape.and_then(|number| request.shapes.get(number));
    let members = match members {
        Some(Parts::Structure(members)) => members.as_slice(),
        Some(Parts::List(_) | Parts::Map(..)) | None => &[],
    };
    members.iter().filter(|member| member.sent.place == WirePlace::Path).map(|member| member.name.as_str())
}
