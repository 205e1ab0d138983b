//! A container of Blob Storage, and how it may be used.

use crate::UploadError;
use crate::client::Client;
use berth_arm::Credential;
use berth_arm::cloud::Cloud;
use berth_http::host_of;
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use url::Url;

/// What allows an upload.
#[derive(Clone)]
pub enum Access {
    /// A shared access signature: the query of an address, without `?`.
    Sas(SecretString),
    /// An account with a data role.
    Entra(Credential),
}

/// A container to which files can be uploaded. `Debug` shows its address only.
pub struct Container {
    /// Without query.
    url: Url,
    sas: Option<SecretString>,
    pub(crate) client: Client,
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Container").field(&self.address()).finish()
    }
}

impl Container {
    /// A container at an address without a signature.
    ///
    /// # Errors
    /// [`UploadError::Elsewhere`] if the address is not one of Blob Storage in the cloud, [`UploadError::Azure`] if the
    /// client cannot be set up.
    pub fn new(cloud: &Cloud, address: &str, access: Access) -> Result<Self, UploadError> {
        let mut url = parse(address)?;
        url.set_query(None);
        url.set_fragment(None);
        let named = url
            .path_segments()
            .is_some_and(|mut parts| parts.any(|part| !part.is_empty()));
        if !named || !cloud.is_blob_storage(&url) {
            return Err(UploadError::Elsewhere { host: host_of(&url) });
        }
        let (sas, credential) = match access {
            Access::Sas(sas) => (Some(sas), None),
            Access::Entra(credential) => (None, Some(credential)),
        };
        let client = Client::new(cloud, &url, credential)?;
        Ok(Self { url, sas, client })
    }

    /// A container at an address with its signature, as `startPendingUpload` returns it.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn signed(cloud: &Cloud, sas_uri: &SecretString) -> Result<Self, UploadError> {
        let (address, sas) = sas_uri.expose_secret().split_once('?').unwrap_or_default();
        Self::new(cloud, address, Access::Sas(sas.to_owned().into()))
    }

    /// The address, without a signature.
    pub fn address(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Host of the storage account.
    pub fn host(&self) -> String {
        host_of(&self.url)
    }

    /// The address of a blob, with the signature.
    pub(crate) fn blob(&self, name: &str) -> Url {
        let mut url = self.url.clone();
        // Never fails: the address has been sent to storage of a cloud, so it is one of http.
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(name.split('/'));
        }
        url.set_query(self.sas.as_ref().map(|sas| sas.expose_secret()));
        url
    }
}

pub(crate) fn parse(address: &str) -> Result<Url, UploadError> {
    address
        .parse()
        .map_err(|_| UploadError::Elsewhere { host: String::new() })
}
