//! `docs/durable.md`

use super::charge;
use asl_durable::Durable;
use asl_runtime::{Value, asl_machine};

asl_machine!("order.asl.json");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let host = Durable::open("data")?
        .with(|host| host.resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", charge))
        .machine::<order::Machine>();
    let resumed = host.resume().await?;
    println!("{} executions go on, {:?} after the start", resumed.running, resumed.took);
    println!("{}", order::run(&host, Value::empty_object()).await?);
    Ok(())
}

#[test]
fn the_program_keeps_its_execution() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("durable");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::env::set_current_dir(&folder).expect("a folder");
    main().expect("an execution");
    assert!(folder.join("data/journal.sqlite").is_file());
}
