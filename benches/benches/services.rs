//! What a task that calls a service costs beside the same client by hand: an HTTP API through reqwest, and DynamoDB through its SDK.
//!
//! A server in another thread answers at once. What counts is the processor time of the thread that calls, since most of what passes is time of the
//! server and of the system's sockets; both sides take turns.

#![expect(clippy::indexing_slicing, reason = "a field that is not there is null, and there are two sides")]

use asl_benches::{Bench, note, print, verdict};
use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::integrations::http::{Connection, HttpInvoke, Secret};
use asl_runtime::{InMemory, Value};
use aws_sdk_dynamodb::Client as Dynamo;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use serde_json::{Value as Json, json};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::{fs, thread};
use tokio::runtime::{Builder, Runtime};

#[allow(dead_code, reason = "this program runs some of the machines")]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How many times as much as by hand a task may cost.
const TARGET: f64 = 1.1;
/// So many calls a side are one round.
const CALLS: u32 = 20;

fn main() -> Outcome<ExitCode> {
    let bench = Bench::from_args()?;
    if on_processor().is_none() {
        print("services: skipped, because this system does not say how much processor time a thread has had");
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if bench.wants("HTTP task") {
        http(&bench, &runtime)?;
    }
    if bench.wants("DynamoDB putItem") {
        dynamodb(&bench, &runtime)?;
    }
    Ok(bench.finish())
}

fn http(bench: &Bench, runtime: &Runtime) -> Outcome<()> {
    const ANSWER: &str =
        r#"{"total":1250,"currency":"EUR","lines":[{"sku":"hat","price":250},{"sku":"coat","price":1000}]}"#;
    let url = serve("application/json", ANSWER)?;
    let connection = Connection::api_key("X-Api-Key", Secret::from("a key"));
    let host = InMemory::new().integration(HttpInvoke::new().connection("shop", connection));
    let input = Value::from(json!({ "url": url, "order": "A-1001", "lines": 2 }));
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(no_certificates()?)
        .no_proxy()
        .http1_only()
        .tcp_nodelay(true)
        .build()?;
    let document = json!({ "url": url, "order": "A-1001", "lines": 2 });
    compare(
        bench,
        runtime,
        "HTTP task",
        async || {
            let output = machines::call::run(&host, input.clone()).await?;
            Ok(output.get("total").and_then(Value::as_i64))
        },
        async || {
            let body = json!({ "order": document["order"], "lines": document["lines"] });
            let address = document["url"].as_str().ok_or("no address")?;
            let request = client.post(address).header("X-Api-Key", "a key");
            let request = request.header("Content-Type", "application/json").body(body.to_string());
            let answer = request.send().await?.error_for_status()?.bytes().await?;
            let answer: Json = serde_json::from_slice(&answer)?;
            Ok(answer["total"].as_i64())
        },
    )
}

fn dynamodb(bench: &Bench, runtime: &Runtime) -> Outcome<()> {
    let url = serve("application/x-amz-json-1.0", "{}")?;
    let host = InMemory::new().integration(DynamoDb::with_endpoint(&url, "us-east-1", "key", "secret"));
    let input = Value::from(json!({ "order": "A-1001", "lines": 2 }));
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http.build_https())
        .endpoint_url(&url)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "bench"))
        .retry_config(RetryConfig::disabled());
    let client = Dynamo::from_conf(config.build());
    let document = json!({ "order": "A-1001", "lines": 2 });
    compare(
        bench,
        runtime,
        "DynamoDB putItem",
        async || {
            let output = machines::store::run(&host, input.clone()).await?;
            Ok(output.get("lines").and_then(Value::as_i64))
        },
        async || {
            let order = document["order"].as_str().ok_or("no order")?.to_owned();
            client
                .put_item()
                .table_name("orders")
                .item("id", AttributeValue::S(order))
                .item("lines", AttributeValue::N(document["lines"].to_string()))
                .item("paid", AttributeValue::Bool(true))
                .send()
                .await?;
            Ok(document["lines"].as_i64())
        },
    )
}

/// Runs both sides in turns, and tells what a call costs.
fn compare(
    bench: &Bench,
    runtime: &Runtime,
    name: &str,
    ours: impl AsyncFn() -> Outcome<Option<i64>>,
    by_hand: impl AsyncFn() -> Outcome<Option<i64>>,
) -> Outcome<()> {
    let (one, other) = (runtime.block_on(ours())?, runtime.block_on(by_hand())?);
    if one != other || one.is_none() {
        return Err(format!("{name}: the machine comes to {one:?}, by hand it is {other:?}").into());
    }
    let rounds = if bench.quick { 3 } else { 101 };
    let mut costs = [const { Vec::new() }; 2];
    for _ in 0..rounds {
        let [machine, hand] = &mut costs;
        machine.push(cost(runtime, &ours)?);
        hand.push(cost(runtime, &by_hand)?);
    }
    let mut ratios: Vec<_> = costs[0].iter().zip(&costs[1]).map(|(ours, by_hand)| ours / by_hand).collect();
    ratios.sort_by(f64::total_cmp);
    costs.iter_mut().for_each(|costs| costs.sort_by(f64::total_cmp));
    let middle = |figures: &[f64]| figures.get(figures.len() / 2).copied().unwrap_or_default();
    let at = |percent: usize| ratios.get(ratios.len() * percent / 100).copied().unwrap_or_default();
    let (ours, by_hand, ratio) = (middle(&costs[0]), middle(&costs[1]), middle(&ratios));
    let (least, most) = (at(5), at(95));
    print(&format!(
        "{name:<40} ours {:>7.1} us  by hand {:>7.1} us  a task, ratio {ratio:.2} ({least:.2}..{most:.2}){}",
        ours / 1e3,
        by_hand / 1e3,
        verdict(ratio, Some(TARGET), "")
    ));
    bench.judge(ratio, Some(TARGET));
    let [ours, by_hand] = [ours, by_hand].map(|cost| format!("{cost:.0}"));
    let [ratio, least, most] = [ratio, least, most].map(|ratio| format!("{ratio:.2}"));
    note(&["ratio", name, "task", &ours, "by hand", &by_hand, &ratio, &least, &most, &TARGET.to_string()]);
    Ok(())
}

/// The nanoseconds of a processor that a call takes.
fn cost(runtime: &Runtime, call: &impl AsyncFn() -> Outcome<Option<i64>>) -> Outcome<f64> {
    runtime.block_on(async {
        let before = on_processor().unwrap_or_default();
        for _ in 0..CALLS {
            call().await?;
        }
        Ok((on_processor().unwrap_or_default() - before) / f64::from(CALLS))
    })
}

/// The nanoseconds that this thread has been on a processor.
fn on_processor() -> Option<f64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

/// TLS that is not used: reqwest has to be told of some.
fn no_certificates() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = rustls::crypto::ring::default_provider().into();
    let builder =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

/// A server that has one answer to everything: its address.
fn serve(content_type: &str, body: &'static str) -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/orders", listener.local_addr()?);
    let length = body.len();
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            // A connection that breaks has no more requests.
            thread::spawn(move || drop(answer_all(stream, &answer)));
        }
    });
    Ok(url)
}

fn answer_all(stream: TcpStream, answer: &str) -> Outcome<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream.try_clone()?), stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse()?;
                }
                Some(_) => {}
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        reader.read_exact(&mut vec![0; length])?;
        writer.write_all(answer.as_bytes())?;
    }
}
