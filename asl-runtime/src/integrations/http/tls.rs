//! Whom all requests trust.
//!
//! In: the certificates of the system, and those given. Out: how clients speak TLS. Never checks less than the whole certificate of a
//! server, and never makes another part of the program use the same provider.

use crate::integrations::request_error::RequestError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::{Arc, OnceLock};

/// Trusts the certificates of the system and those given.
pub(in crate::integrations) fn tls_config(
    root_certificates: &[String],
) -> Result<ClientConfig, RequestError> {
    let mut roots = of_the_system().clone();
    for pem in root_certificates {
        let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).peekable();
        if certificates.peek().is_none() {
            return Err(unusable("A root certificate of the HTTP integration holds no certificate."));
        }
        for certificate in certificates {
            let added = certificate
                .map_err(|error| error.to_string())
                .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
            added.map_err(|error| {
                unusable(format!("A root certificate of the HTTP integration cannot be used: {error}"))
            })?;
        }
    }
    trusting(roots)
}

/// Trusts these certificates and no others, those of the system neither.
#[cfg(feature = "signed-requests")]
#[cfg_attr(not(feature = "clients"), allow(dead_code, reason = "some clients have authorities of their own"))]
pub(in crate::integrations) fn tls_config_of(pem: &[u8]) -> Result<ClientConfig, RequestError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() { Err(unusable("there is no certificate in it")) } else { trusting(roots) }
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, RequestError> {
    // The provider is given here, so that no other part of the program is made to use it.
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(roots).with_no_client_auth())
        .map_err(|error| unusable(format!("TLS cannot be set up: {error}")))
}

fn unusable(why: impl Into<String>) -> RequestError {
    RequestError::Tls(why.into())
}

/// The certificates of the system, which are read once: there are hundreds, and several clients.
fn of_the_system() -> &'static RootCertStore {
    static OF_THE_SYSTEM: OnceLock<RootCertStore> = OnceLock::new();
    OF_THE_SYSTEM.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        // A system without certificates is not an error: requests without TLS need none, and others are then refused.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    })
}
