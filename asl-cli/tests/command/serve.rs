//! `asl serve` from outside: a server that clients take for AWS Step Functions.

use crate::support::{asl, command, folder, stderr, write};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const GREET: &str = r#"{
  "StartAt": "Greet",
  "States": {
    "Greet": { "Type": "Pass", "Parameters": { "text.$": "States.Format('hello {}', $.name)" }, "End": true }
  }
}"#;

/// A server, which ends with the test.
struct Server {
    process: Child,
    endpoint: String,
}

impl Server {
    /// Starts a server for a folder, and reads where it is.
    fn start(folder: &Path) -> Self {
        let mut process = command(folder, &["serve", ".", "--port", "0"])
            .env("AWS_ACCESS_KEY_ID", "any")
            .env("AWS_SECRET_ACCESS_KEY", "any")
            .env_remove("AWS_REGION")
            .stdout(Stdio::piped())
            .spawn()
            .expect("asl serve");
        let mut lines = BufReader::new(process.stdout.take().expect("an output")).lines();
        let line = lines.next().expect("a line").expect("text");
        let endpoint = line.rsplit(' ').next().expect("an endpoint").to_owned();
        Self { process, endpoint }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "it is said why nothing was tested")]
fn boto3_takes_it_for_step_functions() {
    let folder = folder(module_path!(), "boto3_takes_it_for_step_functions");
    write(&folder, "greet.asl.json", GREET);
    write(&folder, "client.py", include_str!("serve/client.py"));
    let server = Server::start(&folder);
    assert!(server.endpoint.starts_with("http://127.0.0.1:"), "{}", server.endpoint);
    let script = folder.join("client.py");
    let Ok(output) = Command::new("python3").arg(script).arg(&server.endpoint).output() else {
        eprintln!("skipped: there is no `python3`");
        return;
    };
    if output.status.code() == Some(77) {
        eprintln!("skipped: Python has no boto3 (`pip install boto3`)");
        return;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_address_that_others_reach_has_to_be_meant() {
    let folder = folder(module_path!(), "an_address_that_others_reach_has_to_be_meant");
    let output = asl(&folder, &["serve", "--address", "0.0.0.0", "--port", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--no-auth"), "{}", stderr(&output));
}
