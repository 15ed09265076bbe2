//! A cluster of Restate whose machines and executions are served, instead of those of a folder.

use crate::answer::Format;
use asl_restate::cluster::Cluster;
use asl_runtime::Identity;
use clap::Args;

/// Where the cluster is.
#[derive(Debug, Args)]
pub(super) struct ClusterArguments {
    /// Serve the machines that are registered with a cluster of Restate, and their executions there: the address of its ingress
    #[arg(long, value_name = "URL", requires = "restate_admin", conflicts_with_all = ["folder", "data", "memory", "logs", "mock"])]
    restate: Option<String>,

    /// The address of the admin API of the cluster
    #[arg(long, value_name = "URL", requires = "restate")]
    restate_admin: Option<String>,
}

impl ClusterArguments {
    /// The cluster, if there is one, and whose its machines are.
    pub(super) async fn cluster(&self, format: Format) -> Result<Option<(Cluster, Identity)>, String> {
        let (Some(ingress), Some(admin)) = (&self.restate, &self.restate_admin) else { return Ok(None) };
        let cluster = Cluster::at(ingress, admin).map_err(|error| error.to_string())?;
        let machines = cluster.machines().await.map_err(|error| error.to_string())?;
        for build in cluster.silent() {
            format.note(&format!("`{build}` does not say which machine it is: is its process down?"));
        }
        let Some(first) = machines.first() else {
            return Err(String::from(
                "no machine that answers is registered with Restate: register a process that `asl build --host restate` made",
            ));
        };
        let identity = first.identity.clone();
        for other in machines.iter().filter(|machine| machine.identity != identity) {
            let Identity { region, account, role_arn } = &identity;
            let name = &other.name;
            format.note(&format!(
                "`{name}` is not served: its account, Region or role is not {account}, {region} and `{role_arn}`"
            ));
        }
        Ok(Some((cluster, identity)))
    }
}
