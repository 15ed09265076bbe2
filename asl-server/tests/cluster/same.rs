//! The same execution over a cluster and over a folder: the same end, and the same events.

use crate::{ARNS, ask, ended, serve, start};
use asl_server::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a worker of the activity answers.
const ANSWERS: [(&str, &str); 2] = [("SendTaskSuccess", "\"yes\""), ("SendTaskSuccess", "\"no\"")];

pub(crate) async fn histories_are_those_of_a_folder(cluster: &Server, folder: &Server) {
    ask(folder, "CreateActivity", json!({ "name": "Ask" })).await;
    for (name, definition) in [("errand", serve::ERRAND), ("pause", serve::PAUSE)] {
        let made = json!({ "name": name, "definition": definition, "roleArn": "arn:aws:iam::000000000000:role/local" });
        ask(folder, "CreateStateMachine", made).await;
    }
    for (action, output) in ANSWERS {
        let name = output.trim_matches('"');
        let mut told = Vec::new();
        for server in [cluster, folder] {
            let execution = start(server, "errand", name, &json!({ "items": [1, 2, 3] })).await;
            let task = ask(
                server,
                "GetActivityTask",
                json!({ "activityArn": format!("{ARNS}:activity:Ask"), "workerName": "w" }),
            )
            .await;
            assert_eq!(
                ask(server, "SendTaskHeartbeat", json!({ "taskToken": task["taskToken"] })).await,
                json!({})
            );
            let answer = json!({ "taskToken": task["taskToken"], "output": output });
            assert_eq!(ask(server, action, answer.clone()).await, json!({}));
            let end = ended(server, &execution).await;
            assert_eq!(server.call(action, answer).await.unwrap_err().kind, "TaskTimedOut");
            let first =
                ask(server, "GetExecutionHistory", json!({ "executionArn": execution, "maxResults": 7 }))
                    .await;
            let rest =
                json!({ "executionArn": execution, "maxResults": 1000, "nextToken": first["nextToken"] });
            let rest = ask(server, "GetExecutionHistory", rest).await;
            let events = [&first, &rest].map(|page| page["events"].as_array().unwrap().clone()).concat();
            assert!(is_in_order(&events));
            told.push((without_dates(&end), by_lane(&events)));
        }
        assert_eq!(told[0], told[1], "{name}");
        let status = if name == "yes" { "SUCCEEDED" } else { "FAILED" };
        assert_eq!(told[0].0["status"], status);
    }
}

fn is_in_order(events: &[Value]) -> bool {
    events.iter().enumerate().all(|(place, event)| event["id"] == place + 1)
        && events.is_sorted_by_key(|event| event["timestamp"].as_f64().unwrap().to_bits())
}

/// What is not of one moment, nor of one place.
fn without_dates(end: &Value) -> Value {
    let mut end = end.clone();
    for date in ["startDate", "stopDate", "redriveStatus", "redriveStatusReason"] {
        end.as_object_mut().unwrap().remove(date);
    }
    end
}

/// The events of each line of states, in their order: which of two lanes comes first is chance.
fn by_lane(events: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut lanes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in events {
        let mut root = event;
        let mut way = Vec::new();
        while let Some(before) = root["previousEventId"].as_u64().filter(|before| *before > 0) {
            root = &events[usize::try_from(before).unwrap() - 1];
            way.push(kind(root));
        }
        way.reverse();
        lanes.entry(way.join(" ")).or_default().push(told(event));
    }
    lanes.values_mut().for_each(|told| told.sort());
    lanes
}

fn kind(event: &Value) -> String {
    event["type"].as_str().unwrap().to_owned()
}

/// What an event tells, but for its number, its moment, and what is drawn by chance.
fn told(event: &Value) -> String {
    let mut event = event.clone();
    let fields = event.as_object_mut().unwrap();
    for drawn in ["id", "previousEventId", "timestamp", "mapRunStartedEventDetails"] {
        fields.remove(drawn);
    }
    event.to_string()
}
