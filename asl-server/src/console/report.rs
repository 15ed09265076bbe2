//! One page of an execution as a file, to be sent or kept.

use super::frame;
use super::parts::report::Report;
use maud::html;
use serde_json::Value;

/// The page of an execution as one HTML file: what failed and why, the picture, the timeline, what was in every state, and the events. It needs no
/// server, no network and no script, and its data can never become markup.
///
/// The history is what `aws stepfunctions get-execution-history` prints, or what an execution here has recorded; the definition is that of its
/// machine, in JSON. `None`, if there are no events. Of very long histories the first part is shown, and the page says so.
///
/// ```
/// let history = serde_json::json!({"events": [
///     {"id": 1, "type": "ExecutionStarted", "timestamp": 0, "executionStartedEventDetails": {"input": "{}"}},
/// ]});
/// let page = asl_server::report("Order", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#, history).unwrap();
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// ```
#[must_use]
pub fn report(title: &str, definition: &str, history: Value) -> Option<String> {
    let report = Report::of(history, definition)?;
    Some(frame::file(title, &report.draw(title, &html! {})).into_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    const DEFINITION: &str = r#"{"StartAt": "Get", "States": {
        "Get": {"Type": "Pass", "Assign": {"n": 1}, "Next": "<u>Charge</u>"},
        "<u>Charge</u>": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}"#;

    /// An execution whose second state fails.
    fn failed() -> Value {
        let entered = |id: u64, kind: &str, name: &str| {
            json!({"id": id, "previousEventId": id - 1, "timestamp": id, "type": kind,
                "stateEnteredEventDetails": {"name": name, "input": "{\"order\": \"</script>\"}"}})
        };
        json!({"events": [
            {"id": 1, "previousEventId": 0, "timestamp": 0, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{\"whole\": 1}"}},
            entered(2, "PassStateEntered", "Get"),
            {"id": 3, "previousEventId": 2, "timestamp": 3, "type": "PassStateExited",
                "stateExitedEventDetails": {"name": "Get", "output": "{}", "assignedVariables": {"n": "41"}}},
            entered(4, "TaskStateEntered", "<u>Charge</u>"),
            {"id": 5, "previousEventId": 4, "timestamp": 5, "type": "TaskScheduled", "taskScheduledEventDetails": {"resource": "invoke", "resourceType": "lambda", "region": "us-east-1", "parameters": "{\"FunctionName\": \"charge\"}"}},
            {"id": 6, "previousEventId": 5, "timestamp": 6, "type": "TaskFailed", "taskFailedEventDetails": {"resource": "invoke", "resourceType": "lambda", "error": "Card.Declined", "cause": "<img src=x>"}},
            {"id": 7, "previousEventId": 6, "timestamp": 7, "type": "ExecutionFailed", "executionFailedEventDetails": {"error": "Card.Declined", "cause": "<img src=x>"}},
        ]})
    }

    fn all<'p>(page: &'p str, before: &str) -> BTreeSet<&'p str> {
        page.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn everything_is_on_the_page_and_what_failed_is_shown_first() {
        let page = report("Order", DEFINITION, failed()).expect("a history");
        // Panels are there for all that is linked to.
        let (linked, panels) = (all(&page, "href=\"#visit-"), all(&page, "inspect\" id=\"visit-"));
        let panels: BTreeSet<_> =
            panels.into_iter().chain(all(&page, "inspect first\" id=\"visit-")).collect();
        assert_eq!(panels, BTreeSet::from(["0", "1"]));
        assert_eq!(linked, panels);
        assert!(page.contains("class=\"panel inspect first\" id=\"visit-1\""), "{page}");
        for told in ["Card.Declined", "FunctionName", "Variables set here", ">41<", "whole", "Timeline"] {
            assert!(page.contains(told), "{told}");
        }
    }

    #[test]
    fn a_state_tells_which_variables_it_saw_and_what_has_set_them() {
        let definition = json!({"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "B"},
            "B": {"Type": "Pass", "Assign": {"n": 2, "m": 3}, "Next": "C"},
            "C": {"Type": "Parallel", "Next": "D", "Branches": [{"StartAt": "Inner", "States": {
                "Inner": {"Type": "Pass", "Assign": {"own": 4}, "Next": "Last"}, "Last": {"Type": "Pass", "End": true}}}]},
            "D": {"Type": "Pass", "End": true}}});
        let mut events = vec![
            json!({"id": 1, "previousEventId": 0, "timestamp": 0, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}"}}),
        ];
        let mut add = |kind: &str, name: &str, assigned: &str| {
            let id = events.len() as u64 + 1;
            let details = match assigned {
                "" => json!({ "name": name }),
                assigned => {
                    json!({ "name": name, "assignedVariables": serde_json::from_str::<Value>(assigned).unwrap() })
                }
            };
            let field = if kind.ends_with("Entered") {
                "stateEnteredEventDetails"
            } else {
                "stateExitedEventDetails"
            };
            events.push(
                json!({"id": id, "previousEventId": id - 1, "timestamp": id, "type": kind, field: details}),
            );
        };
        for (name, assigned) in [("A", r#"{"n": "71"}"#), ("B", r#"{"n": "72", "m": "73"}"#)] {
            add("PassStateEntered", name, "");
            add("PassStateExited", name, assigned);
        }
        add("ParallelStateEntered", "C", "");
        add("ParallelStateStarted", "", "");
        add("PassStateEntered", "Inner", "");
        add("PassStateExited", "Inner", r#"{"own": "74"}"#);
        add("PassStateEntered", "Last", "");
        add("PassStateExited", "Last", "");
        add("ParallelStateSucceeded", "", "");
        add("ParallelStateExited", "C", "");
        add("PassStateEntered", "D", "");
        let page =
            report("Variables", &definition.to_string(), json!({ "events": events })).expect("a history");
        let panel = |number: usize| {
            let (_, rest) = page.split_once(&format!("id=\"visit-{number}\"")).expect("a panel");
            rest.split("</section>").next().unwrap_or_default().to_owned()
        };
        let shows = |number: usize, texts: &[&str], not: &[&str]| {
            let panel = panel(number);
            assert!(texts.iter().all(|text| panel.contains(text)), "{number}: {panel}");
            assert!(not.iter().all(|text| !panel.contains(text)), "{number}: {panel}");
        };
        shows(0, &["Variables set here", ">71<"], &["set by"]);
        shows(1, &["set by A", ">71<", ">72<"], &[]);
        // The last state of the branch sees what was set in it and around it, and that what was set last.
        shows(4, &["set by B", "set by Inner", ">72<", ">73<", ">74<"], &[">71<", "set by A"]);
        // What was set in a branch ends with it.
        shows(5, &["set by B", ">72<"], &["set by Inner", ">74<"]);
    }

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        let page = report("<u>", DEFINITION, failed()).expect("a history");
        for never in ["<u>", "<img", "<script", "</script", " src=\"", "href=\"/", "href=\"?"] {
            assert!(!page.contains(never), "{never}");
        }
        assert!(page.split("url(").skip(1).all(|place| place.starts_with('#')), "a picture from elsewhere");
    }

    #[test]
    fn a_page_has_an_end_and_says_so() {
        let pass = |id: u64| {
            json!({"id": id, "previousEventId": id - 1, "timestamp": id, "type": "PassStateEntered",
                "stateEnteredEventDetails": {"name": "Get", "input": format!("\"{}\"", "x".repeat(1_000))}})
        };
        let events: Vec<_> = (1..=20_000).map(pass).collect();
        let page = report("Long", DEFINITION, json!({ "events": events })).expect("a history");
        assert!(page.len() < 12 << 20, "{}", page.len());
        assert!(page.contains("of 20,000 events are shown"));
        assert!(page.contains(" visits nothing more is shown"));
    }

    #[test]
    fn what_is_no_history_has_no_page() {
        for nothing in [json!({}), json!([]), json!({ "events": [] }), json!({ "events": [1, {}] })] {
            assert_eq!(report("Order", DEFINITION, nothing), None);
        }
    }
}
