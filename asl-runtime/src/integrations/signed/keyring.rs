//! Credentials of AWS: asked for when they are needed first, and kept for a while.
//!
//! In: where every AWS SDK looks for them. Out: credentials that have not expired, or what to do about it that there are none. One request
//! at a time asks for them, the others wait for it.

use crate::integrations::request_error::RequestError;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use std::error::Error;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// How long credentials are kept that do not say when they expire: files may have new ones then.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// How long before they expire new ones are asked for.
const EARLY: Duration = Duration::from_secs(60);

/// How long a source of credentials may take.
const PATIENCE: Duration = Duration::from_secs(30);

const NONE: &str = "no AWS credentials were found in the environment (`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`), in the profile \
                    (`AWS_PROFILE`), or from the role of this machine";

/// Credentials that are kept.
pub(super) struct Keyring {
    provider: Option<SharedCredentialsProvider>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    credentials: Credentials,
    until: SystemTime,
}

impl Keyring {
    pub(super) fn new(provider: Option<SharedCredentialsProvider>) -> Self {
        Self { provider, kept: Mutex::default() }
    }

    /// Credentials to sign with now.
    pub(super) async fn current(&self) -> Result<Credentials, RequestError> {
        let provider = self.provider.as_ref().ok_or_else(|| RequestError::NoCredentials(NONE.to_owned()))?;
        let mut kept = self.kept.lock().await;
        let now = SystemTime::now();
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.until) {
            return Ok(kept.credentials.clone());
        }
        let provided = tokio::time::timeout(PATIENCE, provider.provide_credentials()).await;
        let provided = match provided {
            Ok(provided) => provided.map_err(|error| reason(&error)),
            Err(_) => Err(format!("no AWS credentials came within {} seconds", PATIENCE.as_secs())),
        };
        let credentials = provided.map_err(RequestError::NoCredentials)?;
        let until = credentials.expiry().map_or(now + KEPT, |expiry| expiry - EARLY);
        *kept = Some(Kept { credentials: credentials.clone(), until });
        Ok(credentials)
    }
}

/// Why there are none. What else a provider says, a profile that does not exist for example, is in the errors behind its own.
fn reason(error: &CredentialsError) -> String {
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return NONE.to_owned();
    }
    let mut reason = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        reason = format!("{reason}: {error}");
        behind = error.source();
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::provider::future::ProvideCredentials as Provided;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[derive(Clone, Debug)]
    struct Counted {
        asked: Arc<AtomicU32>,
        lifetime: Option<Duration>,
    }

    impl ProvideCredentials for Counted {
        fn provide_credentials<'a>(&'a self) -> Provided<'a>
        where
            Self: 'a,
        {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let expiry = self.lifetime.map(|lifetime| SystemTime::now() + lifetime);
            Provided::ready(Ok(Credentials::new("id", "secret", None, expiry, "test")))
        }
    }

    async fn asked_in_three(lifetime: Option<Duration>) -> u32 {
        let asked = Arc::new(AtomicU32::new(0));
        let provider = Counted { asked: asked.clone(), lifetime };
        let keyring = Keyring::new(Some(SharedCredentialsProvider::new(provider)));
        for _ in 0..3 {
            keyring.current().await.unwrap();
        }
        asked.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn credentials_are_asked_for_again_before_they_expire() {
        assert_eq!(asked_in_three(None).await, 1);
        assert_eq!(asked_in_three(Some(Duration::from_secs(3600))).await, 1);
        assert_eq!(asked_in_three(Some(Duration::from_secs(30))).await, 3);
    }

    #[derive(Debug)]
    struct Silent;

    impl ProvideCredentials for Silent {
        fn provide_credentials<'a>(&'a self) -> Provided<'a>
        where
            Self: 'a,
        {
            Provided::new(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_that_do_not_come_are_not_waited_for() {
        let keyring = Keyring::new(Some(SharedCredentialsProvider::new(Silent)));
        let reason = keyring.current().await.unwrap_err();
        assert_eq!(reason.to_string(), "no AWS credentials came within 30 seconds");
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        let error = CredentialsError::not_loaded("no providers in chain provided credentials");
        assert_eq!(reason(&error), NONE);
        assert_eq!(Keyring::new(None).current().await.unwrap_err().to_string(), NONE);
        let error = CredentialsError::invalid_configuration("the profile `x` is not defined");
        assert!(reason(&error).ends_with(": the profile `x` is not defined"), "{}", reason(&error));
    }
}
