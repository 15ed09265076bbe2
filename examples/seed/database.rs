//! A DynamoDB server inside this program.
//!
//! In: where the data is kept. Out: an address of the DynamoDB API on the loopback interface, with the workflow's table.

use dynoxide::Database;
use serde_json::json;
use std::error::Error;
use tokio::net::TcpListener;

const TABLE: &str = "TabelaResultados";

/// Serves until the program ends, on a port that is free, and returns the address. The data is kept in the file, or in memory.
pub(crate) async fn serve(file: Option<&str>) -> Result<String, Box<dyn Error>> {
    let database = open(file)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()));
    Ok(url)
}

fn open(file: Option<&str>) -> Result<Database, Box<dyn Error>> {
    let opened = match file {
        Some(file) => {
            Database::new(file).map_err(|error| format!("cannot open the database {file}: {error}"))?
        }
        None => Database::memory()?,
    };
    if opened.get_table_metadata(TABLE)?.is_none() {
        let table = json!({
            "TableName": TABLE,
            "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        });
        opened.create_table(serde_json::from_value(table)?)?;
    }
    Ok(opened)
}
