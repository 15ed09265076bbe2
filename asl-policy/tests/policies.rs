//! Every definition in `tests/definitions` with its policy in each form, and who needs what, beside it.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use asl_policy::{Form, MachinePlace, Policy, Settings, policy, print_trust};

fn policy_of(text: &str) -> Policy {
    let source = SourceFile::new("machine.asl.json", text);
    let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
    policy(&definition, Settings::default())
}

#[test]
fn policies_of_definitions() {
    insta::glob!("definitions/*.asl.json", |path| {
        let policy = policy_of(&std::fs::read_to_string(path).unwrap());
        let open = MachinePlace::default();
        let json = policy.print(Form::Json, &open);
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
        let why: Vec<_> = policy
            .needs
            .iter()
            .filter_map(|need| Some(format!("# {}: {}\n", need.state, need.wide?)))
            .collect();
        let forms = [Form::Sam, Form::Terraform, Form::Cdk, Form::Plain];
        let others = forms.map(|form| policy.print(form, &open));
        let text: Vec<_> = [why.concat(), json].into_iter().chain(others).collect();
        insta::assert_snapshot!(text.join("\n"));
    });
}

#[test]
fn what_is_known_of_the_place_is_filled_in() {
    let place = MachinePlace {
        partition: Some("aws-cn".to_owned()),
        region: Some("cn-north-1".to_owned()),
        account: Some("123456789012".to_owned()),
        name: Some("Orders".to_owned()),
    };
    for form in [Form::Json, Form::Sam, Form::Terraform, Form::Cdk, Form::Plain] {
        let text = print_trust(form, &place);
        assert!(text.contains("arn:aws-cn:states:cn-north-1:123456789012:stateMachine:Orders"), "{text}");
        assert!(text.contains("aws:SourceAccount"), "{text}");
    }
}

#[test]
fn logging_and_tracing_are_allowed_where_they_are_on() {
    let source = SourceFile::new("m", r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#);
    let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
    assert!(policy(&definition, Settings::default()).statements.is_empty());
    let both = policy(&definition, Settings { logging: true, tracing: true });
    let actions: Vec<_> = both.statements.iter().flat_map(|statement| &statement.actions).collect();
    assert!(actions.iter().any(|action| *action == "logs:CreateLogDelivery"));
    assert!(actions.iter().any(|action| *action == "xray:PutTraceSegments"));
}
