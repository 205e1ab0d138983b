//! Adds a time limit to credentials.

use azure_core::Error;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::ErrorKind;
use berth_arm::{Credential, CredentialTimedOut};
use std::sync::Arc;
use std::time::Duration;

/// A credential with a time limit on each token.
#[derive(Debug)]
pub(crate) struct Limited {
    inner: Credential,
    name: &'static str,
    limit: Duration,
    kind: ErrorKind,
}

impl Limited {
    /// Limits a credential that uses the network.
    pub(crate) fn over_network(name: &'static str, inner: Credential, limit: Duration) -> Credential {
        Arc::new(Self {
            inner,
            name,
            limit,
            kind: ErrorKind::Connection,
        })
    }

    /// Limits a credential that runs a program.
    pub(crate) fn by_program(name: &'static str, inner: Credential, limit: Duration) -> Credential {
        Arc::new(Self {
            inner,
            name,
            limit,
            kind: ErrorKind::Credential,
        })
    }
}

#[async_trait::async_trait]
impl TokenCredential for Limited {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let asked = tokio::time::timeout(self.limit, self.inner.get_token(scopes, options));
        asked.await.unwrap_or_else(|_| {
            let late = CredentialTimedOut {
                credential: self.name,
                seconds: self.limit.as_secs(),
            };
            Err(Error::new(self.kind.clone(), late))
        })
    }
}
