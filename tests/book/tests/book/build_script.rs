//! `docs/command-line.md`: a definition that a build script compiles.

include!(concat!(env!("OUT_DIR"), "/machine.rs"));

#[tokio::test]
async fn the_machine_of_the_build_script_runs() {
    let output = machine::run(&asl_runtime::InMemory::new(), serde_json::json!({ "number": 21 })).await;
    assert_eq!(output.expect("an output").to_string(), "42");
}
