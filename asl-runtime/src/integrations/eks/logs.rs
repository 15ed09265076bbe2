//! The logs of the pods of a job.
//!
//! In: a job that has ended. Out: `{"pods": {"<pod>": {"containers": {"<container>": {"log": ..}}}}}`, JSON in logs as such. A log that cannot
//! be read is told by `error` and `cause` in its place: that is not an error of the task.

use super::Eks;
use super::cluster::Request;
use super::job::Run;
use super::parse::query;
use crate::integrations::address::segment;
use crate::integrations::parameters::Multi;
use asl_engine::error::TaskError;
use asl_value::{Object, Value};

/// `LogOptions`
#[derive(Clone, Debug, Default)]
pub(super) struct LogOptions {
    pub(super) retrieved: bool,
    /// Logs stay texts.
    pub(super) raw: bool,
    /// What the cluster is asked besides.
    pub(super) parameters: Multi,
}

impl Eks {
    /// The logs of all pods of a job.
    pub(super) async fn logs(&self, run: &Run, job: &str) -> Value {
        let selector = vec![("labelSelector".to_owned(), vec![format!("job-name={job}")])];
        let path = format!("/api/v1/namespaces/{}/pods", run.namespace);
        let listed = self.json(&run.place, format!("{path}{}", query(&selector))).await;
        let list = match listed {
            Ok(list) => list,
            Err(error) => return untold(&error).into(),
        };
        let mut pods = Object::new();
        for pod in list.get("items").and_then(Value::as_array).into_iter().flat_map(|items| items.iter()) {
            let Some(name) = pod.get("metadata").and_then(|metadata| metadata.get("name")?.as_str()) else {
                continue;
            };
            let mut containers = Object::new();
            for container in containers_of(pod) {
                containers.insert(container, self.log(run, &path, name, container).await);
            }
            pods.insert(name, object("containers", containers.into()));
        }
        object("pods", pods.into())
    }

    async fn log(&self, run: &Run, pods: &str, pod: &str, container: &str) -> Value {
        let Ok(pod) = segment(pod) else { return Object::new().into() };
        let mut parameters = run.logs.parameters.clone();
        parameters.retain(|(name, _)| name != "container");
        parameters.push(("container".to_owned(), vec![container.to_owned()]));
        let path = format!("{pods}/{pod}/log{}", query(&parameters));
        let asked = async { self.ask(&run.place, Request::get(path)).await?.text(&run.place).await };
        match asked.await {
            Ok(text) if run.logs.raw => object("log", text.into()),
            Ok(text) => object("log", Value::from_json(&text).unwrap_or_else(|_| text.into())),
            Err(error) => untold(&error).into(),
        }
    }
}

fn containers_of(pod: &Value) -> impl Iterator<Item = &str> {
    let containers = pod.get("spec").and_then(|spec| spec.get("containers")?.as_array());
    containers.into_iter().flat_map(|all| all.iter()).filter_map(|container| container.get("name")?.as_str())
}

fn untold(error: &TaskError) -> Object {
    let mut untold = Object::new();
    untold.insert("error", error.error());
    untold.insert("cause", error.cause().unwrap_or_default());
    untold
}

fn object(name: &'static str, value: Value) -> Value {
    let mut object = Object::new();
    object.insert(name, value);
    object.into()
}
