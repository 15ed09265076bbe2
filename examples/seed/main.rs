//! The seed workflow: calls an HTTP API and stores its answer in a DynamoDB table.
//!
//! `machine.json` is compiled into this program. What it calls is real: HTTP requests, and the DynamoDB API through the AWS SDK.
//! Without options both ends are servers inside this program, on the loopback interface.

mod api;
mod database;
mod options;
mod stored;

use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::integrations::http::HttpInvoke;
use asl_runtime::{InMemory, Printer, asl_machine};
use clap::Parser;
use options::Options;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use stored::Stored;

asl_machine!("machine.json", http_result = "body", allow = ["aws-needs-connection"]);

/// What the workflow calls.
const API: &str = "https://api.exemplo.com/dados";

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a standard error it cannot be reported.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let printer = Printer::new::<machine::State>().levels(2);
    let http = http(options, &printer).await?;
    let dynamodb = dynamodb(options, &printer).await?;
    let stored = Arc::new(Stored::default());
    let host = InMemory::new()
        .integration(http)
        .integration(dynamodb.clone())
        .observe(printer.clone())
        .observe(Arc::clone(&stored));
    printer.title("execution");
    let output = machine::run_json(&host, &options.input).await?;
    printer.section("output", &output);
    let item = stored.read_back(&dynamodb).await?;
    printer.section("item in TabelaResultados", &item);
    Ok(())
}

/// The API: this program's own, or the one that was asked for.
async fn http(options: &Options, printer: &Printer) -> Result<HttpInvoke, Box<dyn Error>> {
    let url = match &options.api {
        Some(url) => url.clone(),
        None if options.aws => {
            printer.note("API", API);
            return Ok(HttpInvoke::new());
        }
        None => api::serve().await?,
    };
    printer.note("API", &format!("{url} for {API}"));
    Ok(HttpInvoke::new().endpoint_override(API, url))
}

/// The table: this program's own, or that of the AWS account that the environment configures.
async fn dynamodb(options: &Options, printer: &Printer) -> Result<DynamoDb, Box<dyn Error>> {
    if options.aws {
        printer.note("DynamoDB", "as the AWS configuration says");
        return Ok(DynamoDb::from_env().await);
    }
    let url = database::serve(options.database.as_deref()).await?;
    let place = options.database.as_deref().unwrap_or("memory");
    printer.note("DynamoDB", &format!("{url} with its data in {place}"));
    // The server wants a signature, and takes any.
    Ok(DynamoDb::with_endpoint(&url, "us-east-1", "local", "local"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_runtime::{TaskError, Value, VirtualClock};
    use serde_json::json;
    use std::sync::Mutex;

    const INVOKE: &str = "arn:aws:states:::http:invoke";
    const PUT_ITEM: &str = "arn:aws:states:::dynamodb:putItem";

    /// Functions take the place of services, and the clock is at 2024-01-01T00:00:00Z.
    #[tokio::test]
    async fn the_answer_of_the_api_is_stored() {
        let put = Arc::new(Mutex::new(Value::Null));
        let table = Arc::clone(&put);
        let host = InMemory::with_clock(VirtualClock::default())
            .resource(INVOKE, |_| async {
                Ok(json!({"StatusCode": 200, "ResponseBody": {"id": "42", "nome": "Ana"}}))
            })
            .resource(PUT_ITEM, move |parameters| {
                *table.lock().unwrap() = parameters;
                async { Ok(json!({})) }
            });
        machine::run_json(&host, include_str!("input.json")).await.unwrap();
        let expected = json!({
            "TableName": "TabelaResultados",
            "Item": {"Id": {"S": "42"}, "Nome": {"S": "Ana"}, "Timestamp": {"S": "2024-01-01T00:00:00.000Z"}},
        });
        assert_eq!(*put.lock().unwrap(), Value::from(expected));
    }

    #[tokio::test]
    async fn nothing_is_stored_when_the_api_fails() {
        let host = InMemory::with_clock(VirtualClock::default())
            .resource(INVOKE, |_| async { Err::<Value, _>(TaskError::named("States.Http.StatusCode.503")) });
        let error = machine::run_json(&host, "{}").await.unwrap_err();
        assert_eq!(error.error(), Some("States.Http.StatusCode.503"));
    }
}
