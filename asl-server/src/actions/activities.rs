//! Activities: made, described, listed, deleted.

use super::pages::Page;
use super::{Answer, Request, settings};
use crate::arn::{self, ArnKind, Named};
use crate::control::{Activity, Change, State};
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_runtime::Identity;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `CreateActivity`: one that is there already is the same.
pub(super) async fn create(server: &Arc<Inner>, request: &Request) -> Answer {
    let (name, now) = (request.required("name"), Date::now());
    arn::check_name(name)?;
    let tags = settings::tags(request)?;
    let encryption = request.value("encryptionConfiguration").cloned();
    server
        .control
        .change(|state| {
            let known = state.activities.get(name);
            if known.is_some_and(|known| known.encryption != encryption) {
                return Err(ApiError::about("ActivityAlreadyExists", &arn_of(server.identity(), name)));
            }
            let answer = json!({
                "activityArn": arn_of(server.identity(), name),
                "creationDate": Value::from(known.map_or(now, |known| known.created)),
            });
            let made = || {
                Change::ActivityCreated(Box::new(Activity {
                    name: name.to_owned(),
                    created: now,
                    encryption,
                    tags,
                }))
            };
            Ok((known.is_none().then(made).into_iter().collect(), answer))
        })
        .await
}

/// `DescribeActivity`
pub(super) fn describe(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("activityArn");
    let name = named(server, arn)?;
    let state = server.control.read();
    let activity = state.activities.get(name).ok_or_else(|| ApiError::about("ActivityDoesNotExist", arn))?;
    let mut answer = Map::new();
    answer.insert("activityArn".to_owned(), arn.into());
    answer.insert("name".to_owned(), name.into());
    answer.insert("creationDate".to_owned(), activity.created.into());
    let encryption = settings::encryption(activity.encryption.as_ref());
    answer.insert("encryptionConfiguration".to_owned(), encryption);
    Ok(answer.into())
}

/// `ListActivities`
pub(super) fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let page = Page::read(request, "ListActivities")?;
    let state = server.control.read();
    let entries = state.activities.values().map(|activity| {
        let entry = json!({
            "activityArn": arn_of(server.identity(), &activity.name),
            "name": activity.name,
            "creationDate": Value::from(activity.created),
        });
        (activity.name.clone(), entry)
    });
    Ok(page.of("activities", entries))
}

/// `DeleteActivity`: one that is not there is gone already.
pub(super) async fn delete(server: &Arc<Inner>, request: &Request) -> Answer {
    let Named::Activity { name } = ArnKind::Activity.read(request.required("activityArn"))? else {
        return Ok(json!({}));
    };
    server
        .control
        .change(|state| {
            let deleted = || Change::ActivityDeleted { activity: name.to_owned() };
            Ok((state.activities.contains_key(name).then(deleted).into_iter().collect(), json!({})))
        })
        .await
}

/// The name of an activity that is there.
pub(super) fn named<'a>(server: &Inner, arn: &'a str) -> Result<&'a str, ApiError> {
    if let Named::Activity { name } = ArnKind::Activity.read(arn)?
        && exists(&server.control.read(), server.identity(), arn)
    {
        return Ok(name);
    }
    Err(ApiError::about("ActivityDoesNotExist", arn))
}

/// Whether there is an activity with this ARN.
pub(crate) fn exists(state: &State, identity: &Identity, arn: &str) -> bool {
    let Ok(Named::Activity { name }) = arn::parse(arn) else { return false };
    arn_of(identity, name) == arn && state.activities.contains_key(name)
}

fn arn_of(identity: &Identity, name: &str) -> String {
    identity.arn_of("activity", &[name]).to_string()
}
