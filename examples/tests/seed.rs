//! The seed example as people run it: the program itself, its exit code and what it prints.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use dynoxide::Database;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread;

const TITLE: &str = "item in TabelaResultados\n";

/// The program, without what the machine that it runs on may have configured.
fn seed(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seed"));
    command.args(arguments);
    for name in ["AWS_PROFILE", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_SESSION_TOKEN"] {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    seed(arguments).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The item that was read back.
fn item(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    let (_, item) = stdout(output).split_once(TITLE).unwrap();
    serde_json::from_str(item).unwrap()
}

/// What a run without an item says.
fn failure(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!stdout(output).contains(TITLE));
    std::str::from_utf8(&output.stderr).unwrap()
}

/// An API that answers every request with this; returns its address.
fn api(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                connection.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}");
            write!(connection, "{head}\r\nConnection: close\r\n\r\n{body}").unwrap();
        }
    });
    format!("http://{address}/people/7?full=true")
}

/// A path in a folder that is empty.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn the_item_is_stored_and_read_back() {
    let output = run(&[]);
    let item = item(&output);
    assert_eq!((&item["Id"], &item["Nome"]), (&json!({"S": "42"}), &json!({"S": "Ana"})));
    let text = stdout(&output);
    let stored = format!(r#""Timestamp": {{"S": {}}}"#, item["Timestamp"]["S"]);
    // Among the parameters of the call, and in the item.
    assert_eq!(text.matches(&stored).count(), 2, "{text}");
    assert!(!text.contains('\x1b'), "colour is for terminals");
    let mut rest = text;
    for expected in
        ["→ Task      Chamar", "· calls     http:invoke", "← ", "→ Task      Salvar", "\noutput\n"]
    {
        rest =
            rest.split_once(expected).unwrap_or_else(|| panic!("`{expected}` is missing or late: {text}")).1;
    }
}

#[test]
fn a_database_in_a_file_keeps_what_was_stored() {
    let file = file("seed.db");
    let path = file.to_str().unwrap();
    assert_eq!(item(&run(&["--database", path]))["Id"], json!({"S": "42"}));
    let eva = api("200 OK", r#"{"id": "7", "nome": "Eva"}"#);
    assert_eq!(item(&run(&["--database", path, "--api", &eva]))["Nome"], json!({"S": "Eva"}));
    let database = Database::new(path).unwrap();
    let scan = serde_json::from_value(json!({"TableName": "TabelaResultados"})).unwrap();
    assert_eq!(database.scan(scan).unwrap().count, 2);
}

#[test]
fn a_file_that_is_no_database_is_an_error() {
    let file = file("no-database.db");
    std::fs::write(&file, "dados ".repeat(1000)).unwrap();
    let output = run(&["--database", file.to_str().unwrap()]);
    assert!(failure(&output).starts_with("error: cannot open the database "), "{output:?}");
}

#[test]
fn an_api_that_fails_ends_the_execution() {
    let output = run(&["--api", &api("500 Internal Server Error", "{}")]);
    let message = failure(&output);
    assert!(message.starts_with("error: execution FAILED: States.Http.StatusCode.500"), "{message}");
    assert!(
        stdout(&output).contains("✗ fails     Chamar API Externa     States.Http.StatusCode.500"),
        "{output:?}"
    );
}

#[test]
fn an_api_that_cannot_be_reached_ends_the_execution() {
    // The listener is gone when the program starts.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&["--api", &format!("http://{address}/dados")]);
    assert!(
        failure(&output).starts_with("error: execution FAILED: States.Http.Socket: http://127.0.0.1"),
        "{output:?}"
    );
}

#[test]
fn an_answer_without_the_field_names_state_and_path() {
    let output = run(&["--api", &api("200 OK", r#"{"nome": "Ana"}"#)]);
    let message = failure(&output);
    assert!(message.starts_with("error: execution FAILED: States.Runtime: "), "{message}");
    assert!(message.contains("'Salvar no DynamoDB'") && message.contains("'$.ApiResponse.id'"), "{message}");
}

#[test]
fn the_input_comes_from_a_file() {
    let file = file("input.json");
    std::fs::write(&file, r#"{"requestId": "do arquivo"}"#).unwrap();
    let output = run(&["--input", file.to_str().unwrap()]);
    assert_eq!(item(&output)["Id"], json!({"S": "42"}));
    assert!(stdout(&output).contains(r#"{"requestId": "do arquivo"}"#));
}

#[test]
fn an_input_that_is_no_json_is_an_error_of_the_execution() {
    let file = file("broken.json");
    std::fs::write(&file, "{").unwrap();
    let output = run(&["--input", file.to_str().unwrap()]);
    assert!(failure(&output).starts_with("error: execution FAILED: InvalidExecutionInput: "), "{output:?}");
}

#[test]
fn bad_options_exit_with_2_and_say_how_it_is_used() {
    let no_file = file("no-such-file.json");
    let cases: [(&[&str], &str); 5] = [
        (&["--databse", "x"], "Usage: seed"),
        (&["--aws", "--database", "x"], "Usage: seed"),
        (&["extra"], "Usage: seed"),
        (&["--api", "ftp://example.com"], "expected an address that starts with http:// or https://"),
        (&["--input", no_file.to_str().unwrap()], "No such file"),
    ];
    for (arguments, expected) in cases {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let mut child =
        seed(&[]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

/// A DynamoDB server takes the place of AWS, by the configuration that every AWS SDK reads.
async fn run_with_aws(database: Database) -> Output {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()));
    let mut command = seed(&["--aws", "--api", &api("200 OK", r#"{"id": "7", "nome": "Eva"}"#)]);
    command
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "sa-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn with_aws_the_configured_account_has_the_table() {
    let database = Database::memory().unwrap();
    let table = json!({
        "TableName": "TabelaResultados",
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    database.create_table(serde_json::from_value(table).unwrap()).unwrap();
    let output = run_with_aws(database.clone()).await;
    assert_eq!(item(&output)["Nome"], json!({"S": "Eva"}));
    let scan = serde_json::from_value(json!({"TableName": "TabelaResultados"})).unwrap();
    assert_eq!(database.scan(scan).unwrap().count, 1);
}

#[tokio::test]
async fn with_aws_a_missing_table_is_an_error() {
    let output = run_with_aws(Database::memory().unwrap()).await;
    let message = failure(&output);
    assert!(
        message.starts_with("error: execution FAILED: DynamoDB.ResourceNotFoundException: "),
        "{message}"
    );
}

/// A line without how long a state took.
fn without_duration(line: &str) -> String {
    match line.split_once("← ") {
        Some((before, after)) => format!("{before}← {}", after.chars().skip(10).collect::<String>()),
        None => line.to_owned(),
    }
}

/// The transcript in the README is what the program prints, but for the digits and the durations.
#[test]
fn the_readme_shows_what_the_program_prints() {
    let digits = |text: &str| text.replace(|character: char| character.is_ascii_digit(), "0");
    let (_, transcript) = include_str!("../seed/README.md").split_once("```text\nAPI").unwrap();
    let (transcript, _) = transcript.split_once("```").unwrap();
    let (transcript, text) = (digits(&format!("API{transcript}")), digits(stdout(&run(&[]))));
    let mut lines = text.lines();
    for expected in transcript.lines().filter(|line| !line.trim().starts_with("...")) {
        assert!(
            lines.any(|line| without_duration(line) == without_duration(expected)),
            "`{expected}` is not in, or not in this place of\n{text}"
        );
    }
}
