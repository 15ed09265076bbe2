//! Integrations that start a job: with `.sync` the machine waits for its end, which takes asking for it, stopping it, and mostly a
//! rule of EventBridge that Step Functions manages. Which these are is in the rows of the integrations.

use super::{Need, data, resources, roles};
use crate::arn::Arn;
use crate::authorization::{self, capital};
use crate::workflow::{Argument, ServiceCall};
use asl_compiler::services::{OptimisedAction, Permission, integration};
use asl_language::resource::Suffix;

/// What an action of an integration needs, as its row says; an action that has no row needs what is called like it.
pub(super) fn needs(
    call: &ServiceCall<'_>,
    service: &str,
    action: &str,
    suffix: Option<Suffix>,
) -> Vec<Need> {
    let mut needs = match integration(service).and_then(|integration| integration.action(action)) {
        Some(row) => of_row(call, service, row, suffix.unwrap_or(Suffix::None)),
        None => resources::named_needs(call, &[&format!("{service}:{}", capital(action))]),
    };
    needs.extend(data::needs(call, service, &capital(action)));
    needs
}

fn of_row(call: &ServiceCall<'_>, service: &str, row: &OptimisedAction, suffix: Suffix) -> Vec<Need> {
    let mut needs = allowed(call, row.begins_with());
    add_facts(&mut needs, call, service);
    needs.extend(allowed(call, row.waits_with(suffix)));
    needs.extend(row.rule(suffix).map(|name| rule(call, name)));
    if let Some(principal) = row.passes_role_to() {
        needs.extend(roles::passed_to_job(call, service, principal));
    }
    needs
}

fn allowed(call: &ServiceCall<'_>, permissions: impl IntoIterator<Item = Permission>) -> Vec<Need> {
    let actions = permissions.into_iter().flat_map(|permission| match permission {
        Permission::Api(service, action) => authorization::actions(service, action),
        Permission::Named(name) => vec![authorization::action(name)],
    });
    resources::needs(call, &actions.collect::<Vec<_>>())
}

/// A policy may ask in which cluster a task runs.
fn add_facts(needs: &mut [Need], call: &ServiceCall<'_>, service: &str) {
    let Some(Argument::Constant(cluster)) = call.parameters.get("Cluster").filter(|_| service == "ecs")
    else {
        return;
    };
    let arn = if resources::is_arn(cluster) {
        Arn::written(cluster)
    } else {
        Arn::here("ecs", "cluster/").and_text(cluster)
    };
    needs.iter_mut().for_each(|need| need.facts.push(("ecs:cluster", arn.clone())));
}

/// The rule by which Step Functions is notified of the end of a job.
pub(super) fn rule(call: &ServiceCall<'_>, name: &str) -> Need {
    let actions = ["events:DescribeRule", "events:PutRule", "events:PutTargets"];
    Need::new(call, &actions, vec![Arn::here("events", "rule/").and_text(name)])
}
