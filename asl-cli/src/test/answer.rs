use asl_runtime::test::{Case, CaseError, Difference, Step, TestRun};

type Entry = fn(Case) -> asl_runtime::BoxFuture<'static, Result<(TestRun, Vec<Difference>), CaseError>>;

/// Runs a case.
fn answer(run: &Entry, request: &Value) -> Object {
    let start = std::time::Instant::now();
    let outcome = Case::from_json(request.get("case").expect("a case")).and_then(|case| wait_for(run(case)));
    let mut answer = Object::new();
    match outcome {
        Ok((run, differences)) => {
            ended(&mut answer, run.result());
            answer.insert("path", list(run.steps(), Step::to_json));
            answer.insert("differences", list(&differences, difference));
            answer.insert("coverage", run.coverage().to_json());
        }
        Err(error) => {
            answer.insert("fault", error.to_string());
        }
    }
    answer.insert("milliseconds", start.elapsed().as_secs_f64() * 1000.0);
    answer
}

fn difference(difference: &Difference) -> Value {
    let mut object = Object::new();
    object.insert("place", difference.place.as_str());
    object.extend(difference.expected.clone().map(|value| ("expected", value)));
    object.extend(difference.found.clone().map(|value| ("found", value)));
    object.into()
}
