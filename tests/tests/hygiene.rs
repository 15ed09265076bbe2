//! The expansion in programs that make it hard: it compiles without a warning, and runs, whatever is around it.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::all, clippy::pedantic)]
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "a test without a runtime fails")]

use asl_runtime::{InMemory, Value, VirtualClock};

fn host() -> InMemory {
    InMemory::with_clock(VirtualClock::default())
        .resource("arn:aws:lambda:us-east-1:123456789012:function:Double", |input: Value| async move {
            Ok(input.as_i64().unwrap_or_default() * 2)
        })
}

const OUTPUT: &str = r#"[{"kind":"large","number":20},{"kind":"small","number":2}]"#;

/// Nothing is in scope but what the module says.
#[no_implicit_prelude]
mod without_prelude {
    ::asl_runtime::asl_machine!("hygiene/every_state.asl.json");
    ::asl_runtime::asl_machine!("hygiene/every_expression.asl.json");

    #[::core::prelude::v1::test]
    fn runs() {
        super::check(super::block_on(every_state::run(&super::host(), super::input())));
        super::check_expressions(super::block_on(every_expression::run(&super::host(), super::lines())));
    }
}

/// The names that the expansion might use mean something else here.
#[allow(dead_code, non_camel_case_types, reason = "the names are here to be in the way")]
mod shadowed {
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod alloc {}
    pub(crate) mod rt {}
    pub(crate) mod serde {}
    pub(crate) mod asl_runtime {}
    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct String;
    pub(crate) struct Value;
    pub(crate) struct State;
    pub(crate) struct Machine;
    pub(crate) struct u16;
    pub(crate) struct u8;
    pub(crate) trait Into {}
    pub(crate) trait Send {}
    pub(crate) trait Clone {}
    pub(crate) trait Copy {}
    pub(crate) trait Default {}
    pub(crate) const fn run() {}
    pub(crate) const fn start() {}
    macro_rules! matches {
        () => {};
    }
    macro_rules! include_bytes {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }

    ::asl_runtime::asl_machine!("hygiene/every_state.asl.json");
    ::asl_runtime::asl_machine!("hygiene/every_expression.asl.json");

    #[test]
    fn runs() {
        matches!();
        include_bytes!();
        panic!();
        super::check(super::block_on(every_state::run(&super::host(), super::input())));
        super::check_expressions(super::block_on(every_expression::run(&super::host(), super::lines())));
    }
}

/// The runtime is reached by another path.
mod renamed {
    pub(crate) mod vendor {
        pub(crate) use asl_runtime as steps;
    }

    vendor::steps::asl_machine!("hygiene/every_state.asl.json", crate = crate::renamed::vendor::steps);

    #[test]
    fn runs() {
        super::check(super::block_on(every_state::run(&super::host(), super::input())));
    }
}

/// Two machines beside each other, one of them twice.
mod two_machines {
    use asl_runtime::asl_machine;

    asl_machine!("hygiene/every_state.asl.json");
    asl_machine!(mod again = "hygiene/every_state.asl.json");
    asl_machine!(pub(super) mod other = "hygiene/with_byte_order_mark.json",);

    #[test]
    fn run() {
        super::check(super::block_on(every_state::run(&super::host(), super::input())));
        super::check(super::block_on(again::run(&super::host(), super::input())));
        assert_eq!(super::block_on(other::run(&super::host(), 1)), Ok(1.into()));
    }
}

#[test]
fn a_machine_of_a_neighbour_can_be_used() {
    assert_eq!(two_machines::other::State::Done.to_string(), "Done");
}

#[test]
fn a_machine_may_stand_in_a_function() {
    asl_runtime::asl_machine!("hygiene/every_state.asl.json");
    check(block_on(every_state::run(&host(), input())));
}

#[test]
fn a_warning_that_is_switched_off_is_no_warning() {
    asl_runtime::asl_machine!(mod call = "hygiene/warned.asl.json", allow = ["aws-needs-connection"], http_result = "body");
    assert_eq!(call::State::Call.to_string(), "Call");
}

#[test]
fn a_template_may_be_yaml_and_gets_its_values() {
    asl_runtime::asl_machine!(
        "hygiene/template.asl.yaml",
        substitutions = { "var.wait" = 5, Table = "5", Limits = [{ "low": -1.5, "high": null }], },
    );
    let output = block_on(template::run(&host(), Value::Null)).map(|output| output.to_string());
    let expected = r#"{"Table":"5","Kept":"${Stage}","Limits":[{"low":-1.5,"high":null}]}"#;
    assert_eq!(output.as_deref(), Ok(expected));
}

/// A machine that others see.
pub mod public {
    asl_runtime::asl_machine!(pub mod machine = "hygiene/every_state.asl.json", profile = "aws");
}

#[test]
fn a_machine_may_be_public() {
    check(block_on(public::machine::run(&host(), input())));
}

fn input() -> Value {
    Value::from(vec![Value::from(10), Value::from(1)])
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(future)).expect("a runtime")
}

fn check(result: Result<Value, asl_runtime::ExecutionError>) {
    assert_eq!(result.map(|output| output.to_string()).as_deref(), Ok(OUTPUT));
}

fn lines() -> Value {
    let lines = r#"{"lines":[{"name":"a","price":3,"count":1,"tags":["x","y"]},{"name":"b","price":1,"count":2,"tags":["z"]}]}"#;
    Value::from_json(lines).expect("JSON")
}

fn check_expressions(result: Result<Value, asl_runtime::ExecutionError>) {
    let expected = r#"[10,2,120,25,"a1B1"]"#;
    assert_eq!(result.map(|output| output.to_string()).as_deref(), Ok(expected));
}
