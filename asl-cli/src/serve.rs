//! `asl serve`: the API of AWS Step Functions, over the definitions of a folder and those that clients bring.
//!
//! In: a folder, an address. Out: a server, until Ctrl-C. Machines are compiled into workers; what their tasks ask for, this process does.

mod bench;
mod compile;
mod load;
mod place;

use crate::answer::{Answers, Format, Outcome, print};
use crate::program::RuntimeArgument;
use crate::services;
use asl_runtime::{Identity, Limits};
use asl_server::{Resumed, Server};
use bench::Workbench;
use clap::Args;
use compile::Compiler;
use place::Place;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

/// Serve the API of AWS Step Functions, for boto3, the `aws` command, SDKs and Terraform
///
/// The definitions of the folder are machines from the start, named after their files; clients can make others. Machines and executions are kept
/// in a folder: when the server is started again, everything goes on that had not ended. Tasks are done for real: by the services that the
/// environment names, as with `asl run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl serve\n\
\x20 asl serve workflows --port 8083\n\
\x20 AWS_ENDPOINT_URL_SFN=http://127.0.0.1:8083 aws stepfunctions list-state-machines")]
pub(crate) struct Arguments {
    /// The folder of the definitions
    folder: Option<PathBuf>,

    /// The port; 0 is any that is free
    #[arg(long, default_value_t = 8083)]
    port: u16,

    /// The address to listen at; one that others can reach takes `--no-auth` as well
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,

    /// Let whoever reaches the address do whatever the API can: nobody is asked for a key
    #[arg(long)]
    no_auth: bool,

    /// The AWS Region in ARNs
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    region: String,

    /// The account in ARNs
    #[arg(long, default_value = "000000000000")]
    account: String,

    /// Let a folder stand for a bucket of S3; may be repeated
    #[arg(long, value_name = "NAME=FOLDER", value_parser = bucket)]
    bucket: Vec<(String, PathBuf)>,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    runtime: RuntimeArgument,
}

/// All services that tasks may call.
const SERVICES: [&str; 6] = ["http", "dynamodb", "lambda", "api-gateway", "aws", "s3"];

impl Answers for Arguments {
    fn answer(&self) -> Result<Outcome, String> {
        if !self.address.is_loopback() && !self.no_auth {
            return Err(format!(
                "`{}` can be reached by others, and nobody is asked for a key: say that this is meant with `--no-auth`",
                self.address
            ));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|error| format!("tokio cannot be started: {error}"))?.block_on(self.serve())?;
        Ok(Outcome::Fine)
    }
}

impl Arguments {
    async fn serve(&self) -> Result<(), String> {
        let listener = TcpListener::bind(SocketAddr::new(self.address, self.port)).await;
        let listener = listener.map_err(|error| format!("port {} cannot be used: {error}", self.port))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let host = services::host(&BTreeSet::from(SERVICES), &self.bucket).await;
        let identity = self.identity();
        let role = identity.role_arn.to_string();
        let host = host.identity(identity).limits(Limits::aws());
        let bench = Workbench::new(self.runtime.clone(), host.clone());
        let server = Server::builder(Compiler::new(self.runtime.clone()), &host).bench(bench);
        let data = self.place.folder(self.folder.as_deref())?;
        let server = match &data {
            Some(folder) => server.data(folder),
            None => server,
        };
        let server = server.build().map_err(|error| error.to_string())?;
        let (unended, resumed) = server.resume().await.map_err(|error| error.to_string())?;
        if let Some(folder) = &self.folder {
            for refused in load::folder(&server, folder, &role).await {
                self.format().note(&refused);
            }
        }
        print(&introduction(address, data.as_deref()));
        if unended > 0 {
            let format = self.format();
            format.note(&format!("{unended} executions had not ended, and go on"));
            tokio::spawn(async move { tell(format, &resumed.await) });
        }
        let stop = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // There is nothing to wait for.
                std::future::pending::<()>().await;
            }
        };
        server.serve(listener, stop).await.map_err(|error| format!("the server has failed: {error}"))
    }

    fn identity(&self) -> Identity {
        Identity {
            region: self.region.as_str().into(),
            account: self.account.as_str().into(),
            role_arn: format!("arn:aws:iam::{}:role/local", self.account).into(),
        }
    }
}

/// What has become of executions that had not ended.
fn tell(format: Format, resumed: &Resumed) {
    let Resumed { running, waiting, damaged, took, .. } = resumed;
    format.note(&format!("{running} executions are back after {took:.1?}, of which {waiting} only wait"));
    for reason in damaged {
        format.note(&format!("an execution cannot go on here: {reason}"));
    }
}

/// What clients have to know.
fn introduction(address: SocketAddr, data: Option<&Path>) -> String {
    let kept = match data {
        Some(folder) => format!("in `{}`", folder.display()),
        None => String::from("in memory, and end with this process"),
    };
    format!(
        "the API of AWS Step Functions is at http://{address}

  AWS_ENDPOINT_URL_SFN=http://{address}   for boto3, SDKs and the `aws` command, with any credentials

Clients put `sync-` before the host of StartSyncExecution and TestState, which does not resolve. Switch that off:
  boto3   Config(inject_host_prefix=False)
  JS      {{ disableHostPrefix: true }}

Machines and executions are kept {kept}. Ctrl-C stops the server.
"
    )
}

fn bucket(text: &str) -> Result<(String, PathBuf), String> {
    let (name, folder) = text.split_once('=').ok_or("`NAME=FOLDER` is expected")?;
    Ok((name.to_owned(), PathBuf::from(folder)))
}
