//! `asl serve`: the API of AWS Step Functions, over the definitions of a folder and those that clients bring.
//!
//! In: a folder, an address. Out: a server, until Ctrl-C. Machines are compiled into workers; what their tasks ask for, this process does.

mod access;
mod bench;
mod cluster;
mod compile;
mod console;
mod load;
mod mocks;
mod stop;
mod storage;
mod watch;

use crate::answer::{Answers, Format, Outcome, print};
use crate::program::{Finding, Need, RuntimeArgument, needs};
use crate::settings::SettingsArguments;
use access::AccessArguments;
use asl_runtime::monitoring::metrics::{Metrics, Prometheus};
use asl_runtime::{Identity, Limits};
use asl_server::{Keys, Resumed, Server};
use bench::Workbench;
use clap::Args;
use cluster::ClusterArguments;
use compile::Compiler;
use console::ConsoleArguments;
use load::Loader;
use mocks::Cases;
use std::net::SocketAddr;
use std::path::PathBuf;
use storage::Storage;
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
\x20 asl serve --restate http://127.0.0.1:8080 --restate-admin http://127.0.0.1:9070\n\
\x20 AWS_ENDPOINT_URL_SFN=http://127.0.0.1:8083 aws stepfunctions list-state-machines")]
pub(crate) struct Arguments {
    /// The folder of the definitions
    folder: Option<PathBuf>,

    /// The port; 0 is any that is free
    #[arg(long, default_value_t = 8083)]
    port: u16,

    #[command(flatten)]
    access: AccessArguments,

    #[command(flatten)]
    console: ConsoleArguments,

    /// Write the logs of machines with a logging configuration to this folder, as CloudWatch Logs has them
    #[arg(long, value_name = "FOLDER")]
    logs: Option<PathBuf>,

    /// The AWS Region in ARNs
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    region: String,

    /// The account in ARNs
    #[arg(long, default_value = "000000000000")]
    account: String,

    /// Test cases, whose mocks answer tasks of executions that are started by `ARN#TestCase`: a mock configuration of Step Functions Local, or a
    /// test file; may be repeated
    #[arg(long, value_name = "FILE")]
    mock: Vec<PathBuf>,

    /// The memory that the process of a machine may have, in MiB, what it has only reserved included: taking more ends it
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1536..=1 << 32))]
    machine_memory: u64,

    #[command(flatten)]
    settings: SettingsArguments,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    cluster: ClusterArguments,

    #[command(flatten)]
    runtime: RuntimeArgument,
}

impl Answers for Arguments {
    fn answer(&self) -> Result<Outcome, String> {
        let keys = self.access.keys()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|error| format!("tokio cannot be started: {error}"))?.block_on(self.serve(keys))?;
        Ok(Outcome::Fine)
    }
}

impl Arguments {
    async fn serve(&self, keys: Keys) -> Result<(), String> {
        let listener = TcpListener::bind(SocketAddr::new(self.access.address, self.port)).await;
        let listener = listener.map_err(|error| format!("port {} cannot be used: {error}", self.port))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let host = self.settings.settings()?.host(|_| true).await.map_err(|error| error.to_string())?;
        let cluster = self.cluster.cluster(self.format()).await?;
        let identity = cluster.as_ref().map_or_else(|| self.identity(), |(_, identity)| identity.clone());
        let role = identity.role_arn.to_string();
        let prometheus = Prometheus::default();
        // Nothing else in this process sets one.
        let _ = metrics::set_global_recorder(prometheus.clone());
        let host = host.identity(identity).limits(Limits::aws()).observe(Metrics::default());
        let memory = self.machine_memory << 20;
        let bench = Workbench::new(self.runtime.clone(), memory, host.clone());
        let mut server = Server::builder(Compiler::new(self.runtime.clone(), memory), &host)
            .bench(bench)
            .keys(keys)
            .metrics(move || prometheus.render());
        if let Some(folder) = &self.logs {
            server = server.logs(folder);
        }
        if let Some(cases) = Cases::read(&self.mock, self.format())? {
            server = server.test_cases(cases);
        }
        if let Some(console) = self.console.options() {
            server = server.console(console);
        }
        let compiles = cluster.is_none();
        let kept = match cluster {
            Some((cluster, _)) => {
                server = server.cluster(cluster);
                String::from("on a cluster of Restate")
            }
            None => match self.storage.folder(self.folder.as_deref())? {
                Some(folder) => {
                    server = server.data(&folder);
                    format!("in `{}`", folder.display())
                }
                None => String::from("in memory, and end with this process"),
            },
        };
        let server = server.build().map_err(|error| error.to_string())?;
        let (unended, resumed) = server.resume().await.map_err(|error| error.to_string())?;
        if let Some(folder) = &self.folder {
            let mut loader = Loader::new(server.clone(), role, self.format());
            // What changes while the folder is read is read again.
            let seen = watch::look(folder.clone()).await;
            loader.folder(folder).await;
            tokio::spawn(watch::watch(loader, folder.clone(), seen));
        }
        let format = self.format();
        stop::serve(&server, listener, || {
            print(&introduction(address, &kept, self.console.options().is_some()));
            if compiles {
                // It calls other programs, and nothing waits for what they say.
                tokio::task::spawn_blocking(move || tell_missing(format));
            }
            if unended > 0 {
                format.note(&format!("{unended} executions had not ended, and go on"));
                tokio::spawn(async move { tell(format, &resumed.await) });
            }
        })
        .await
    }

    fn identity(&self) -> Identity {
        Identity {
            region: self.region.as_str().into(),
            account: self.account.as_str().into(),
            role_arn: format!("arn:aws:iam::{}:role/local", self.account).into(),
        }
    }
}

/// Why machines cannot be compiled, if they cannot: the first reason, which the others follow from.
fn tell_missing(format: Format) {
    let missing = needs().into_iter().find_map(|Need { finding, .. }| match finding {
        Finding::Missing { reason, help } => Some((reason, help)),
        Finding::There(_) => None,
    });
    if let Some((reason, help)) = missing {
        format.note(&format!("machines cannot be compiled here: {reason}\nhelp: {help}"));
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
fn introduction(address: SocketAddr, kept: &str, has_console: bool) -> String {
    let console = if has_console {
        format!("\n  http://{address}/   shows machines and executions in a browser\n")
    } else {
        String::new()
    };
    format!(
        "the API of AWS Step Functions is at http://{address}

  AWS_ENDPOINT_URL_SFN=http://{address}   for boto3, SDKs and the `aws` command, with any credentials
{console}
Clients put `sync-` before the host of StartSyncExecution and TestState, which does not resolve. Switch that off:
  boto3   Config(inject_host_prefix=False)
  JS      {{ disableHostPrefix: true }}

Machines and executions are kept {kept}. Ctrl-C stops the server.
"
    )
}
