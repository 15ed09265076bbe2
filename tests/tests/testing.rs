//! Tests with mocked tasks: `machine::test()`, and the cases of test files.

use asl_runtime::test::{Case, StepPattern, TestRun};
use asl_runtime::{TaskError, Value, asl_machine};
use serde_json::json;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

asl_machine!("testing/machine.json");
asl_machine!(mod distributed = "testing/distributed.json");
asl_machine!(mod refused = "testing/refused.json");

/// A run that gets through.
async fn through() -> TestRun {
    machine::test()
        .input(json!({"items": [1, 2, 4, 2]}))
        .mock("Right", Ok(1))
        .mock_iteration("Double", 1, Ok("first"))
        .mock_with("Double", |task| Ok(task.parameters().as_i64().unwrap_or(0) * 2))
        .run()
        .await
}

/// What a failed assertion says.
fn complaint(assertion: impl FnOnce()) -> String {
    match std::panic::catch_unwind(AssertUnwindSafe(assertion)) {
        Ok(()) => String::from("nothing"),
        Err(caught) => caught.downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

#[tokio::test]
async fn mocks_answer_by_state_iteration_and_function() {
    let run = through().await;
    run.assert_output(json!({"items": [1, "first", 8, 4]}))
        .assert_path(["Prepare", "Each", "Done"])
        .assert_sent("Double", [2, 4, 2]);
}

#[tokio::test]
async fn the_path_has_branches_and_iterations() {
    let run = through().await;
    let path: Vec<Value> = run.steps().iter().map(asl_runtime::test::PathStep::to_json).collect();
    let expected = json!([
        {"Prepare": [["Left", "Left End"], ["Right"]]},
        {"Each": [["Even?", "Odd"], ["Even?", "Double"], ["Even?", "Double"], ["Even?", "Double"]]},
        "Done",
    ]);
    assert_eq!(Value::from(path), Value::from(expected));
    assert!(StepPattern::from_json(&json!({"A": [["B"]]}).into()).is_some());
}

#[tokio::test]
async fn a_retry_of_branches_is_waited_for_and_goes_through_them_again() {
    let run = machine::test()
        .input(json!({"items": []}))
        .mock_error("Right", "Flaky", "not today")
        .mock("Right", Ok(1))
        .run()
        .await;
    run.assert_output(json!({"items": []}));
    assert_eq!((run.retries("Prepare"), run.passed()), (1, Duration::from_secs(3)));
    assert_eq!(run.steps()[0].lanes.len(), 4);
    assert_eq!(run.coverage().states["Right"], 2);
    assert_eq!(run.coverage().transitions[&("Prepare".into(), "Each".into())], 1);
}

#[tokio::test]
async fn callbacks_and_activities_are_mocked_too() {
    let test = || {
        machine::test().input(json!({"items": [2]})).mock("Right", Ok(1)).mock_error(
            "Double",
            "TooLarge",
            "2 is too much",
        )
    };
    let run = test().mock("Approve", Ok("yes")).mock("Work", Ok(json!({"done": true}))).run().await;
    run.assert_output(json!({"done": true})).assert_sent("Work", ["yes"]);
    assert_eq!(run.coverage().catchers[&("Each".into(), 0)], 1);
    let run = test().mock_after("Approve", Duration::from_secs(3600), Ok("late")).run().await;
    run.assert_error("States.Timeout");
    assert_eq!(run.passed(), Duration::from_secs(60));
    let run = test().mock("Approve", Ok(1)).mock_error("Work", "Lazy", "").run().await;
    let path = run.path();
    run.assert_error("Lazy").assert_path(path);
}

#[tokio::test]
async fn what_aws_refuses_fails_although_it_is_mocked() {
    let test = |order: serde_json::Value| {
        let test = refused::test().input(json!({ "order": order })).mock("Ask", Ok("yes"));
        test.mock("Call", Ok(json!({ "Payload": "done" })))
    };
    test(json!({ "id": 1 })).run().await.assert_output(json!({ "is": "done" }));
    let run = test(json!(1)).run().await;
    run.assert_error("States.Runtime");
    let cause = run.error().unwrap().cause().unwrap_or_default().to_owned();
    assert!(cause.ends_with("[The value for the field 'Payload' must be a STRING]"), "{cause}");
}

#[tokio::test]
async fn a_token_that_comes_later_than_a_heartbeat_is_a_timeout() {
    let test = |after| {
        let test = refused::test().input(json!({ "order": {} })).mock("Call", Ok(json!({ "Payload": 1 })));
        test.mock_after("Ask", Duration::from_secs(after), Ok("yes"))
    };
    test(200).run().await.assert_output(json!({ "is": 1 }));
    let run = test(400).run().await;
    run.assert_error("States.Timeout");
    assert_eq!(run.passed(), Duration::from_secs(300));
}

#[tokio::test]
async fn the_executions_of_a_distributed_map_are_in_its_path() {
    let run = distributed::test()
        .object("orders", "today.json", "[1, 2]")
        .mock_error("Handle", "Busy", "")
        .mock_with("Handle", |task| Ok(task.parameters().clone()))
        .run()
        .await;
    run.assert_output(json!([1, 2])).assert_sent("Handle", [1, 1, 2]);
    let path: Vec<Value> = run.steps().iter().map(asl_runtime::test::PathStep::to_json).collect();
    assert_eq!(Value::from(path), Value::from(json!([{"Each": [["Handle"], ["Handle"]]}])));
}

#[tokio::test]
async fn a_task_without_a_mock_says_whose_it_is() {
    let run = machine::test().input(json!({"items": []})).run().await;
    let cause = run.error().and_then(|error| error.cause()).unwrap_or_default();
    assert!(cause.contains("no mock for the state 'Right'"), "{cause}");
}

#[tokio::test]
async fn assertions_say_what_differs() {
    let run = through().await;
    let text = complaint(|| drop(run.assert_output(json!({"items": [1, "first", 9], "more": null})).path()));
    assert_eq!(
        text,
        "the execution is not as expected\n  output.items[2]: expected 9, found 8\n  output.items[3]: expected nothing, \
         found 4\n  output.more: expected null, found nothing\n  it went through Prepare, Each, Done"
    );
    let text = complaint(|| drop(run.assert_error("Nope").path()));
    assert!(text.contains("status: expected \"FAILED\", found \"SUCCEEDED\""), "{text}");
    let text = complaint(|| drop(machine::test().mock("Rigt", Err::<Value, _>(TaskError::named("E")))));
    assert!(text.starts_with("the machine has no state `Rigt`; it has `Prepare`, "), "{text}");
}

#[tokio::test]
async fn a_case_of_a_file_is_run_and_compared() {
    let case = json!({
        "input": {"items": [2, 3, 4]},
        "mocks": {
            "Right": {"0": {"error": "Flaky"}, "1-2": {"result": 1}},
            "Double": [
                {"when": 4, "result": "four"},
                {"result": "two", "after": 1.5}
            ]
        },
        "expect": {
            "output": {"items": ["two", 3, "four"]},
            "path": ["Prepare", {"Each": [["Even?", "Double"], ["Even?", "Odd"], ["Even?", "Double"]]}, "Done"],
            "sent": {"Double": [2, 4]},
            "retries": {"Prepare": 1},
            "seconds": 4.5
        }
    });
    let (run, differences) =
        Case::from_json(&case.clone().into()).unwrap().run::<machine::Machine>().await.unwrap();
    assert_eq!(differences, []);
    assert!(run.coverage().to_json().get("states").is_some());
    let mut wrong = case;
    wrong["expect"] =
        json!({"error": "Flaky", "path": ["Prepare", "Done"], "sent": {"Right": []}, "includes": {"x": 1}});
    let (_, differences) = Case::from_json(&wrong.into()).unwrap().run::<machine::Machine>().await.unwrap();
    let places: Vec<_> = differences.iter().map(|difference| difference.place.as_str()).collect();
    assert_eq!(
        places,
        ["status", "output.x", "error", "path[1]", "path[2]", "sent.Right[0]", "sent.Right[1]"]
    );
}

#[tokio::test]
async fn a_case_that_makes_no_sense_is_refused() {
    for (case, reason) in [
        (json!(1), "`case` is not a valid object"),
        (json!({"mocks": {"Nowhere": {"result": 1}}}), "the machine has no state `Nowhere`"),
        (json!({"mocks": {"Right": {"rsult": 1}}}), "`mocks.Right` is not a valid answer"),
        (json!({"expect": {"path": [1]}}), "`path` is not a valid list of states"),
        (json!({"start": "yesterday"}), "`start` is not a valid timestamp"),
    ] {
        let error = match Case::from_json(&case.into()) {
            Ok(case) => case.run::<machine::Machine>().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.to_string().starts_with(reason), "{error}");
    }
}
