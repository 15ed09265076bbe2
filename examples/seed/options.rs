//! The options of the command line.

use clap::Parser;

/// Runs the seed workflow: calls an HTTP API and stores its answer in a DynamoDB table.
#[derive(Debug, Parser)]
#[command(name = "seed")]
pub(crate) struct Options {
    /// Calls this address instead of the small API inside this program
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub(crate) api: Option<String>,
    /// Keeps the table in this file instead of in memory
    #[arg(long, value_name = "FILE", conflicts_with = "aws")]
    pub(crate) database: Option<String>,
    /// Calls the workflow's own address and the DynamoDB that the AWS configuration names (environment, profile or role)
    #[arg(long)]
    pub(crate) aws: bool,
    /// Reads the execution's input from this file
    #[arg(long, value_name = "FILE", value_parser = read_input, default_value = "", hide_default_value = true)]
    pub(crate) input: String,
}

fn parse_url(text: &str) -> Result<String, &'static str> {
    let host = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(text.to_owned()),
        _ => Err("expected an address that starts with http:// or https://"),
    }
}

/// The text of the file; without a name, the input that the workflow came with.
fn read_input(file: &str) -> std::io::Result<String> {
    if file.is_empty() { Ok(include_str!("input.json").to_owned()) } else { std::fs::read_to_string(file) }
}
