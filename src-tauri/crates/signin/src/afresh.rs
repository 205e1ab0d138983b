//! Bypasses the token cache of `azure_identity`, which returns a token until shortly before it expires even when Azure
//! no longer accepts it. `berth-arm` caches tokens itself and asks for a new one only when the old one was rejected.

use crate::SignInError;
use crate::limited::Limited;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use berth_arm::Credential;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Limit on a credential that uses the network, including its retries.
const LIMIT: Duration = Duration::from_secs(60);

/// Creates a new credential for each token.
pub(crate) struct Afresh<F> {
    kind: &'static str,
    make: F,
}

impl<F> Afresh<F>
where
    F: Fn() -> azure_core::Result<Credential> + Send + Sync + 'static,
{
    /// Wraps a function that makes a credential, after trying it.
    ///
    /// # Errors
    /// [`SignInError::Unusable`].
    pub(crate) fn credential(kind: &'static str, make: F) -> Result<Credential, SignInError> {
        make().map_err(|source| SignInError::Unusable { kind, source })?;
        Ok(Limited::over_network(kind, Arc::new(Self { kind, make }), LIMIT))
    }
}

impl<F> fmt::Debug for Afresh<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Afresh")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
impl<F> TokenCredential for Afresh<F>
where
    F: Fn() -> azure_core::Result<Credential> + Send + Sync + 'static,
{
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        (self.make)()?.get_token(scopes, options).await
    }
}
