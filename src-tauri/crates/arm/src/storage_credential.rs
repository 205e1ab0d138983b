//! An account's credential that gives tokens for Blob Storage only.

use crate::Credential;
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};

/// Scope of Blob Storage (learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory).
const SCOPE: &str = "https://storage.azure.com/.default";

#[derive(Debug)]
pub(crate) struct StorageCredential(pub(crate) Credential);

#[async_trait]
impl TokenCredential for StorageCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        if scopes != [SCOPE] {
            return Err(Error::with_message(
                ErrorKind::Credential,
                "this credential is for Blob Storage only",
            ));
        }
        self.0.get_token(scopes, options).await
    }
}
