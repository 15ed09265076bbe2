//! The token by which a cluster of EKS knows who asks it: an address of STS with a signature in it, which the cluster opens to learn whose
//! signature it is ("aws-iam-authenticator", "API Authorization from Outside a Cluster").

use super::cluster::ClusterPlace;
use crate::integrations::places::usual_host;
use crate::integrations::request_error::RequestError;
use crate::integrations::signed::{Service, Signature};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;

const PREFIX: &str = "k8s-aws-v1.";

/// The header that makes it a token for one cluster.
const CLUSTER: &str = "x-k8s-aws-id";

/// What authenticators want of it; they accept it for a quarter of an hour all the same.
const LIFETIME: Duration = Duration::from_secs(60);

/// A token for a cluster.
pub(super) async fn of(service: &Service, place: &ClusterPlace) -> Result<String, RequestError> {
    let region = place.region.as_deref().unwrap_or(&service.region);
    let host = usual_host("sts", region, service.variant);
    let address = format!("https://{host}/?Action=GetCallerIdentity&Version=2011-06-15");
    let signature = Signature { service: "sts", region };
    let signed = service.presigned(&address, &[(CLUSTER, place.name.as_str())], signature, LIFETIME).await?;
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(signed)))
}
