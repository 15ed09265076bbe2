//! `docs/server.md` and `docs/console.md`

use super::charge;
use asl_runtime::{BoxFuture, Compiled, InMemory, Machine, asl_machine};
use asl_server::{Compile, Server};
use serde_json::json;
use std::future::ready;
use std::sync::Arc;
use tokio::net::TcpListener;

asl_machine!("order.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

struct Machines;

impl Compile for Machines {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let machine: Result<Arc<dyn Machine>, String> = match definition {
            include_str!("order.asl.json") => Ok(Arc::new(Compiled::of::<order::Machine>())),
            _ => Err("this program has no such machine".into()),
        };
        Box::pin(ready(machine))
    }
}

#[tokio::test]
async fn a_program_serves_its_machines() -> Result<(), Box<dyn std::error::Error>> {
    let host = InMemory::new().resource(CHARGE, charge);
    let data = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("server");
    let _ = std::fs::remove_dir_all(&data);
    let request = json!({
        "name": "order",
        "definition": include_str!("order.asl.json"),
        "roleArn": "arn:aws:iam::123456789012:role/order",
    });
    let stop = ready(());

    let server = Server::builder(Machines, &host).data(data).build()?;
    let (unended, _) = server.resume().await?;
    println!("{unended} executions go on");
    server.call("CreateStateMachine", request).await?;
    server.serve(TcpListener::bind("127.0.0.1:0").await?, stop).await?;
    Ok(())
}

/// Compiled and not called: it does not end.
async fn pages(stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Box<dyn std::error::Error>> {
    let server =
        Server::builder(Machines, &InMemory::new()).console(asl_server::console().read_only()).build()?;
    server.serve(TcpListener::bind("127.0.0.1:8083").await?, stop).await?;
    Ok(())
}
